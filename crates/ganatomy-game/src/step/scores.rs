//! The discriminator's logits of a turn, which a loss is a function of.

use ganatomy_tensor::Tensor;

use super::Turn;

/// Logits of a real and of a generated batch. A high logit always means "real".
#[derive(Debug)]
#[non_exhaustive]
pub struct Scores<'a> {
    /// The turn, for losses that keep something from step to step or leave a reading.
    pub turn: &'a Turn<'a>,
    /// Logits of real items, `[batch]`.
    pub real: Tensor,
    /// Logits of generated items, `[batch]`.
    pub fake: Tensor,
}
