//! Weight clipping.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::Remedy;
use crate::step::Who;

/// After every move, each of D's parameters, biases included, is clipped to `[-limit, limit]` (Arjovsky et al. 2017,
/// algorithm 1).
///
/// Declared property: bounds the critic's slope, by a bound that grows quickly with depth and width; critics become too simple
/// (Gulrajani et al. 2017, section 3).
#[derive(Clone, Copy, Debug)]
pub struct WeightClipping {
    limit: f64,
}

impl WeightClipping {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<WeightClipping, SpecError> {
        Ok(WeightClipping {
            limit: fields.number("limit", "largest size of a parameter", 0.01, Range::positive())?,
        })
    }
}

impl Remedy for WeightClipping {
    fn moved(&self, who: Who, _name: &str, value: Tensor) -> Tensor {
        if who != Who::DISCRIMINATOR {
            return value;
        }
        let limit = value.trace().full(value.shape(), self.limit);
        value.minimum(&limit).maximum(&-limit)
    }
}
