//! One-sided label smoothing.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Parts, Remedy};
use crate::step::{Scene, Who};

/// Real items count as real with probability `1 - smoothing` only: D's cost of real items is
/// `(1 - smoothing) label(C_real, real) + smoothing label(C_real, generated)`; generated items keep
/// their label (Salimans et al. 2016, section 3.4).
///
/// # Shapes
/// - logits: `[batch]`
///
/// Declared property: the optimal D is `(1 - smoothing) p / (p + q)`; smoothing generated labels as well would put the
/// generated density into the numerator, and so hold G where it is.
#[derive(Clone, Copy, Debug)]
pub struct LabelSmoothing {
    smoothing: f64,
}

impl LabelSmoothing {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<LabelSmoothing, SpecError> {
        let doc = "what the label of real items lacks of one";
        Ok(LabelSmoothing { smoothing: fields.number("smoothing", doc, 0.1, Range::between(0.0, 0.5))? })
    }
}

impl Remedy for LabelSmoothing {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        match parts.has_labels {
            true => Ok(()),
            false => {
                Err("needs a loss that labels items: minimax, non-saturating, least-squares or hinge"
                    .to_owned())
            }
        }
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        let real = &scene.logits[0];
        let label = |called_real| scene.duel.label(real, called_real);
        match (scene.who, label(true), label(false)) {
            (Who::DISCRIMINATOR, Some(right), Some(wrong)) => loss + (wrong - right) * self.smoothing,
            _ => loss,
        }
    }
}
