//! The exponential moving average.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::Average;

/// `a <- d a + (1 - d) p` with `d = min(decay, (1 + step) / (10 + step))` (Yazici et al. 2019, where `d = decay` throughout).
///
/// The smaller decay of the first steps keeps the random start out of the average; it is the warm-up of TensorFlow's
/// `ExponentialMovingAverage`. With a decay of 0.999 it lasts 8990 steps.
///
/// Declared property: on an orbit of small radius the average lies near its centre.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    decay: f64,
}

impl Exponential {
    /// Reads the average's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Exponential, SpecError> {
        let doc = "share of the average that stays at each step";
        let decay = fields.number("decay", doc, 0.999, Range::from_to_below(0.0, 1.0))?;
        Ok(Exponential { decay })
    }
}

impl Average for Exponential {
    fn share(&self, steps_done: &Tensor) -> Tensor {
        let young = (steps_done + 1.0) / (steps_done + 10.0);
        1.0 - young.minimum(&steps_done.trace().full([], self.decay))
    }
}
