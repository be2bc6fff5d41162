//! AMSGrad.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Adam, Moment, Update};

/// Adam with the largest mean square so far in the divisor (Reddi et al. 2018, algorithm 2), with Adam's corrections:
///
/// `m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; w <- max(w, v);`
/// `p <- p - lr m / (1 - b1^t) / (sqrt(w / (1 - b2^t)) + eps)`.
///
/// Declared property: `w` never falls. (In the paper, which has no corrections, no parameter's learning rate ever grows; here
/// the correction `1 - b2^t` grows over the first steps, by a factor of `1 / (1 - b2)` in all, and the learning rate with its
/// root.)
#[derive(Clone, Copy, Debug)]
pub struct AmsGrad {
    adam: Adam,
}

impl AmsGrad {
    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<AmsGrad, SpecError> {
        Ok(AmsGrad { adam: Adam::read(fields)? })
    }
}

impl Update for AmsGrad {
    fn slots(&self) -> &'static [&'static str] {
        &["mean", "square", "largest_square"]
    }
    fn lr(&self) -> f64 {
        self.adam.lr()
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let [mean, square] = self.adam.moments(g, slots);
        let largest = slots[2].maximum(&square);
        let step = self.adam.stride(&mean, &largest, at);
        (p - step, vec![mean, square, largest])
    }
}
