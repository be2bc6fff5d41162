//! Adam with decoupled weight decay.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Adam, Moment, Update};

/// Adam's step, and `p <- p - lr decay p` beside it, of the parameter before the step (Loshchilov and Hutter 2019,
/// algorithm 2, where the decay is multiplied by the schedule alone and not by the learning rate; so `decay` is their lambda
/// divided by their alpha, as in most libraries).
#[derive(Clone, Copy, Debug)]
pub struct AdamW {
    adam: Adam,
    decay: f64,
}

impl AdamW {
    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<AdamW, SpecError> {
        let adam = Adam::read(fields)?;
        let doc = "share of a weight that goes at a learning rate of one";
        Ok(AdamW { adam, decay: fields.number("decay", doc, 0.01, Range::at_least(0.0))? })
    }
}

impl Update for AdamW {
    fn slots(&self) -> &'static [&'static str] {
        self.adam.slots()
    }
    fn lr(&self) -> f64 {
        self.adam.lr()
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let (moved, slots) = self.adam.step(p, g, slots, at);
        (moved - at.lr * self.decay * p, slots)
    }
}
