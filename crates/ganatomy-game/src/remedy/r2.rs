//! R2: the gradient penalty at generated items.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::penalty::{Penalised, SlopePenalty, ZeroCentred};
use crate::step::Scene;

/// `L_D += gamma / 2 mean |grad C(G(z))|^2` at generated items (Mescheder et al. 2018, eq. 10).
///
/// Items are those that D sees: after augmentation, noise and packing, where there are any. With `every_steps = n` it counts
/// every n-th step with n times its weight, and costs nothing in between (Karras et al. 2020, appendix B, where the
/// learning rate and the betas of Adam are changed too, to `c lr` and `beta^c` with `c = n / (n + 1)`; here they stay).
///
/// # Shapes
/// - G(z): `[batch, ..item]`
///
/// Declared property: like R1 near the equilibrium; away from it, it smooths where G is and not where the data are. R3GAN
/// needs both (Huang et al. 2024).
#[derive(Clone, Copy, Debug)]
pub struct R2(ZeroCentred);

impl R2 {
    /// Reads the remedy's fields.
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Penalised<R2>, SpecError> {
        Ok(Penalised(R2(ZeroCentred::read(fields)?)))
    }
}

impl SlopePenalty for R2 {
    fn period(&self) -> u64 {
        self.0.period()
    }

    fn penalty(&self, scene: &Scene<'_>) -> Tensor {
        self.0.at(scene, "fake", &scene.fake)
    }

    fn sees_generated(&self) -> bool {
        true
    }
}
