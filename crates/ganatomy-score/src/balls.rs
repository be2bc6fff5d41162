//! Balls that reach from each item to its k-th neighbour of its own side, and which items of the other side lie in them.

use std::sync::atomic::{AtomicBool, Ordering};

use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::rows::Rows;
use crate::squares::{Line, Squares};

/// How many items of each side lie in balls of the other. An item on the edge of a ball is outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Balls {
    /// Generated items in at least one ball of a real item.
    pub precise: usize,
    /// Real items in at least one ball of a generated item.
    pub recalled: usize,
    /// Pairs of a real item's ball and a generated item in it.
    pub pairs: usize,
    /// Balls of real items with at least one generated item in them.
    pub covered: usize,
}

/// One generated item and what it lies in.
struct Seen {
    n_balls: usize,
}

impl Balls {
    /// Counts with balls up to the k-th neighbour.
    pub fn of(real: Rows<'_>, generated: Rows<'_>, k: usize, cpu: &Cpu) -> Result<Balls, ScoreError> {
        let (reach, own) = (radii(real, k, cpu)?, radii(generated, k, cpu)?);
        let mut all = Squares::new(generated, real, cpu)?;
        let limit: Vec<f32> = reach.iter().map(|r| all.space.scaled(*r) + all.space.doubt).collect();
        let flags = || (0..real.len()).map(|_| AtomicBool::new(false)).collect::<Vec<_>>();
        let (covered, recalled) = (flags(), flags());
        let mut seen: Vec<Seen> = (0..generated.len()).map(|_| Seen { n_balls: 0 }).collect();
        all.sweep(cpu, &mut seen, |all, seen, Line { query, start, squares }| {
            let (doubt, own) = (all.doubt, own[query]);
            let own_limit = all.scaled(own) + doubt;
            let near = squares.iter().zip(&limit[start..]).enumerate();
            for (j, (&square, &limit)) in
                near.filter(|(_, (square, limit))| **square <= own_limit.max(**limit))
            {
                let point = start + j;
                // What is well inside needs no second look.
                let mut known = None;
                let mut inside = |limit: f32, radius: f64| {
                    square <= limit
                        && (square < limit - 2.0 * doubt
                            || *known.get_or_insert_with(|| all.exact(query, point)) < radius)
                };
                if inside(limit, reach[point]) {
                    seen.n_balls += 1;
                    covered[point].store(true, Ordering::Relaxed);
                }
                if inside(own_limit, own) {
                    recalled[point].store(true, Ordering::Relaxed);
                }
            }
        })?;
        let count = |flags: Vec<AtomicBool>| {
            flags.into_iter().filter_map(|flag| flag.into_inner().then_some(())).count()
        };
        Ok(Balls {
            precise: seen.iter().filter(|seen| seen.n_balls > 0).count(),
            pairs: seen.iter().map(|seen| seen.n_balls).sum(),
            recalled: count(recalled),
            covered: count(covered),
        })
    }
}

/// One item's nearest neighbours so far.
struct Pursuit {
    /// The k least squares, in order.
    least: Vec<f32>,
    /// Points that may be among the k nearest, with their squares.
    open: Vec<(f32, usize)>,
}

/// The squared distance of each row to its k-th nearest other row, in double precision.
pub(crate) fn radii(rows: Rows<'_>, k: usize, cpu: &Cpu) -> Result<Vec<f64>, ScoreError> {
    let mut all = Squares::new(rows, rows, cpu)?;
    let mut pursuits: Vec<Pursuit> =
        (0..rows.len()).map(|_| Pursuit { least: vec![f32::INFINITY; k], open: Vec::new() }).collect();
    all.sweep(cpu, &mut pursuits, |all, pursuit, line| pursuit.follow(&line, 2.0 * all.doubt))?;
    let finish = |(query, pursuit): (usize, &Pursuit)| {
        let limit = pursuit.limit(2.0 * all.space.doubt);
        let open = pursuit.open.iter().filter(|(square, _)| *square <= limit);
        let mut exact: Vec<f64> = open.map(|(_, point)| all.space.exact(query, *point)).collect();
        exact.sort_unstable_by(f64::total_cmp);
        exact.get(k - 1).copied().unwrap_or(f64::INFINITY)
    };
    Ok(pursuits.iter().enumerate().map(finish).collect())
}

impl Pursuit {
    fn limit(&self, doubt: f32) -> f32 {
        self.least.last().map_or(f32::INFINITY, |last| last + doubt)
    }

    fn follow(&mut self, line: &Line<'_>, doubt: f32) {
        let mut limit = self.limit(doubt);
        for (j, &square) in line.squares.iter().enumerate() {
            let point = line.start + j;
            if square > limit || point == line.query {
                continue;
            }
            self.open.push((square, point));
            let at = self.least.partition_point(|x| *x <= square);
            if at < self.least.len() {
                self.least[at..].rotate_right(1);
                self.least[at] = square;
                limit = self.limit(doubt);
            }
        }
        self.open.retain(|(square, _)| *square <= limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    /// Made by prdc 0.2 (scikit-learn 1.9.1) on these features in double precision; counts are its shares times n.
    fn check(n: usize, m: usize, dims: usize, k: usize, expected: [usize; 4]) {
        let a = made(1, n, dims);
        let b: Vec<f32> = made(2, m, dims).into_iter().map(|x| x * 1.25 + 0.125).collect();
        for threads in [1, 2] {
            let (a, b) = (Rows::new(&a, dims).unwrap(), Rows::new(&b, dims).unwrap());
            let found = Balls::of(a, b, k, &Cpu::new(threads)).unwrap();
            assert_eq!(
                [found.precise, found.recalled, found.pairs, found.covered],
                expected,
                "{n} {m} {dims} {k}"
            );
        }
    }

    #[test]
    fn counts_are_those_of_prdc() {
        check(1200, 1100, 6, 5, [904, 1193, 3567, 1035]);
        check(300, 500, 33, 3, [94, 294, 177, 119]);
        check(300, 200, 512, 5, [0, 300, 0, 0]);
        check(60, 50, 2048, 1, [0, 60, 0, 0]);
    }

    #[test]
    fn an_item_on_the_edge_is_outside() {
        // Of points 0, 1, 2 on a line the balls reach 1: the generated point 3 is on an edge, and 1.5 in two balls.
        let (a, b) = ([0.0, 1.0, 2.0], [3.0, 1.5]);
        let (a, b) = (Rows::new(&a, 1).unwrap(), Rows::new(&b, 1).unwrap());
        let found = Balls::of(a, b, 1, &Cpu::new(1)).unwrap();
        assert_eq!(found, Balls { precise: 1, recalled: 2, pairs: 2, covered: 2 });
    }
}
