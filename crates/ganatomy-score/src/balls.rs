//! Balls that reach from each item to its k-th neighbour of its own side, and which items of the other side lie in them.

use std::iter::zip;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ganatomy_game::nearest::in_parts;
use ganatomy_tensor::Cpu;

use crate::distinct::Distinct;
use crate::error::ScoreError;
use crate::once::Once;
use crate::pursuit::Pursuit;
use crate::rows::Rows;
use crate::squares::{Line, Squares};

/// Which items of each side lie in balls of the other. An item on the edge of a ball is outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Balls {
    /// Balls of real items that each generated item lies in.
    pub depths: Vec<usize>,
    /// Generated items in the ball of each real item.
    pub held: Vec<usize>,
    /// Real items in at least one ball of a generated item.
    pub recalled: usize,
}

impl Balls {
    /// Generated items in at least one ball of a real item.
    pub fn precise(&self) -> usize {
        self.depths.iter().filter(|depth| **depth > 0).count()
    }

    /// Balls of real items with at least one generated item in them.
    pub fn covered(&self) -> usize {
        self.held.iter().filter(|held| **held > 0).count()
    }

    /// Counts with balls up to the k-th neighbour; how far those of the real side reach may be known already.
    pub fn of(
        real: Rows<'_>,
        generated: Rows<'_>,
        k: usize,
        known: Option<&Once<usize, Vec<f64>>>,
        cpu: &Cpu,
    ) -> Result<Balls, ScoreError> {
        let (real, generated) = (Distinct::of(real), Distinct::of(generated));
        let make = || reaches(&real, k, cpu);
        let reach = known.map_or_else(|| make().map(Arc::new), |known| known.get(k, make))?;
        let own = reaches(&generated, k, cpu)?;
        let mut all = Squares::new(generated.rows()?, real.rows()?, cpu)?;
        let limit: Vec<f32> = reach.iter().map(|r| all.space.scaled(*r) + all.space.doubt).collect();
        let recalled: Vec<AtomicBool> = reach.iter().map(|_| AtomicBool::new(false)).collect();
        let held: Vec<AtomicUsize> = reach.iter().map(|_| AtomicUsize::new(0)).collect();
        // Balls that each generated item lies in.
        let mut n_balls = vec![0usize; own.len()];
        all.sweep(cpu, &mut n_balls, |all, n_balls, Line { query, start, squares }| {
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
                    *n_balls += real.times[point];
                    held[point].fetch_add(generated.times[query], Ordering::Relaxed);
                }
                if inside(own_limit, own) {
                    recalled[point].store(true, Ordering::Relaxed);
                }
            }
        })?;
        let held: Vec<usize> = held.into_iter().map(AtomicUsize::into_inner).collect();
        let recalled = zip(recalled, &real.times).filter_map(|(flag, n)| flag.into_inner().then_some(*n));
        Ok(Balls {
            depths: generated.which.iter().map(|i| n_balls[*i]).collect(),
            held: real.which.iter().map(|i| held[*i]).collect(),
            recalled: recalled.sum(),
        })
    }
}

/// The squared distance of each row to its k-th nearest other row, in double precision.
pub(crate) fn radii(rows: Rows<'_>, k: usize, cpu: &Cpu) -> Result<Vec<f64>, ScoreError> {
    let rows = Distinct::of(rows);
    let found = reaches(&rows, k, cpu)?;
    Ok(rows.which.iter().map(|i| found[*i]).collect())
}

/// The same, of rows that differ, each as often as it comes.
fn reaches(rows: &Distinct<'_>, k: usize, cpu: &Cpu) -> Result<Vec<f64>, ScoreError> {
    let mut all = Squares::new(rows.rows()?, rows.rows()?, cpu)?;
    let mut pursuits: Vec<Pursuit> = rows.times.iter().map(|n| Pursuit::new(n - 1, k)).collect();
    all.sweep(cpu, &mut pursuits, |all, pursuit, line| pursuit.follow(all, &line, &rows.times))?;
    let space = &all.space;
    in_parts(&mut pursuits, cpu.threads(), |first, part| {
        for (i, pursuit) in part.iter_mut().enumerate() {
            pursuit.settle(space, first + i, &rows.times);
        }
    });
    let last = |pursuit: &Pursuit| pursuit.settled.last().copied().unwrap_or(f64::INFINITY);
    Ok(pursuits.iter().map(last).collect())
}

#[cfg(test)]
mod tests {
    use ganatomy_game::nearest::squared;

