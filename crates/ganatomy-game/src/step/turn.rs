//! A turn: one move of one player, or of several at once.

use ganatomy_tensor::{Tensor, Trace};

use super::Memory;

/// One move: its batch, and the purpose that keys its random numbers.
#[derive(Clone)]
pub struct Turn<'a> {
    /// The program being written.
    pub trace: &'a Trace,
    /// Unique within a step, such as `d0`.
    pub purpose: String,
    /// Items in the batch.
    pub batch: usize,
    /// The number of steps done, a scalar.
    pub step: Tensor,
    /// The share of the run that is done, a scalar from 0 to 1.
    pub done: Tensor,
    /// Which of the periods of the game are due in this step; nothing in a program of any step.
    pub due: Option<&'a [u64]>,
    /// What is kept from step to step beside the players' tensors.
    pub memory: &'a Memory,
}

impl std::fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("purpose", &self.purpose)
            .field("batch", &self.batch)
            .field("step", &self.step)
            .field("done", &self.done)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}
