//! The consensus penalty.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::{Tensor, grad};

use super::Remedy;
use crate::step::{Scene, Who};

/// Both players' losses gain `gamma / 2 (|grad_G L_G|^2 + |grad_D L_D|^2)` on the turn's batch, where `L_G` and `L_D` are the
/// losses before other remedies add to them. The `consensus` scheme adds the same aim to simultaneous moves; this goes with
/// any scheme (Mescheder et al. 2017, section 4).
///
/// # Shapes
/// - gradients: those of the parameters
///
/// Declared property: stationary points of the game of those losses stay where they are; rotation around them is damped.
#[derive(Clone, Copy, Debug)]
pub struct ConsensusPenalty {
    gamma: f64,
}

impl ConsensusPenalty {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<ConsensusPenalty, SpecError> {
        let gamma = fields.number("gamma", "weight of the penalty", 0.1, Range::at_least(0.0))?;
        Ok(ConsensusPenalty { gamma })
    }
}

impl Remedy for ConsensusPenalty {
    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn differentiates_parameters(&self) -> bool {
        true
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        let mut energy = scene.turn.trace.zeros([]);
        for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
            let parameters: Vec<&Tensor> = scene.parameters(who).into_iter().map(|(_, p)| p).collect();
            for slope in grad(&scene.bare_loss(who), &parameters) {
                energy = energy + slope.square().sum_all();
            }
        }
        loss + energy * (0.5 * self.gamma)
    }
}
