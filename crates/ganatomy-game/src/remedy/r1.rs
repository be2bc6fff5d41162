//! R1: the gradient penalty at real items.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Penalised, SlopePenalty, ZeroCentred};
use crate::step::Scene;

/// `L_D += gamma / 2 mean |grad C(x)|^2` at real items (Mescheder et al. 2018, eq. 9).
///
/// Items are those that D sees: after augmentation, noise and packing, where there are any. With `every_steps = n` it counts
/// every n-th step with n times its weight, and costs nothing in between (Karras et al. 2020, appendix B, where the
/// learning rate and the betas of Adam are changed too, to `c lr` and `beta^c` with `c = n / (n + 1)`; here they stay).
///
/// # Shapes
/// - x: `[batch, ..item]`
///
/// Declared property: on the Dirac game the equilibrium attracts, with eigenvalues
/// `-gamma / 2 +- sqrt(gamma^2 / 4 - f'(0)^2)`, `f'(0) = 1/2`: critical damping at gamma = 1.
#[derive(Clone, Copy, Debug)]
pub struct R1(ZeroCentred);

impl R1 {
    /// Reads the remedy's fields.
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Penalised<R1>, SpecError> {
        Ok(Penalised(R1(ZeroCentred::read(fields)?)))
    }
}

impl SlopePenalty for R1 {
    fn period(&self) -> u64 {
        self.0.period()
    }

    fn penalty(&self, scene: &Scene<'_>) -> Tensor {
        self.0.at(scene, "real", &scene.real)
    }
}
