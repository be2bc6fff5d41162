//! The gradient penalty of WGAN-GP.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Penalised, SlopePenalty, distance_from, squared_slopes};
use crate::step::Scene;

/// `L_D += lambda mean (|grad C(x')| - target)^2` at `x' = u x + (1 - u) G(z)`, `u` uniform for each item
/// (Gulrajani et al. 2017, eq. 3), both as D sees them: after augmentation, noise and packing, where there are any. With
/// `one_sided`, slopes below the target cost nothing (Petzka et al. 2018).
///
/// # Shapes
/// - x, G(z): `[batch, ..item]`
///
/// Declared property: with the wasserstein loss the optimal critic has slope one almost everywhere between the distributions
/// (proposition 1).
#[derive(Clone, Copy, Debug)]
pub struct GradientPenalty {
    lambda: f64,
    target: f64,
    one_sided: bool,
}

impl GradientPenalty {
    /// Reads the remedy's fields.
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Penalised<GradientPenalty>, SpecError> {
        Ok(Penalised(GradientPenalty {
            lambda: fields.number("lambda", "weight of the penalty", 10.0, Range::at_least(0.0))?,
            target: fields.number("target", "slope that costs nothing", 1.0, Range::at_least(0.0))?,
            one_sided: fields.flag("one_sided", "let slopes below the target cost nothing", false)?,
        }))
    }
}

impl SlopePenalty for GradientPenalty {
    fn penalty(&self, scene: &Scene<'_>) -> Tensor {
        let (real, fake) = (&scene.real, &scene.fake);
        let mut each = vec![1; real.shape().len()];
        each[0] = real.shape()[0];
        let share = scene.turn.trace.uniform(&format!("{}.between", scene.turn.purpose), each);
        let between = fake + share * (real - fake);
        let squares = squared_slopes(scene, "between", &between);
        distance_from(&squares, self.target, self.one_sided) * self.lambda
    }

    fn sees_generated(&self) -> bool {
        true
    }

    fn mixes_items(&self) -> bool {
        true
    }
}
