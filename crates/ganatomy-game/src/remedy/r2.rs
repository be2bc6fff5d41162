//! R2: the gradient penalty at generated items.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Laziness, fits, squared_slopes};
use super::{Parts, Remedy};
use crate::game::{Scene, Who};

/// `L_D += gamma / 2 mean |grad C(G(z))|^2` at generated items (Mescheder et al. 2018, eq. 10).
///
/// With `every_steps = n` it counts every n-th step with n times its weight.
///
/// # Shapes
/// - G(z): `[batch, ..item]`
///
/// Declared property: like R1 near the equilibrium; away from it, it smooths where G is and not where the data are. R3GAN
/// needs both (Huang et al. 2024).
#[derive(Clone, Copy, Debug)]
pub struct R2 {
    gamma: f64,
    lazy: Laziness,
}

impl R2 {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<R2, SpecError> {
        let gamma = fields.number("gamma", "weight of the penalty", 10.0, Range::at_least(0.0))?;
        Ok(R2 { gamma, lazy: Laziness::read(fields)? })
    }
}

impl Remedy for R2 {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        fits(parts, false)
    }

    fn wants_slopes(&self) -> bool {
        true
    }

    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        if scene.who != Who::DISCRIMINATOR {
            return loss;
        }
        let squares = squared_slopes(scene, "fake", &scene.fake);
        loss + self.lazy.apply(scene.turn, squares.mean_all() * (0.5 * self.gamma))
    }
}
