//! `swiss-roll`: points along a spiral.

use std::f64::consts::PI;

use ganatomy_record::{Fields, Range, SpecError};

use crate::keyed::{Keyed, purpose};
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset};

/// Points along a spiral: (t·cos t, t·sin t)/7.5 + noise·n/7.5, t = 3π/2·(1 + 2u), u ~ U[0, 1), n ~ N(0, I).
///
/// Reference: Gulrajani et al. 2017 (WGAN-GP), the toy of its code: scikit-learn's swiss roll, coordinates 0 and 2, over 7.5.
#[derive(Clone, Debug, PartialEq)]
pub struct SwissRollSpec {
    /// Standard deviation of the noise before the division by 7.5; default 0.25, from 0 to 1e6.
    pub noise: f64,
}

impl SwissRollSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<SwissRollSpec, SpecError> {
        let doc = "standard deviation of the noise, before everything is divided by 7.5";
        Ok(SwissRollSpec { noise: fields.number("noise", doc, 0.25, Range::between(0.0, 1e6))? })
    }
}

impl DataSpec for SwissRollSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(SwissRoll { noise: self.noise }))
    }
}

#[derive(Debug)]
struct SwissRoll {
    noise: f64,
}

const SWISS_ROLL: u64 = purpose("swiss-roll");
const SCALE: f64 = 1.0 / 7.5;

impl Dataset for SwissRoll {
    fn item_shape(&self) -> &[usize] {
        &[2]
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        labels.fill(0);
        let mut stream = Keyed::new(&[key.seed, SWISS_ROLL, key.step, key.draw]);
        for point in out.chunks_exact_mut(2) {
            let t = 1.5 * PI * (1.0 + 2.0 * f64::from(stream.uniform()));
            let (sin, cos) = t.sin_cos();
            point[0] = (SCALE * (t * cos + self.noise * f64::from(stream.normal()))) as f32;
            point[1] = (SCALE * (t * sin + self.noise * f64::from(stream.normal()))) as f32;
        }
    }

    fn fingerprint(&self) -> String {
        format!("swiss-roll-1-{}", self.noise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{build, refused};

    #[test]
    fn without_noise_every_point_is_on_the_spiral() {
        let roll = build("swiss-roll", "noise = 0");
        let (mut out, mut labels) = (vec![0.0; 2000], vec![9; 1000]);
        roll.fill(BatchKey { seed: 5, step: 0, draw: 0 }, &mut out, &mut labels);
        let mut ends = [f64::INFINITY, 0.0];
        for point in out.chunks_exact(2) {
            let (x, y) = (7.5 * f64::from(point[0]), 7.5 * f64::from(point[1]));
            let t = x.hypot(y);
            ends = [ends[0].min(t), ends[1].max(t)];
            assert!((1.5 * PI - 1e-5..4.5 * PI + 1e-5).contains(&t), "radius {t}");
            assert!((t * t.cos() - x).abs() < 1e-4 && (t * t.sin() - y).abs() < 1e-4, "({x}, {y})");
        }
        assert!(ends[0] < 1.55 * PI && ends[1] > 4.45 * PI, "from {} to {}", ends[0], ends[1]);
        assert!(labels.iter().all(|&label| label == 0) && roll.modes().is_none());
    }

    #[test]
    fn the_noise_has_its_size() {
        let (smooth, noisy) = (build("swiss-roll", "noise = 0"), build("swiss-roll", ""));
        let key = BatchKey { seed: 5, step: 1, draw: 0 };
        let (mut a, mut b, mut labels) = (vec![0.0; 20_000], vec![0.0; 20_000], vec![0; 10_000]);
        smooth.fill(key, &mut a, &mut labels);
        noisy.fill(key, &mut b, &mut labels);
        let variance = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 20_000.0;
        assert!((variance.sqrt() * 7.5 - 0.25).abs() < 0.005, "{}", variance.sqrt() * 7.5);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("swiss-roll", "noise = -0.1", "noise");
        refused("swiss-roll", "nois = 0.1", "noise");
    }
}
