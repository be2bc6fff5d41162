//! `gaussian`: one Gaussian of any number of dimensions.

use ganatomy_record::{Fields, Range, SpecError};

use crate::keyed::{Keyed, purpose};
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset};

/// Points x = mean + std·n, n ~ N(0, I), the same along every axis.
///
/// Reference: the one-dimensional data of Goodfellow et al. (2014), figure 1.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianSpec {
    /// Coordinates of a point; default 1, from 1 to 65536.
    pub dims: u64,
    /// Mean of every coordinate; default 0, from -1e6 to 1e6.
    pub mean: f64,
    /// Standard deviation of every coordinate; default 1, from 1e-6 to 1e6.
    pub std: f64,
}

impl GaussianSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<GaussianSpec, SpecError> {
        let (mean, std) = ("mean of every coordinate", "standard deviation of every coordinate");
        Ok(GaussianSpec {
            dims: fields.count("dims", "coordinates of a point", 1, 1..=65_536)?,
            mean: fields.number("mean", mean, 0.0, Range::between(-1e6, 1e6))?,
            std: fields.number("std", std, 1.0, Range::between(1e-6, 1e6))?,
        })
    }
}

impl DataSpec for GaussianSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let GaussianSpec { dims, mean, std } = *self;
        let fingerprint = format!("gaussian-1-{dims}-{mean}-{std}");
        Ok(Box::new(Gaussian { shape: [dims as usize], mean: mean as f32, std: std as f32, fingerprint }))
    }
}

struct Gaussian {
    shape: [usize; 1],
    mean: f32,
    std: f32,
    fingerprint: String,
}

impl Dataset for Gaussian {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        labels.fill(0);
        let mut stream = Keyed::new(&[key.seed, GAUSSIAN, key.step, key.draw]);
        out.iter_mut().for_each(|x| *x = self.mean + self.std * stream.normal());
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

const GAUSSIAN: u64 = purpose("gaussian");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{build, refused};

    #[test]
    fn points_have_the_moments_asked_for() {
        let set = build("gaussian", "dims = 3\nmean = 4\nstd = 0.5");
        let n = 30_000;
        let (mut out, mut labels) = (vec![0.0; 3 * n], vec![7; n]);
        set.fill(BatchKey { seed: 1, step: 0, draw: 0 }, &mut out, &mut labels);
        for axis in 0..3 {
            let values = || out.iter().skip(axis).step_by(3).map(|&x| f64::from(x));
            let mean = values().sum::<f64>() / n as f64;
            let std = (values().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
            assert!((mean - 4.0).abs() < 0.015 && (std - 0.5).abs() < 0.011, "axis {axis}: {mean}, {std}");
        }
        assert!(labels.iter().all(|&label| label == 0) && set.modes().is_none());
        assert_eq!((set.item_shape(), set.n_items()), (&[3][..], None));
        assert_eq!(build("gaussian", "").item_shape(), [1]);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("gaussian", "dims = 0", "dims");
        refused("gaussian", "std = 0", "std");
        refused("gaussian", "mean = nan", "mean");
        refused("gaussian", "means = 1.0", "mean");
    }
}
