//! Adam.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Moment, Update};

/// Keeps the root's slope finite at zero, where unrolling meets parameters that have never had a gradient. It is too small to
/// matter beside `eps`.
pub(super) const TINY: f64 = 1e-30;

/// `m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;`
/// `p <- p - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)` (Kingma and Ba 2015, algorithm 1).
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    lr: f64,
    beta1: f64,
    beta2: f64,
    eps: f64,
}

impl Adam {
    /// The rule with the usual divisor guard of 1e-8.
    pub fn new(lr: f64, beta1: f64, beta2: f64) -> Adam {
        Adam { lr, beta1, beta2, eps: 1e-8 }
    }

    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Adam, SpecError> {
        let share = || Range::from_to_below(0.0, 1.0);
        Ok(Adam {
            lr: fields.number("lr", "learning rate", 2e-4, Range::positive())?,
            beta1: fields.number(
                "beta1",
                "share of the mean that stays; negative brakes",
                0.5,
                Range::strictly_between(-1.0, 1.0),
            )?,
            beta2: fields.number("beta2", "share of the mean square that stays", 0.999, share())?,
            eps: fields.number("eps", "keeps the divisor from zero", 1e-8, Range::positive())?,
        })
    }
}

impl Update for Adam {
    fn slots(&self) -> &'static [&'static str] {
        &["mean", "square"]
    }
    fn lr(&self) -> f64 {
        self.lr
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let [mean, square] = self.moments(g, slots);
        let step = self.stride(&mean, &square, at);
        (p - step, vec![mean, square])
    }
}

impl Adam {
    /// The running mean and mean square after this gradient.
    pub(super) fn moments(&self, g: &Tensor, slots: &[Tensor]) -> [Tensor; 2] {
        let mean = &slots[0] * self.beta1 + g * (1.0 - self.beta1);
        let square = &slots[1] * self.beta2 + g.square() * (1.0 - self.beta2);
        [mean, square]
    }

    /// What is taken from the parameter.
    pub(super) fn stride(&self, mean: &Tensor, square: &Tensor, at: &Moment<'_>) -> Tensor {
        let remaining = |beta: f64| 1.0 - mean.trace().full([], beta).pow(at.t);
        // The corrections are scalars, computed once and not for every element.
        let lr = at.lr / remaining(self.beta1);
        let scale = remaining(self.beta2).rsqrt();
        lr * mean / ((square + TINY).sqrt() * scale + self.eps)
    }
}
