//! What an update is: from a gradient to a parameter's change, written as graph so that it can be differentiated.

use ganatomy_tensor::Tensor;

/// What one update is given beside the gradient.
#[derive(Debug)]
pub struct Moment<'a> {
    /// The learning rate, a scalar.
    pub lr: &'a Tensor,
    /// The number of this update, counted from one, a scalar.
    pub t: &'a Tensor,
}

/// A rule that moves a parameter along its gradient.
pub trait Update: Send + Sync {
    /// Names of the tensors it keeps for each parameter, all zeros at first.
    fn slots(&self) -> &'static [&'static str];

    /// The learning rate before any schedule.
    fn lr(&self) -> f64;

    /// Does a player that moves by it stay where it is?
    fn stays(&self) -> bool {
        false
    }

    /// Does it keep what it learns from gradients that a scheme only uses to look ahead?
    fn learns_from_lookahead(&self) -> bool {
        false
    }

    /// The momentum, for rules that are gradient descent with momentum; nothing for others.
    fn momentum(&self) -> Option<f64> {
        None
    }

    /// The new parameter and the new slots.
    ///
    /// # Shapes
    /// - p, g, slots and outputs: that of the parameter
    fn step(&self, p: &Tensor, g: &Tensor, slots: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>);
}

/// The factor that multiplies the learning rate over the run.
pub trait Schedule: Send + Sync {
    /// The factor at `done`, a scalar from 0 at the first step to 1 at the last.
    fn factor(&self, done: &Tensor) -> Tensor;

    /// Is the factor always 1?
    fn is_constant(&self) -> bool {
        false
    }
}

/// How one player's parameters move.
pub struct PlayerUpdate {
    /// The rule.
    pub rule: Box<dyn Update>,
    /// The learning rate's factor over the run.
    pub schedule: Box<dyn Schedule>,
    /// Steps over which the learning rate rises from zero.
    pub warmup_steps: u64,
}

impl std::fmt::Debug for PlayerUpdate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlayerUpdate").field("warmup_steps", &self.warmup_steps).finish_non_exhaustive()
    }
}
