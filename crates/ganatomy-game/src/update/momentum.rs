//! The heavy ball.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Moment, Update};

/// `v <- beta v + g; p <- p - lr v` (Polyak 1964).
///
/// Declared property: on the bilinear game, alternating steps converge for some negative `beta` and
/// diverge for every positive one (Gidel et al. 2019).
#[derive(Clone, Copy, Debug)]
pub struct Momentum {
    lr: f64,
    beta: f64,
}

impl Momentum {
    /// The heavy ball at a learning rate.
    pub fn new(lr: f64, beta: f64) -> Momentum {
        Momentum { lr, beta }
    }

    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Momentum, SpecError> {
        Ok(Momentum {
            lr: fields.number("lr", "learning rate", 1e-2, Range::positive())?,
            beta: fields.number(
                "beta",
                "share of the velocity that stays",
                0.9,
                Range::strictly_between(-1.0, 1.0),
            )?,
        })
    }
}

impl Update for Momentum {
    fn slots(&self) -> &'static [&'static str] {
        &["velocity"]
    }
    fn lr(&self) -> f64 {
        self.lr
    }
    fn momentum(&self) -> Option<f64> {
        Some(self.beta)
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let velocity = &slots[0] * self.beta + g;
        (p - at.lr * &velocity, vec![velocity])
    }
}
