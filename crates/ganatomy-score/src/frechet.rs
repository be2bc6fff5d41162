//! The Fréchet distance between Gaussians fitted to two sets of features (Heusel et al. 2017).

use std::ops::Range;

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
pub use crate::linear::gather::Gather;
use crate::linear::moments::Moments;
use crate::linear::product::{BLOCK, n_sums, outer};
use crate::linear::singular::nuclear_norm;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value, mean_and_deviation};

/// The Fréchet distance, `|m - m'|^2 + tr C + tr C' - 2 tr (C C')^(1/2)`.
///
/// `m`, `C` are mean and covariance (n - 1) of the real side's features, `m'`, `C'` of the generated side's. With Inception's
/// 2,048 features this is the FID. With `C = F^T F` and `C' = F'^T F'`, the last trace is the sum of the singular values of
/// `F F'^T`: no root of a matrix without symmetry is taken, no number is added to a diagonal, and covariances of no more
/// items than features, or that lack rank exactly, are as exact as others. One that lacks it almost loses what is below rounding.
///
/// It sees means and correlations; two sets of the same first two moments are alike to it. Its bias is upward, about as
/// `1 / n`: distances compare only at the same n, and below as many items as features it is mostly bias.
///
/// With `groups`, each of so many groups of items is left out in turn, of both sides at once (the jackknife; Efron and Tibshirani 1993,
/// chapter 11). What the distance then varies by is the spread, its standard error, and `fid_unbiased` is without the bias of order
/// `1 / n`: the one to compare at different n. It may be below zero, about which it scatters for equal distributions. It costs as many distances
/// more, and is given where there are more items than features even with a group left out.
#[derive(Clone, Copy, Debug)]
pub struct Frechet {
    groups: usize,
}

impl Frechet {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Frechet, SpecError> {
        let doc = "groups of items that are left out in turn, for the spread of fid and for fid_unbiased; below 2 for neither";
        Ok(Frechet { groups: fields.count("groups", doc, 0, 0..=1000)? as usize })
    }

    /// Are there enough items to leave out a group?
    fn has_spread(&self, n: usize, dims: usize) -> bool {
        self.groups >= 2 && n - n.div_ceil(self.groups) > dims
    }

    /// Where the groups of these items end.
    pub fn cuts(&self, items: &Range<usize>) -> Vec<usize> {
        let groups = self.groups.max(1);
        (1..=groups).map(|group| items.start + items.len() * group / groups).collect()
    }

    /// The score of items that were gathered, with parts that end at their [`Frechet::cuts`]; of either side more than the features.
    ///
    /// # Errors
    /// As [`frechet`].
    pub fn of_gathered(
        &self,
        [real, generated]: [(&Gather, Range<usize>); 2],
        cpu: &Cpu,
    ) -> Result<Vec<Value>, ScoreError> {
        let distance = |group: Option<usize>| {
            let moments = |(gather, items): &(&Gather, Range<usize>)| {
                let end = |group: usize| items.start + items.len() * group / self.groups;
                let without = group.map_or(0..0, |group| end(group)..end(group + 1));
                gather.moments(items, &without, cpu)
            };
            let largest = || real.0.largest().max(generated.0.largest());
            between(moments(&real)?, moments(&generated)?, largest, cpu)
        };
        let found = distance(None)?;
        match self.has_spread(real.1.len().min(generated.1.len()), real.0.dims()) {
            false => Ok(plain(&found)),
            true => {
                let without = (0..self.groups).map(|group| Ok(distance(Some(group))?.distance));
                Ok(spread(&found, &without.collect::<Result<Vec<f64>, ScoreError>>()?))
            }
        }
    }
}

/// A distance alone.
fn plain(found: &Distance) -> Vec<Value> {
    let value = |name, x| Value::new(name, x, Direction::Down);
    vec![value("fid", found.distance), value("fid_of_means", found.of_means)]
}

/// A distance beside those without each group in turn.
fn spread(found: &Distance, without: &[f64]) -> Vec<Value> {
    let [mean, deviation] = mean_and_deviation(without);
    let others = without.len() as f64 - 1.0;
    let spread = deviation * others.sqrt();
    let unbiased = found.distance + others * (found.distance - mean);
    let mut values = plain(found);
    values[0] = values[0].within(spread);
    values.push(Value::new("fid_unbiased", unbiased, Direction::Down).within(spread));
    values
}

