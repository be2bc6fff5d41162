//! RMSProp.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::adam::TINY;
use super::{Moment, Update};

/// `v <- beta v + (1 - beta) g^2; p <- p - lr g / (sqrt(v) + eps)` (Tieleman and Hinton 2012).
#[derive(Clone, Copy, Debug)]
pub struct RmsProp {
    lr: f64,
    beta: f64,
    eps: f64,
}

impl RmsProp {
    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<RmsProp, SpecError> {
        Ok(RmsProp {
            lr: fields.number("lr", "learning rate", 1e-4, Range::positive())?,
            beta: fields.number(
                "beta",
                "share of the mean square that stays",
                0.99,
                Range::from_to_below(0.0, 1.0),
            )?,
            eps: fields.number("eps", "keeps the divisor from zero", 1e-8, Range::positive())?,
        })
    }
}

impl Update for RmsProp {
    fn slots(&self) -> &'static [&'static str] {
        &["square"]
    }
    fn lr(&self) -> f64 {
        self.lr
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let square = &slots[0] * self.beta + g.square() * (1.0 - self.beta);
        (p - at.lr * g / ((&square + TINY).sqrt() + self.eps), vec![square])
    }
}
