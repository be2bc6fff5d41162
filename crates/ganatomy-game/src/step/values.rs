//! The players' tensors by name.

use std::collections::BTreeMap;

use ganatomy_tensor::{Tensor, Trace};

use super::{Player, Who};

/// Named tensors of one player: parameters and running statistics.
pub type Values = BTreeMap<String, Tensor>;

/// The tensors of all players: parameters and running statistics.
#[derive(Clone, Debug, Default)]
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
