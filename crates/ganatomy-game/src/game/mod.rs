//! Games: who minimises what, given the players' tensors and a batch. A game knows no optimiser.

mod adversarial;
mod player;

pub use adversarial::Adversarial;
pub use player::{Noise, Player};

use ganatomy_tensor::{Tensor, Trace};

use crate::network::Values;

/// The two players.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Makes samples.
    Generator,
    /// Tells real from generated.
    Discriminator,
}

impl Who {
    /// Both, in the order of their names' listing.
    pub const BOTH: [Who; 2] = [Who::Generator, Who::Discriminator];

    /// The player's name, with which its tensors' names begin.
    pub fn name(self) -> &'static str {
        match self {
            Who::Generator => "generator",
            Who::Discriminator => "discriminator",
        }
    }
}

/// The tensors of both players: parameters and running statistics.
#[derive(Clone, Default)]
pub struct Players {
    /// The generator's.
    pub generator: Values,
    /// The discriminator's.
    pub discriminator: Values,
}

impl Players {
    /// One player's tensors.
    pub fn of(&self, who: Who) -> &Values {
        match who {
            Who::Generator => &self.generator,
            Who::Discriminator => &self.discriminator,
        }
    }

    /// One player's tensors, to be changed.
    pub fn of_mut(&mut self, who: Who) -> &mut Values {
        match who {
            Who::Generator => &mut self.generator,
            Who::Discriminator => &mut self.discriminator,
        }
    }
}

/// One move of one player: its batch and the purpose that keys its random numbers.
pub struct Turn<'a> {
    /// The program being written.
    pub trace: &'a Trace,
    /// Unique within a step, such as `d0`.
    pub purpose: String,
    /// Items in the batch.
    pub batch: usize,
}

/// What a player minimises in one turn.
pub struct Objective {
    /// The scalar to be minimised.
    pub loss: Tensor,
    /// Scalars that come for free, by the name of their reading.
    pub readings: Vec<(&'static str, Tensor)>,
    /// The mover's running statistics after the turn.
    pub running: Values,
    /// The generated batch.
    pub samples: Tensor,
}
