//! Two clouds of dots over each other, drawn so that neither hides the other.

/// One cloud: how large its dots are, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cloud {
    pub(crate) radius: f32,
    pub(crate) n: usize,
}

/// In which order the dots of two clouds are drawn: pairs of (cloud, dot).
///
/// The clouds take turns, so that a crowd shows dots of both on top; what one cloud has more than the other lies below. In
/// each turn the larger dot comes first: where two dots lie on the same place, the smaller one stands in the larger one as
/// in a ring.
pub(crate) fn turns(clouds: [Cloud; 2]) -> Vec<(usize, usize)> {
    let larger = usize::from(clouds[1].radius > clouds[0].radius);
    let n_turns = clouds[0].n.min(clouds[1].n);
    let surplus = |cloud: usize| (n_turns..clouds[cloud].n).map(move |dot| (cloud, dot));
    let turns = (0..n_turns).flat_map(|dot| [(larger, dot), (1 - larger, dot)]);
    surplus(0).chain(surplus(1)).chain(turns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(clouds: [(f32, usize); 2], expected: &[(usize, usize)]) {
        assert_eq!(turns(clouds.map(|(radius, n)| Cloud { radius, n })), expected);
    }

    #[test]
    fn clouds_take_turns_and_the_smaller_dot_lies_on_top() {
        check([(3.0, 2), (2.0, 2)], &[(0, 0), (1, 0), (0, 1), (1, 1)]);
        check([(2.0, 2), (3.0, 2)], &[(1, 0), (0, 0), (1, 1), (0, 1)]);
        check([(3.0, 1), (2.0, 3)], &[(1, 1), (1, 2), (0, 0), (1, 0)]);
        check([(3.0, 0), (2.0, 1)], &[(1, 0)]);
        check([(3.0, 0), (2.0, 0)], &[]);
    }
}
