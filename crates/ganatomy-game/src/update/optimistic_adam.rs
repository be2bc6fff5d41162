//! Optimistic Adam.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Adam, Moment, Update};

/// `p <- p - 2 s + s'`, where `s` is Adam's step and `s'` the last one (Daskalakis et al. 2018, algorithm 1).
///
/// The method of the `optimistic` scheme as an update: each player expects its next step to equal its last.
#[derive(Clone, Copy, Debug)]
pub struct OptimisticAdam {
    adam: Adam,
}

impl OptimisticAdam {
    /// Reads the update's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<OptimisticAdam, SpecError> {
        Ok(OptimisticAdam { adam: Adam::read(fields)? })
    }
}

impl Update for OptimisticAdam {
    fn slots(&self) -> &'static [&'static str] {
        &["mean", "square", "last_step"]
    }
    fn lr(&self) -> f64 {
        self.adam.lr()
    }
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let [mean, square] = self.adam.moments(g, slots);
        let step = self.adam.stride(&mean, &square, at);
        (p - &step * 2.0 + &slots[2], vec![mean, square, step])
    }
}
