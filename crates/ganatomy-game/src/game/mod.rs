//! Games: who minimises what, given the players' tensors and a batch. A game knows no optimiser.

mod adversarial;
mod generator;
mod imle;
mod memory;
mod player;
mod scene;
mod spec;

pub use adversarial::Adversarial;
pub use generator::{Generated, Generator, Given, Noise};
pub(crate) use generator::{channels, one_hot};
pub use imle::{AdaptiveImle, Imle, RejectionImle};
pub use memory::Memory;
pub use player::{Applied, Call, Player};
pub use scene::Scene;
pub use spec::{GAMES, GameSpec, Ingredients};

use std::collections::BTreeMap;

use ganatomy_tensor::{Tensor, Trace};

use crate::network::Values;
use crate::train::Feed;

/// A player, by the name with which its tensors' names begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who(&'static str);

impl Who {
    /// Makes samples.
    pub const GENERATOR: Who = Who("generator");
    /// Tells real from generated.
    pub const DISCRIMINATOR: Who = Who("discriminator");

    /// The player of this name.
    pub const fn new(name: &'static str) -> Who {
        Who(name)
    }

    /// The player's name.
    pub fn name(self) -> &'static str {
        self.0
    }
}

/// The tensors of all players: parameters and running statistics.
#[derive(Clone, Default)]
pub struct Players(BTreeMap<Who, Values>);

impl Players {
    /// The given players' tensors as inputs of a program.
    pub fn inputs(players: &[&Player], trace: &Trace) -> Players {
        Players(players.iter().map(|player| (player.who, player.inputs(trace))).collect())
    }

    /// One player's tensors.
    pub fn of(&self, who: Who) -> &Values {
        &self.0[&who]
    }

    /// One player's tensors, to be changed.
    pub fn of_mut(&mut self, who: Who) -> &mut Values {
        self.0.entry(who).or_default()
    }

    /// Every tensor of every player.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Tensor> {
        self.0.values_mut().flat_map(BTreeMap::values_mut)
    }

    /// Every tensor of every player by its name.
    pub fn into_values(self) -> Values {
        self.0.into_values().flatten().collect()
    }
}

/// One move of one player, or of several at once: its batch and the purpose that keys its random numbers.
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
    /// What is kept from step to step beside the players' tensors.
    pub memory: &'a Memory,
}

/// What a player minimises in one turn.
pub struct Objective {
    /// The scalar to be minimised.
    pub loss: Tensor,
    /// Scalars that come for free, by the name of their reading.
    pub readings: Vec<(String, Tensor)>,
    /// The mover's running statistics after the turn.
    pub running: Values,
    /// The generated batch; nothing in games that make none.
    pub samples: Option<Tensor>,
}

impl Objective {
    /// A scalar to be minimised, and nothing else.
    pub fn of(loss: Tensor) -> Objective {
        Objective { loss, readings: vec![], running: Values::new(), samples: None }
    }
}

/// Who minimises what.
pub trait Game: Send + Sync {
    /// The players, in the order in which they move.
    fn players(&self) -> Vec<&Player>;

    /// What `who` minimises in this turn.
    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective;

    /// Is the interaction zero-sum, so that what one player gains by the other's move the other loses?
    fn is_zero_sum(&self) -> bool {
        false
    }

    /// A factor of a player's learning rate.
    fn lr_factor(&self, _who: Who) -> f64 {
        1.0
    }

    /// 1 where the player moves this time and 0 where it waits; nothing for a player that never waits.
    fn gate(&self, _turn: &Turn<'_>, _who: Who, _loss: &Tensor) -> Option<Tensor> {
        None
    }

    /// What becomes of a parameter that has moved.
    fn moved(&self, _who: Who, _name: &str, value: Tensor) -> Tensor {
        value
    }

    /// Called once a step, after all moves.
    fn end_step(&self, _turn: &Turn<'_>, _players: &Players) {}

    /// What the game has to do outside of its programs before each step, besides drawing real batches.
    fn feed(&self) -> Option<Box<dyn Feed>> {
        None
    }

    /// The judge's logits of items outside training; nothing in games without a judge of single items.
    fn opinion(&self, _trace: &Trace, _items: &Tensor) -> Option<Tensor> {
        None
    }

    /// The player of a name.
    fn player(&self, who: Who) -> Option<&Player> {
        self.players().into_iter().find(|player| player.who == who)
    }
}
