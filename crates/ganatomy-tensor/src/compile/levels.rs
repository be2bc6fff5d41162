//! Whether a path leads from one unit of work to another, while units grow: levels keep the search short.

/// A level for each unit, above those of all units that it leads to: a path only descends.
#[derive(Debug)]
pub(super) struct Levels {
    level: Vec<usize>,
    /// In which search each unit was seen last.
    seen: Vec<usize>,
    searches: usize,
}

impl Levels {
    /// So many units that lead nowhere yet.
    pub fn new(n_units: usize) -> Levels {
        Levels { level: vec![0; n_units], seen: vec![0; n_units], searches: 0 }
    }

    /// Puts a unit to which none leads yet above those that it leads to.
    pub fn place(&mut self, unit: usize, to: &[usize]) {
        self.level[unit] = to.iter().map(|&other| self.level[other] + 1).max().unwrap_or(0);
    }

    /// Puts a unit above others that it leads to from now on, and the units that lead to it (`from`) above it.
    pub fn raise(
        &mut self,
        unit: usize,
        to: impl Iterator<Item = usize>,
        from: impl Fn(usize) -> Vec<usize>,
    ) {
        let above = to.filter(|&other| other != unit).map(|other| self.level[other] + 1).max().unwrap_or(0);
        if above <= self.level[unit] {
            return;
        }
        self.level[unit] = above;
        let mut open = vec![unit];
        while let Some(raised) = open.pop() {
            for before in from(raised) {
                if before != raised && self.level[before] <= self.level[raised] {
                    self.level[before] = self.level[raised] + 1;
                    open.push(before);
                }
            }
        }
    }

    /// Does a path lead from one of `open` to `end`? `next` gives the units that a unit leads to.
    pub fn meets(&mut self, mut open: Vec<usize>, end: usize, next: impl Fn(usize) -> Vec<usize>) -> bool {
        self.searches += 1;
        while let Some(unit) = open.pop() {
            if unit == end {
                return true;
            }
            let new = std::mem::replace(&mut self.seen[unit], self.searches) != self.searches;
            if new && self.level[unit] > self.level[end] {
                open.extend(next(unit));
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds edges one by one, and compares each answer with that of a search without levels.
    fn check(n: usize, edges: &[(usize, usize)]) {
        let mut levels = Levels::new(n);
        for upto in 1..=edges.len() {
            let known = &edges[..upto];
            let next = |unit: usize| known.iter().filter(|e| e.0 == unit).map(|e| e.1).collect::<Vec<_>>();
            let from = |unit: usize| known.iter().filter(|e| e.1 == unit).map(|e| e.0).collect::<Vec<_>>();
            let (a, b) = edges[upto - 1];
            levels.raise(a, [b].into_iter(), from);
            for start in 0..n {
                let (mut open, mut reached) = (vec![start], vec![false; n]);
                while let Some(unit) = open.pop() {
                    reached[unit] = true;
                    open.extend(next(unit));
                }
                for (end, reached) in reached.into_iter().enumerate() {
                    assert_eq!(
                        levels.meets(vec![start], end, next),
                        reached,
                        "{start} to {end} of {known:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn paths_are_found_in_whatever_order_edges_come() {
        check(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]);
        check(5, &[(3, 4), (2, 3), (1, 2), (0, 1)]);
        check(6, &[(0, 3), (4, 5), (3, 1), (1, 4), (2, 0), (2, 5)]);
    }
}
