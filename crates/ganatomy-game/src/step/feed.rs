//! What a game does on the host before a step, and what it needs of the run for that.

use std::error::Error;

use ganatomy_data::Dataset;
use ganatomy_tensor::{Cpu, Store};

/// What can go wrong before a step.
pub type FeedError = Box<dyn Error + Send + Sync>;

/// Work on the host before each step, such as matching samples with data.
pub trait Feed: Send {
    /// Called once, before a checkpoint is read: places state whose name begins with `game.` as it is at the start.
    ///
    /// # Errors
    /// Whatever keeps the state from being placed.
    fn place(&mut self, _host: &mut dyn Host) -> Result<(), FeedError> {
        Ok(())
    }

    /// Called before each step; may write inputs of the step's program and state whose name begins with `game.`.
    ///
    /// # Errors
    /// Whatever keeps the step from being made; the run ends with it.
    fn before_step(&mut self, host: &mut dyn Host) -> Result<(), FeedError>;

    /// Forgets what was prepared from an earlier state: the run's tensors have been changed by hand.
    fn forget(&mut self) {}
}

/// The run as a game sees it before a step.
pub trait Host {
    /// The run's seed.
    fn seed(&self) -> u64;

    /// Steps done.
    fn step(&self) -> u64;

    /// Items in a batch.
    fn batch(&self) -> usize;

    /// The data set.
    fn data(&self) -> &dyn Dataset;

    /// The device.
    fn cpu(&self) -> &Cpu;

    /// All tensors.
    fn store(&mut self) -> &mut Store<f32>;

    /// The samples that the playing generator makes of latent points.
    ///
    /// # Shapes
    /// - latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    ///
    /// # Errors
    /// Tensors that do not fit the generator.
    fn samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, FeedError>;
}
