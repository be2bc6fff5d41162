//! Gradient descent.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Moment, Update};

/// `p <- p - lr g`.
///
/// Declared property: on the bilinear game, simultaneous steps diverge at `sqrt(1 + lr^2)` a step.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    lr: f64,
}

impl Sgd {
    /// Gradient descent at a learning rate.
    pub fn new(lr: f64) -> Sgd {
        Sgd { lr }
    }

    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Sgd, SpecError> {
        Ok(Sgd { lr: fields.number("lr", "learning rate", 1e-2, Range::positive())? })
    }
}

impl Update for Sgd {
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }
    fn lr(&self) -> f64 {
        self.lr
    }
    fn momentum(&self) -> Option<f64> {
        Some(0.0)
    }
    fn step(&self, p: &Tensor, g: &Tensor, _: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        (p - at.lr * g, vec![])
    }
}
