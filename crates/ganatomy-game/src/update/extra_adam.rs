//! Adam for extragradient schemes.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Adam, Moment, Update};

/// Adam's rule, whose moments keep what they learn from the look ahead of an extragradient scheme
/// (Gidel et al. 2019, algorithm 4). Under any other scheme it is Adam.
#[derive(Clone, Copy, Debug)]
pub struct ExtraAdam {
    adam: Adam,
}

impl ExtraAdam {
    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<ExtraAdam, SpecError> {
        Ok(ExtraAdam { adam: Adam::read(fields)? })
    }
}

impl Update for ExtraAdam {
    fn slots(&self) -> &'static [&'static str] {
        self.adam.slots()
    }
    fn lr(&self) -> f64 {
        self.adam.lr()
    }
    fn learns_from_lookahead(&self) -> bool {
        true
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        self.adam.step(p, g, slots, at)
    }
}