    use super::*;
    use crate::testing::made;

    /// Made by prdc 0.2 (scikit-learn 1.9.1) on these features in double precision; counts are its shares times n.
    fn check(n: usize, m: usize, dims: usize, k: usize, expected: [usize; 4]) {
        let a = made(1, n, dims);
        let b: Vec<f32> = made(2, m, dims).into_iter().map(|x| x * 1.25 + 0.125).collect();
        for threads in [1, 2] {
            let (a, b) = (Rows::new(&a, dims).unwrap(), Rows::new(&b, dims).unwrap());
            let found = Balls::of(a, b, k, None, &Cpu::new(threads)).unwrap();
            assert_eq!(
                [found.precise(), found.recalled, found.depths.iter().sum(), found.covered()],
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
        let found = Balls::of(a, b, 1, None, &Cpu::new(1)).unwrap();
        assert_eq!(found, Balls { depths: vec![0, 2], held: vec![0, 1, 1], recalled: 2 });
    }

    /// Counts by all exact distances.
    fn plain(a: Rows<'_>, b: Rows<'_>, k: usize) -> Balls {
        let reach = |rows: Rows<'_>| -> Vec<f64> {
            let kth = |i: usize| {
                let others = (0..rows.len()).filter(|j| *j != i);
                let mut all: Vec<f64> = others.map(|j| squared(rows.row(i), rows.row(j))).collect();
                all.sort_unstable_by(f64::total_cmp);
                all[k - 1]
            };
            (0..rows.len()).map(kth).collect()
        };
        let (of_a, of_b) = (reach(a), reach(b));
        let holds = |i: usize, j: usize, radius: f64| squared(a.row(i), b.row(j)) < radius;
        Balls {
            depths: (0..b.len()).map(|j| (0..a.len()).filter(|&i| holds(i, j, of_a[i])).count()).collect(),
            held: (0..a.len()).map(|i| (0..b.len()).filter(|&j| holds(i, j, of_a[i])).count()).collect(),
            recalled: (0..a.len()).filter(|&i| (0..b.len()).any(|j| holds(i, j, of_b[j]))).count(),
        }
    }

    #[test]
    fn repeated_and_crowded_rows_count_as_often_as_they_come() {
        // Rows drawn again and again; or all within rounding of two places.
        let again = |seed, n: usize, kinds: u64| {
            let mut random = ganatomy_data::keyed::Keyed::new(&[seed]);
            let some = made(seed, kinds as usize, 3);
            let row = |_| some[random.below(kinds) as usize * 3..][..3].to_vec();
            (0..n).flat_map(row).collect::<Vec<f32>>()
        };
        let crowded = |seed, n: usize| -> Vec<f32> {
            made(seed, n, 3).iter().enumerate().map(|(i, x)| x * 1e-4 + (i / 3 % 2) as f32 * 8.0).collect()
        };
        let check = |a: &[f32], b: &[f32], k: usize| {
            let (a, b) = (Rows::new(a, 3).unwrap(), Rows::new(b, 3).unwrap());
            assert_eq!(Balls::of(a, b, k, None, &Cpu::new(2)).unwrap(), plain(a, b, k), "{k}");
        };
        for k in [1, 3, 5] {
            check(&again(1, 200, 60), &again(2, 150, 40), k);
            check(&made(3, 200, 3), &again(3, 250, 70), k);
        }
        check(&crowded(1, 900), &crowded(2, 1000), 4);
    }

    #[test]
    fn a_collapsed_side_is_counted_at_once() {
        let (n, dims) = (20_000, 64);
        let real = made(1, 300, dims);
        let near: Vec<f32> = zip(&real, made(2, 1, dims)).map(|(x, y)| x + 0.1 * y).collect();
        let generated = near.repeat(n);
        assert_eq!(generated.len(), n * dims);
        let real = Rows::new(&real, dims).unwrap();
        let found = Balls::of(real, Rows::new(&generated, dims).unwrap(), 5, None, &Cpu::new(2)).unwrap();
        let balls = radii(real, 5, &Cpu::new(1)).unwrap();
        let holds = zip(real.iter(), balls).map(|(row, radius)| squared(row, &near) < radius);
        let held: Vec<usize> = holds.map(|holds| if holds { n } else { 0 }).collect();
        let depth = held.iter().filter(|held| **held > 0).count();
        assert!(depth > 0);
        assert_eq!(found, Balls { depths: vec![depth; n], held, recalled: 0 });
    }
}
