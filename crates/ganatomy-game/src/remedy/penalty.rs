//! What the penalties on the discriminator's slope share.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Tensor, grad};

use crate::game::{Scene, Turn};

/// The squared length of the discriminator's slope at each item.
///
/// # Shapes
/// - x: as the discriminator sees items; output: `[batch]`
pub(super) fn squared_slopes(scene: &Scene<'_>, part: &str, x: &Tensor) -> Tensor {
    let slope = grad(&scene.opinion(part, x).sum_all(), &[x]).remove(0);
    let within: Vec<usize> = (1..x.shape().len()).collect();
    slope.square().sum(&within)
}

/// `mean (|slope| - target)^2`, where `one_sided` slopes below the target cost nothing.
pub(super) fn distance_from(squared_slopes: &Tensor, target: f64, one_sided: bool) -> Tensor {
    // The root's slope at zero is infinite; this much keeps it finite and is lost beside any slope that matters.
    let off = (squared_slopes + 1e-12).sqrt() - target;
    let off = if one_sided { off.relu() } else { off };
    off.square().mean_all()
}

/// How often a penalty counts: every `n` steps with `n` times its weight, after Karras et al. (2020).
#[derive(Clone, Copy, Debug)]
pub(super) struct Laziness(u64);

impl Laziness {
    pub fn read(fields: &mut Fields<'_>) -> Result<Laziness, SpecError> {
        let doc = "steps from one penalty to the next, which weighs as many times as much";
        Ok(Laziness(fields.count("every_steps", doc, 1, 1..=1_000_000)?))
    }

    /// The penalty as it counts in this step.
    pub fn apply(self, turn: &Turn<'_>, penalty: Tensor) -> Tensor {
        if self.0 == 1 {
            return penalty;
        }
        let n = self.0 as f64;
        let rounds = &turn.step * (1.0 / n);
        // step / n is whole when a penalty is due, up to the last bit of single precision.
        let due = 1.0 - (&rounds - (&rounds + 0.5 / n).floor()).abs().gt(0.25 / n);
        penalty * (due * n)
    }
}
