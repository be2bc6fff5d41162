//! A run as a game without a discriminator sees it before each step.

use ganatomy_data::Dataset;
use ganatomy_game::step::{FeedError, Host};
use ganatomy_tensor::{Cpu, Store};

use crate::look::Live;

/// What a run offers to a game's work on the host. Unlike people who look, a game may write its own state.
pub(super) struct Hosted<'a>(pub Live<'a>);

impl Host for Hosted<'_> {
    fn seed(&self) -> u64 {
        self.0.seed()
    }

    fn step(&self) -> u64 {
        self.0.step()
    }

    fn batch(&self) -> usize {
        self.0.rules().batch
    }

    fn data(&self) -> &dyn Dataset {
        self.0.data()
    }

    fn cpu(&self) -> &Cpu {
        self.0.cpu()
    }

    fn store(&mut self) -> &mut Store<f32> {
        self.0.store
    }

    fn samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, FeedError> {
        Ok(self.0.player_samples_at(latent)?)
    }
}
