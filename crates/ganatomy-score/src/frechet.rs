//! The Fréchet distance between Gaussians fitted to two sets of features (Heusel et al. 2017).

use ganatomy_record::Direction;
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::linear::moments::Moments;
use crate::linear::product::outer;
use crate::linear::singular::nuclear_norm;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value};

/// The Fréchet distance, `|m - m'|^2 + tr C + tr C' - 2 tr (C C')^(1/2)`.
///
/// `m`, `C` are mean and covariance (n - 1) of the real side's features, `m'`, `C'` of the generated side's. With Inception's
/// 2,048 features this is the FID. With `C = F^T F` and `C' = F'^T F'`, the last trace is the sum of the singular values of
/// `F F'^T`: no root of a matrix without symmetry is taken, no number is added to a diagonal, and covariances of no more
/// items than features, or that lack rank exactly, are as exact as others. One that lacks it almost loses what is below rounding.
///
/// It sees means and correlations; two sets of the same first two moments are alike to it. Its bias is upward, about as
/// `1 / n`: distances compare only at the same n, and below as many items as features it is mostly bias.
#[derive(Clone, Copy, Debug)]
pub struct Frechet;

impl Score for Frechet {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("fid", Direction::Down), ("fid_of_means", Direction::Down)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("fid", 2)
    }

    fn memory_bytes(&self, n: usize, dims: usize) -> u64 {
        // Two factors, one of them beside its covariance, and their product beside its singular values.
        let (rank, wide) = (n.min(dims) as u64, dims as u64);
        let covariance = if n > dims { wide * wide } else { 0 };
        8 * (3 * rank * wide + 2 * rank * rank + covariance)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        let found = frechet(sides.real(), sides.generated(), cpu)?;
        Ok(vec![
            Value::new("fid", found.distance, Direction::Down),
            Value::new("fid_of_means", found.of_means, Direction::Down),
        ])
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
    let (a, b) = (Moments::of(real, cpu)?, Moments::of(generated, cpu)?);
    let of_means = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    let traces = a.trace + b.trace;
    let dims = real.dims();
    let (rows, columns) = (a.factor.len() / dims, b.factor.len() / dims);
    let shared = match rows.min(columns) {
        0 => 0.0,
        _ => nuclear_norm(outer(cpu, a.factor, b.factor, dims)?, rows, columns, cpu)?,
    };
    let distance = of_means + traces - 2.0 * shared;
    if !distance.is_finite() {
        let sides = real.values().iter().chain(generated.values());
        let largest = sides.map(|x| x.abs()).fold(0.0, f32::max);
        return Err(ScoreError::Overflow { score: "fid", largest });
    }
    Ok(Distance { distance, of_means })
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