impl Score for Frechet {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        let unbiased = (self.groups >= 2).then_some(("fid_unbiased", Direction::Down));
        [("fid", Direction::Down), ("fid_of_means", Direction::Down)].into_iter().chain(unbiased).collect()
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("fid", 2)
    }

    fn memory_bytes(&self, n: usize, dims: usize) -> u64 {
        // Two factors and what is kept of one, one of them beside its covariance, and their product beside its singular values.
        let (rank, wide) = (n.min(dims) as u64, dims as u64);
        let covariance = if n > dims { wide * wide } else { 0 };
        // The sums of every group and of a block.
        let groups = if self.has_spread(n, dims) { 2 * self.groups as u64 + 3 } else { 0 };
        let sums = groups * n_sums(dims) as u64 + (BLOCK * dims) as u64;
        8 * (4 * rank * wide + 2 * rank * rank + covariance + sums)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        let (real, generated) = (sides.real(), sides.generated());
        if !self.has_spread(real.len().min(generated.len()), real.dims()) {
            real.need("fid", "real", 2)?;
            generated.need("fid", "generated", 2)?;
            let known = sides.remembered().moments.get((), || Moments::of(real, cpu))?;
            let largest = || largest(real).max(largest(generated));
            return Ok(plain(&between(Moments::clone(&known), Moments::of(generated, cpu)?, largest, cpu)?));
        }
        let gathered = |rows: Rows<'_>| {
            let mut gather = Gather::new(rows.dims(), self.cuts(&(0..rows.len())), cpu)?;
            gather.add(rows.values(), cpu).map(|()| gather)
        };
        let (a, b) = (gathered(real)?, gathered(generated)?);
        self.of_gathered([(&a, 0..real.len()), (&b, 0..generated.len())], cpu)
    }
}

/// A Fréchet distance and its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// The distance.
    pub distance: f64,
    /// The part of it that the means make.
    pub of_means: f64,
}

/// The Fréchet distance of two sets of features.
///
/// # Errors
/// Features of different lengths, or fewer than two items a side.
pub fn frechet(real: Rows<'_>, generated: Rows<'_>, cpu: &Cpu) -> Result<Distance, ScoreError> {
    real.check_like("generated", &generated)?;
    real.need("fid", "real", 2)?;
    generated.need("fid", "generated", 2)?;
    let largest = || largest(real).max(largest(generated));
    between(Moments::of(real, cpu)?, Moments::of(generated, cpu)?, largest, cpu)
}

