//! The order in which the parameters of all players stand in one vector.

use std::ops::Range;

use ganatomy_game::step::{Game, Who};
use ganatomy_tensor::{Element, Shape, Store, StoreError};

/// All trained parameters of a game as one vector: player by player, and tensor by tensor, by their names' order.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    parts: Vec<Part>,
}

/// One tensor's part of the vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Whose it is.
    pub who: Who,
    /// The tensor's name.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// Where it begins.
    pub start: usize,
}

impl Part {
    /// Its places.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.shape.numel()
    }
}

impl Layout {
    /// The layout of a game, in the order of a [`Field`](ganatomy_game::step::Field).
    pub(crate) fn of(game: &dyn Game) -> Layout {
        let part = |who, name: &str, shape: &Shape| Part {
            who,
            name: name.to_owned(),
            shape: shape.clone(),
            start: 0,
        };
        let mut parts: Vec<Part> = (game.players().iter())
            .flat_map(|player| player.trained().map(|d| part(player.who, &d.name, &d.shape)))
            .collect();
        parts.sort_by(|a, b| (a.who, &a.name).cmp(&(b.who, &b.name)));
        let mut start = 0;
        for part in &mut parts {
            part.start = start;
            start += part.shape.numel();
        }
        Layout { parts }
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many numbers there are.
    pub fn n_parameters(&self) -> usize {
        self.parts.last().map_or(0, |part| part.range().end)
    }

    /// The places of one player; empty for a player that is not in the game.
    pub fn of_player(&self, who: Who) -> Range<usize> {
        let own = || self.parts.iter().filter(|part| part.who == who).map(Part::range);
        own().next().map_or(0, |first| first.start)..own().next_back().map_or(0, |last| last.end)
    }

    /// The vector as it is in a store.
    pub(crate) fn read<E: Element>(&self, store: &Store<E>) -> Result<Vec<E>, StoreError> {
        let mut all = Vec::with_capacity(self.n_parameters());
        for part in &self.parts {
            all.extend_from_slice(store.get(&part.name)?.values());
        }
        Ok(all)
    }

    /// Writes a vector of [`Layout::n_parameters`] numbers.
    pub(crate) fn write<E: Element>(&self, store: &mut Store<E>, all: &[E]) -> Result<(), StoreError> {
        for part in &self.parts {
            store.get_mut(&part.name)?.values_mut().copy_from_slice(&all[part.range()]);
        }
        Ok(())
    }
}
