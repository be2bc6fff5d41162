//! What a game does outside of its programs before a step.

use ganatomy_tensor::{Cpu, Store};

use super::TrainError;
use crate::plan::Plan;

/// Work on the host before each step, such as matching samples with data.
pub trait Feed {
    /// Called once, before a checkpoint is read: places state whose name begins with `game.` as it is at the start.
    fn place(&mut self, _plan: &Plan, _store: &mut Store<f32>) -> Result<(), TrainError> {
        Ok(())
    }

    /// Called before each step; may write inputs of the step's program and state whose name begins with `game.`.
    fn before_step(&mut self, at: &mut Feeding<'_>) -> Result<(), TrainError>;
}

/// A run before a step.
pub struct Feeding<'a> {
    /// The run.
    pub plan: &'a Plan,
    /// The device.
    pub cpu: &'a Cpu,
    /// All tensors.
    pub store: &'a mut Store<f32>,
    /// Steps done.
    pub step: u64,
}
