//! Many comparisons at once.

/// Holm's adjusted p values (Holm 1979): claims at `p <= 0.05` are wrong anywhere among them in at most 5 % of studies.
///
/// Ascending, the i-th of n (from zero) is multiplied by `n - i`; none is smaller than the one before it, nor larger than 1.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let (mut adjusted, mut least) = (vec![0.0; p.len()], 0.0f64);
    for (rank, &i) in order.iter().enumerate() {
        least = least.max((p[i] * (p.len() - rank) as f64).min(1.0));
        adjusted[i] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list};
    use super::*;

    #[test]
    fn it_is_closed_testing() {
        let (found, expected) = (holm(&list("holm", "p")), list("holm", "adjusted"));
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            check(&format!("p {i}"), *found, *expected, 1e-12);
        }
        assert_eq!(holm(&[]), Vec::<f64>::new());
        assert_eq!(holm(&[0.6, 0.9]), [1.0, 1.0]);
    }
}
