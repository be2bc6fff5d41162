//! A run's tensors, read and written by hand.

use std::collections::BTreeMap;

use ganatomy_tensor::{Store, StoreError};

use super::Layout;
use crate::average;
use crate::checkpoint::is_state;
use crate::game::Who;
use crate::train::{TrainError, Training};

impl Training<'_> {
    /// The values of a tensor of the run's state, such as `generator.out.bias`.
    pub fn tensor(&self, name: &str) -> Result<&[f32], TrainError> {
        match is_state(name) {
            true => Ok(self.store.get(name)?.values()),
            false => Err(StoreError::Missing { name: name.to_owned() }.into()),
        }
    }

    /// Gives a tensor of the run's state other values.
    pub fn set(&mut self, name: &str, values: &[f32]) -> Result<(), TrainError> {
        self.tensor(name)?;
        let shape = self.store.get(name)?.shape().clone();
        Ok(self.store.insert(name, shape, values.to_vec())?)
    }

    /// A player's parameters and running statistics by name, to be [`set`](Training::set) in another run; nothing for a player
    /// that is not in the game.
    pub fn tensors_of(&self, who: Who) -> Result<BTreeMap<String, Vec<f32>>, TrainError> {
        let declared = self.plan.game.player(who).map_or(&[][..], |player| &player.declared);
        declared.iter().map(|d| Ok((d.name.clone(), self.store.get(&d.name)?.values().to_vec()))).collect()
    }

    /// Takes a player's parameters and running statistics from another run; G's average too, where this run keeps one.
    /// Nothing is changed unless everything fits.
    pub fn adopt(&mut self, other: &Training<'_>, who: Who) -> Result<(), TrainError> {
        let adopt = |source| TrainError::Adopt { who: who.name(), source };
        let mut next = self.store.clone();
        let player = self.plan.game.player(who);
        let player = player.ok_or_else(|| adopt(StoreError::Missing { name: who.name().to_owned() }))?;
        for d in &player.declared {
            copy(&other.store, &d.name, &mut next, &d.name).map_err(adopt)?;
            let averaged = average::name(&d.name);
            if next.get(&averaged).is_ok() {
                let from = if other.store.get(&averaged).is_ok() { &averaged } else { &d.name };
                copy(&other.store, from, &mut next, &averaged).map_err(adopt)?;
            }
        }
        self.store = next;
        Ok(())
    }

    /// Which place of [`Training::parameters`] belongs to whom.
    pub fn layout(&self) -> Layout {
        Layout::of(&*self.plan.game)
    }

    /// All trained parameters of all players, in the order of [`Training::layout`].
    pub fn parameters(&self) -> Result<Vec<f32>, TrainError> {
        Ok(self.layout().read(&self.store)?)
    }

    /// Puts the players elsewhere; running statistics, averages and the updates' moments stay.
    pub fn set_parameters(&mut self, all: &[f32]) -> Result<(), TrainError> {
        let layout = self.layout();
        let (found, wanted) = (all.len(), layout.n_parameters());
        if found != wanted {
            return Err(TrainError::Count { what: "all parameters", found, wanted });
        }
        Ok(layout.write(&mut self.store, all)?)
    }
}

fn copy(from: &Store<f32>, name: &str, to: &mut Store<f32>, at: &str) -> Result<(), StoreError> {
    let source = from.get(name)?;
    to.insert(at, source.shape().clone(), source.values().to_vec())
}
