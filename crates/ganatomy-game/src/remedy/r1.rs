//! R1: the gradient penalty at real items.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Laziness, fits, squared_slopes};
use super::{Parts, Remedy};
use crate::game::{Scene, Who};

/// `L_D += gamma / 2 mean |grad C(x)|^2` at real items (Mescheder et al. 2018, eq. 9).
///
/// With `every_steps = n` it counts every n-th step with n times its weight.
///
/// # Shapes
/// - x: `[batch, ..item]`
///
/// Declared property: on the Dirac game the equilibrium attracts, with eigenvalues
/// `-gamma / 2 +- sqrt(gamma^2 / 4 - f'(0)^2)`, `f'(0) = 1/2`: critical damping at gamma = 1.
#[derive(Clone, Copy, Debug)]
pub struct R1 {
    gamma: f64,
    lazy: Laziness,
}

impl R1 {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<R1, SpecError> {
        let gamma = fields.number("gamma", "weight of the penalty", 10.0, Range::at_least(0.0))?;
        Ok(R1 { gamma, lazy: Laziness::read(fields)? })
    }
}

impl Remedy for R1 {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        fits(parts, false)
    }

    fn wants_slopes(&self) -> bool {
        true
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        if scene.who != Who::DISCRIMINATOR {
            return loss;
        }
        let squares = squared_slopes(scene, "real", &scene.real);
        loss + self.lazy.apply(scene.turn, squares.mean_all() * (0.5 * self.gamma))
    }
}
