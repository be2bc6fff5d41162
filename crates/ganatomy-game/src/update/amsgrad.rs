//! AMSGrad.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Adam, Moment, Update};

/// Adam with the largest mean square so far in the divisor (Reddi et al. 2018, algorithm 2), with Adam's corrections.
///
/// Declared property: the learning rate of a parameter never grows.
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
