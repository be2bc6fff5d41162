//! The gradient penalty of DRAGAN.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Penalised, SlopePenalty, distance_from, squared_slopes};
use crate::step::Scene;

/// `L_D += lambda mean (|grad C(x')| - target)^2` at `x' = x + u d`, with `u` uniform for each item and
/// `d = scale std(batch) U[0, 1]` for each number of it (Kodali et al. 2017, and its authors' code). The batch is as D sees
/// it: after augmentation, noise and packing, where there are any.
///
/// # Shapes
/// - x: `[batch, ..item]`
///
/// Declared property: only the neighbourhood of real items is smoothed, so it goes with any loss.
#[derive(Clone, Copy, Debug)]
pub struct Dragan {
    lambda: f64,
    target: f64,
    scale: f64,
}

impl Dragan {
    /// Reads the remedy's fields.
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Penalised<Dragan>, SpecError> {
        let scale = "how far from real items, in standard deviations of the batch";
        Ok(Penalised(Dragan {
            lambda: fields.number("lambda", "weight of the penalty", 10.0, Range::at_least(0.0))?,
            target: fields.number("target", "slope that costs nothing", 1.0, Range::at_least(0.0))?,
            scale: fields.number("scale", scale, 0.5, Range::at_least(0.0))?,
        }))
    }
}

impl SlopePenalty for Dragan {
    fn penalty(&self, scene: &Scene<'_>) -> Tensor {
        let (trace, purpose, real) = (scene.turn.trace, &scene.turn.purpose, &scene.real);
        let spread = (real - real.mean_all()).square().mean_all().sqrt() * self.scale;
        let mut each = vec![1; real.shape().len()];
        each[0] = real.shape()[0];
        let share = trace.uniform(&format!("{purpose}.near"), each);
        let noise = trace.uniform(&format!("{purpose}.noise"), real.shape().clone());
        let near = real + share * noise * spread;
        let squares = squared_slopes(scene, "near", &near);
        distance_from(&squares, self.target, false) * self.lambda
    }
}
