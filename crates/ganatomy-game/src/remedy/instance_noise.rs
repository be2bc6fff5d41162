//! Instance noise.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Remedy, View};

/// D sees `x + s n` for real and generated items alike, `n` normal, with `s` falling in a straight line from `std` to
/// zero over the first `until` of the run (Arjovsky and Bottou 2017, section 3; Soenderby et al. 2017).
///
/// # Shapes
/// - x: `[batch, ..item]`
///
/// Declared property: with noise both distributions have densities everywhere, so that D cannot be perfect and G's
/// gradient does not vanish.
#[derive(Clone, Copy, Debug)]
pub struct InstanceNoise {
    std: f64,
    until: f64,
}

impl InstanceNoise {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<InstanceNoise, SpecError> {
        let until = "share of the run after which the noise is gone";
        Ok(InstanceNoise {
            std: fields.number("std", "standard deviation at the first step", 0.1, Range::at_least(0.0))?,
            until: fields.number("until", until, 1.0, Range::above_to(0.0, 1.0))?,
        })
    }
}

impl Remedy for InstanceNoise {
    fn input(&self, view: &View<'_>, x: Tensor) -> Tensor {
        let Some(done) = view.done else {
            return x;
        };
        let left = (1.0 - done * (1.0 / self.until)).relu() * self.std;
        let noise = view.trace.normal(&format!("{}.instance-noise", view.purpose), x.shape().clone());
        x + noise * left
    }
}