fn largest(rows: Rows<'_>) -> f32 {
    rows.values().iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// The distance of two Gaussians, of features of which the largest is known.
fn between(a: Moments, b: Moments, largest: impl Fn() -> f32, cpu: &Cpu) -> Result<Distance, ScoreError> {
    let dims = a.mean.len();
    let of_means = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    let traces = a.trace + b.trace;
    let (rows, columns) = (a.factor.len() / dims, b.factor.len() / dims);
    let shared = match rows.min(columns) {
        0 => 0.0,
        _ => nuclear_norm(outer(cpu, a.factor, b.factor, dims)?, rows, columns, cpu)?,
    };
    let distance = of_means + traces - 2.0 * shared;
    match distance.is_finite() {
        true => Ok(Distance { distance, of_means }),
        false => Err(ScoreError::Overflow { score: "fid", largest: largest() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    /// Relative.
    const TOLERANCE: f64 = 1e-10;

    fn sides(n: usize, m: usize, dims: usize) -> (Vec<f32>, Vec<f32>) {
        let other = made(2, m, dims).into_iter().map(|x| x * 1.25 + 0.125).collect();
        (made(1, n, dims), other)
    }

    fn check(a: &[f32], b: &[f32], dims: usize, expected: f64) {
        let found = |threads| {
            let (a, b) = (Rows::new(a, dims).unwrap(), Rows::new(b, dims).unwrap());
            let cpu = Cpu::new(threads);
            let (there, back) = (frechet(a, b, &cpu).unwrap(), frechet(b, a, &cpu).unwrap());
            assert!((there.distance - back.distance).abs() <= TOLERANCE * expected.max(1.0));
            there.distance
        };
        let one = found(1);
        assert!((one - expected).abs() <= TOLERANCE * expected.max(1.0), "{one} for {expected}");
        assert_eq!(one, found(2));
    }

    /// Every expected number is made by NumPy 2.4.6 in double precision, with the singular values of the product of both
    /// centred sides (`numpy.linalg.svd`); the formula of `calculate_frechet_distance` of pytorch-fid (`numpy.cov`,
    /// `scipy.linalg.sqrtm` of SciPy 1.17.1) gives what stands beside it. It agrees to 1e-12 at full rank; without it its square root of a singular matrix is off by up to 1e-7.
    #[test]
    fn the_distance_is_that_of_pytorch_fid() {
        let (a, b) = sides(500, 400, 64);
        check(&a, &b, 64, 3.537005665175485); // 3.5370056651754567
        let (a, b) = sides(40, 50, 64);
        check(&a, &b, 64, 17.79057979386121); // 17.79057954988947
        let (a, b) = sides(40, 400, 64);
        check(&a, &b, 64, 14.401450330223746); // 14.401450176273034
        let (a, b) = sides(32, 48, 2048);
        check(&a, &b, 2048, 1231.195850260512); // 1231.1957246789675
        // Of several stripes, panels and bands; at 10,000 x 2,048 the example `speed.py` compares both.
        let (a, b) = sides(700, 650, 600);
        check(&a, &b, 600, 102.43028413948991); // 102.43028413948969
    }

    #[test]
    fn covariances_may_lack_rank() {
        let (mut a, mut b) = sides(500, 400, 64);
        a.chunks_exact_mut(64).for_each(|row| row.copy_within(..32, 32));
        b.chunks_exact_mut(64).for_each(|row| row[48..].fill(0.5));
        check(&a, &b, 64, 15.939237521791227); // 15.939237470280545
        let (mut wide, mut other) = sides(640, 700, 600);
        wide.chunks_exact_mut(600).for_each(|row| row.copy_within(..200, 400));
        other.chunks_exact_mut(600).for_each(|row| row[500..].fill(0.5));
        check(&wide, &other, 600, 142.88159457324826); // 142.88159432066857
        let constant = vec![0.25; 64 * 100];
        check(&constant, &constant, 64, 0.0);
        // One point against a cloud: the trace and the means.
        let mean = |j: usize| a.iter().skip(j).step_by(64).map(|x| f64::from(*x)).sum::<f64>() / 500.0;
        let of = |j: usize| {
            let spread = a.iter().skip(j).step_by(64).map(|x| (f64::from(*x) - mean(j)).powi(2)).sum::<f64>();
            spread / 499.0 + (mean(j) - 0.25).powi(2)
        };
        check(&a, &constant, 64, (0..64).map(of).sum());
    }

    #[test]
    fn leaving_groups_out_gives_a_spread_and_takes_the_bias_off() {
        let (a, b) = sides(40, 60, 3);
        let found = |groups| {
            let rows = |x| Rows::new(x, 3).unwrap();
            Frechet { groups }.score(&Sides::new(rows(&a), rows(&b)).unwrap(), &Cpu::new(1)).unwrap()
        };
        let names = |groups| {
            found(groups).iter().map(|value| (value.name, value.spread.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(names(0), [("fid", false), ("fid_of_means", false)]);
        assert_eq!(names(4), [("fid", true), ("fid_of_means", false), ("fid_unbiased", true)]);
        // NumPy, with the groups a[10 j:10 j + 10] and b[15 j:15 j + 15] left out.
        let values = found(4);
        for (found, expected) in
            [(values[2].value, 0.12894596758340227), (values[0].spread.unwrap(), 0.07087525933778632)]
        {
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
        // A group of 40 leaves too few for 39 features.
        let few = Frechet { groups: 2 };
        assert!(!few.has_spread(40, 20) && few.has_spread(42, 20));
    }

    #[test]
    fn a_set_is_at_no_distance_from_itself() {
        for (n, dims) in [(300, 40), (30, 40), (2, 3)] {
            let a = made(1, n, dims);
            check(&a, &a, dims, 0.0);
        }
    }

    #[test]
    fn what_has_no_distance_is_refused() {
        let cpu = Cpu::new(1);
        let of = |a: &[f32], d, b: &[f32], e| {
            frechet(Rows::new(a, d).unwrap(), Rows::new(b, e).unwrap(), &cpu).unwrap_err().to_string()
        };
        assert_eq!(of(&[1.0; 2], 2, &[1.0; 4], 2), "fid needs at least 2 real items, found 1");
        assert!(of(&[1.0; 4], 2, &[1.0; 6], 3).contains("2 numbers an item of the real side and 3"));
    }
}
