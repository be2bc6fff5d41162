//! Near-duplicates among samples, and the size of the support that they betray (Arora and Zhang 2017).

use std::iter::zip;
use std::sync::{Mutex, PoisonError};

use ganatomy_record::{Direction, Fields, Range, SpecError};
use ganatomy_tensor::Cpu;

use crate::balls::radii;
use crate::distinct::Distinct;
use crate::error::ScoreError;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value};
use crate::squares::Squares;

/// How many samples have a near twin, and how many different ones the generator seems to have.
///
/// Two samples are near-duplicates within `within` times the median distance of a real item to its nearest real neighbour. Groups
/// join whatever is near: `duplicate_share` is the share of samples in a group of two or more, `largest_group` the size of the
/// largest. By the birthday paradox n draws from N equally likely items hold about `n (n - 1) / 2 N` pairs:
/// `support` is `n (n - 1) / 2 pairs`; without a pair it is a lower bound at 95 %, as if three had been found.
///
/// It sees copies inside the samples, not copies of data (for those: memorised). How near is near depends on the features: look
/// at the pairs.
#[derive(Clone, Copy, Debug)]
pub struct Duplicates {
    within: f64,
}

impl Duplicates {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Duplicates, SpecError> {
        let doc = "of the median distance to the nearest real neighbour";
        Ok(Duplicates { within: fields.number("within", doc, 0.25, Range::between(0.0, 10.0))? })
    }
}

/// Near-duplicates of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twins {
    /// Pairs that are near.
    pub n_pairs: usize,
    /// The items of each group, the largest group first.
    pub groups: Vec<Vec<usize>>,
}

impl Score for Duplicates {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![
            ("duplicate_share", Direction::Down),
            ("largest_group", Direction::Down),
            ("support", Direction::Up),
        ]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("duplicates", 2)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let usual = median(radii(sides.real(), 1, cpu)?.into_iter().map(f64::sqrt).collect());
        let twins = twins(sides.generated(), (usual * self.within).powi(2), cpu)?;
        let n = sides.generated().len();
        let in_groups = twins.groups.iter().map(Vec::len).sum();
        let pairs = if twins.n_pairs == 0 { 3.0 } else { twins.n_pairs as f64 };
        Ok(vec![
            Value::share("duplicate_share", in_groups, n, Direction::Down),
            Value::new("largest_group", twins.groups.first().map_or(1, Vec::len) as f64, Direction::Down),
            Value::new("support", n as f64 * (n as f64 - 1.0) / 2.0 / pairs, Direction::Up),
        ])
    }
}

/// The middle number, or the mean of the two middle ones.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let n = numbers.len();
    f64::midpoint(numbers[(n - 1) / 2], numbers[n / 2])
}

/// The groups of rows within a squared distance of each other.
///
/// # Errors
/// Programs that do not fit.
pub fn twins(rows: Rows<'_>, within: f64, cpu: &Cpu) -> Result<Twins, ScoreError> {
    let distinct = Distinct::of(rows);
    let times = &distinct.times;
    let mut all = Squares::new(distinct.rows()?, distinct.rows()?, cpu)?;
    let limit = all.space.scaled(within) + all.space.doubt;
    let first: Mutex<Vec<usize>> = Mutex::new((0..times.len()).collect());
    // Pairs of equal rows, then those with later rows: joined at once, for there may be as many as all pairs.
    let mut n_pairs: Vec<usize> =
        times.iter().map(|n| if within >= 0.0 { n * (n - 1) / 2 } else { 0 }).collect();
    all.sweep(cpu, &mut n_pairs, |all, n_pairs, line| {
        let later = zip(line.start.., line.squares).filter(|(point, _)| *point > line.query);
        let close = later.filter(|(_, square)| **square <= limit).map(|(point, _)| point);
        let near: Vec<usize> = close.filter(|point| all.exact(line.query, *point) <= within).collect();
        if near.is_empty() {
            return;
        }
        let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
        for point in near {
            *n_pairs += times[line.query] * times[point];
            let (a, b) = (root(&mut first, line.query), root(&mut first, point));
            first[a.max(b)] = a.min(b);
        }
    })?;
    let mut first = first.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); times.len()];
    distinct.which.iter().enumerate().for_each(|(i, which)| groups[root(&mut first, *which)].push(i));
    groups.retain(|group| group.len() > 1);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    Ok(Twins { n_pairs: n_pairs.iter().sum(), groups })
}

/// The first of the group that an item is in.
fn root(first: &mut [usize], mut i: usize) -> usize {
    while first[i] != i {
        first[i] = first[first[i]];
        i = first[i];
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn groups_join_what_is_near() {
        let line = [0.0, 5.0, 0.1, 9.0, 0.2, 5.05, 20.0];
        let found = twins(Rows::new(&line, 1).unwrap(), 0.15 * 0.15, &Cpu::new(2)).unwrap();
        assert_eq!(found, Twins { n_pairs: 3, groups: vec![vec![0, 2, 4], vec![1, 5]] });
        // Repeated rows are pairs of each other, and of all that is near them.
        let line = [0.0, 0.1, 0.0, 0.1, 7.0, 0.1];
        let found = twins(Rows::new(&line, 1).unwrap(), 0.15 * 0.15, &Cpu::new(2)).unwrap();
        assert_eq!(found, Twins { n_pairs: 10, groups: vec![vec![0, 1, 2, 3, 5]] });
    }

    #[test]
    fn a_collapsed_side_is_one_group() {
        let n = 20_000;
        let mut rows = made(1, 1, 64).repeat(n);
        rows[..64].fill(9.0);
        let found = twins(Rows::new(&rows, 64).unwrap(), 0.0, &Cpu::new(2)).unwrap();
        assert_eq!(found.n_pairs, (n - 1) * (n - 2) / 2);
        assert_eq!(found.groups, [(1..n).collect::<Vec<usize>>()]);
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_two() {
        assert_eq!(median(vec![5.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![5.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn the_support_is_that_of_a_generator_of_so_many_items() {
        let real = made(1, 500, 16);
        let check = |generated: &[f32], share: (f64, f64), support: (f64, f64)| {
            let sides = Sides::new(Rows::new(&real, 16).unwrap(), Rows::new(generated, 16).unwrap()).unwrap();
            let found = Duplicates { within: 0.25 }.score(&sides, &Cpu::new(1)).unwrap();
            let is_in = |value: f64, (low, high)| value >= low && value <= high;
            assert!(is_in(found[0].value, share) && is_in(found[2].value, support), "{found:?}");
        };
        check(&made(2, 400, 16), (0.0, 0.0), (26_600.0, 26_600.0));
        // 400 draws of 100 items.
        let few = made(2, 100, 16);
        let mut random = ganatomy_data::keyed::Keyed::new(&[1]);
        let drawn: Vec<f32> =
            (0..400).flat_map(|_| few[random.below(100) as usize * 16..][..16].to_vec()).collect();
        check(&drawn, (0.9, 1.0), (80.0, 120.0));
    }
}
