//! An endless set of 2-D points from equal, round Gaussians.

use ganatomy_record::{Fields, Range, SpecError};

use crate::keyed::{Keyed, purpose};
use crate::{BatchKey, Dataset, Modes};

/// Lengths that keep their meaning as f32.
pub(crate) const SIZES: Range = Range::between(1e-6, 1e6);

/// Reads the standard deviation of every mode from the set's table.
pub(crate) fn std(fields: &mut Fields<'_>, default: f64) -> Result<f64, SpecError> {
    fields.number("std", "standard deviation of each Gaussian", default, SIZES)
}

/// Points from equally likely Gaussians: x = cₖ + std·n, k uniform, n ~ N(0, I).
#[derive(Clone, Debug)]
pub(crate) struct Mixture {
    modes: Modes,
    centres: Vec<[f32; 2]>,
    fingerprint: String,
}

impl Mixture {
    /// The mixture of these centres; the fingerprint is made of its name and parameters.
    pub(crate) fn new(centres: Vec<[f32; 2]>, std: f32, fingerprint: String) -> Mixture {
        let modes = Modes::new(centres.iter().map(|c| c.to_vec()).collect(), std);
        Mixture { modes, centres, fingerprint }
    }
}

impl Dataset for Mixture {
    fn item_shape(&self) -> &[usize] {
        &[2]
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        labels.fill(0);
        let mut stream = Keyed::new(&[key.seed, MIXTURE, key.step, key.draw]);
        for point in out.chunks_exact_mut(2) {
            let centre = self.centres[stream.below(self.centres.len() as u64) as usize];
            point[0] = centre[0] + self.modes.std * stream.normal();
            point[1] = centre[1] + self.modes.std * stream.normal();
        }
    }

    fn modes(&self) -> Option<&Modes> {
        Some(&self.modes)
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

const MIXTURE: u64 = purpose("mixture");

/// Checks, for the tests of each mixture, that n points of every mode come and spread as their std says.
#[cfg(test)]
pub(crate) fn check_spread(set: &dyn Dataset, n_points: usize) {
    let modes = set.modes().unwrap();
    let (mut out, mut labels) = (vec![0.0; 2 * n_points], vec![0; n_points]);
    set.fill(BatchKey { seed: 1, step: 2, draw: 0 }, &mut out, &mut labels);
    let mut counts = vec![0usize; modes.centres.len()];
    let (mut sum_square, mut n_near) = (0.0, 0usize);
    for point in out.chunks_exact(2) {
        let square = |c: &Vec<f32>| (point[0] - c[0]).powi(2) + (point[1] - c[1]).powi(2);
        let (nearest, distance) =
            modes.centres.iter().map(square).enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        counts[nearest] += 1;
        sum_square += f64::from(distance);
        n_near += usize::from(distance.sqrt() <= 3.0 * modes.std);
    }
    let expected = n_points / counts.len();
    assert!(counts.iter().all(|&c| c.abs_diff(expected) < expected / 4), "{counts:?}");
    let std = (sum_square / (2 * n_points) as f64).sqrt();
    assert!((std / f64::from(modes.std) - 1.0).abs() < 0.03, "std {std}, expected {}", modes.std);
    // A perfect 2-D sampler has 1 − exp(−9/2) = 98.889 % of its points within three standard deviations.
    let share = n_near as f64 / n_points as f64;
    assert!((share - 0.98889).abs() < 0.004, "high-quality share {share}");
}
