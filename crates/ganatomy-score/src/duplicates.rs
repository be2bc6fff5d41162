//! Near-duplicates among samples, and the size of the support that they betray (Arora and Zhang 2017).

use std::iter::zip;

use ganatomy_record::{Direction, Fields, Range, SpecError};
use ganatomy_tensor::Cpu;

use crate::balls::radii;
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
    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("duplicates", 2)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let mut usual = radii(sides.real, 1, cpu)?;
        let middle = usual.len() / 2;
        let (_, median, _) = usual.select_nth_unstable_by(middle, f64::total_cmp);
        let twins = twins(sides.generated, *median * self.within * self.within, cpu)?;
        let n = sides.generated.len();
        let in_groups = twins.groups.iter().map(Vec::len).sum();
        let pairs = if twins.n_pairs == 0 { 3.0 } else { twins.n_pairs as f64 };
        Ok(vec![
            Value::share("duplicate_share", in_groups, n, Direction::Down),
            Value::new("largest_group", twins.groups.first().map_or(1, Vec::len) as f64, Direction::Down),
            Value::new("support", n as f64 * (n as f64 - 1.0) / 2.0 / pairs, Direction::Up),
        ])
    }
}

/// The groups of rows within a squared distance of each other.
///
/// # Errors
/// Programs that do not fit.
pub fn twins(rows: Rows<'_>, within: f64, cpu: &Cpu) -> Result<Twins, ScoreError> {
    let mut all = Squares::new(rows, rows, cpu)?;
    let limit = all.space.scaled(within) + all.space.doubt;
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    all.sweep(cpu, &mut near, |all, near, line| {
        let later = zip(line.start.., line.squares).filter(|(point, _)| *point > line.query);
        let close = later.filter(|(_, square)| **square <= limit).map(|(point, _)| point);
        near.extend(close.filter(|point| all.exact(line.query, *point) <= within));
    })?;
    let mut first: Vec<usize> = (0..rows.len()).collect();
    for (i, near) in near.iter().enumerate() {
        for &j in near {
            let (a, b) = (root(&mut first, i), root(&mut first, j));
            first[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    (0..rows.len()).for_each(|i| groups[root(&mut first, i)].push(i));
    groups.retain(|group| group.len() > 1);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    Ok(Twins { n_pairs: near.iter().map(Vec::len).sum(), groups })
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
