//! A run's tensors, read and put elsewhere.

use std::collections::BTreeMap;

use ganatomy_game::step::Who;

use super::{Layout, Live};
use crate::error::TrainError;
use crate::state::tensor_of;

impl Live<'_> {
    /// The values of a tensor of the run's state, such as `generator.out.bias`.
    ///
    /// # Errors
    /// A name that is not one of the state's.
    pub fn tensor(&self, name: &str) -> Result<&[f32], TrainError> {
        Ok(tensor_of(self.store, name)?)
    }

    /// A player's parameters and running statistics by name; nothing for a player that is not in the game.
    ///
    /// # Errors
    /// Tensors that the run lacks.
    pub fn tensors_of(&self, who: Who) -> Result<BTreeMap<String, Vec<f32>>, TrainError> {
        let declared = self.rules.game.player(who).map_or(&[][..], |player| &player.declared);
        declared.iter().map(|d| Ok((d.name.clone(), self.store.get(&d.name)?.values().to_vec()))).collect()
    }

    /// Which place of [`Live::parameters`] belongs to whom.
    pub fn layout(&self) -> Layout {
        Layout::of(&*self.rules.game)
    }

    /// All trained parameters of all players, in the order of [`Live::layout`].
    ///
    /// # Errors
    /// Tensors that the run lacks.
    pub fn parameters(&self) -> Result<Vec<f32>, TrainError> {
        Ok(self.layout().read(self.store)?)
    }

    /// Puts the players elsewhere; running statistics, averages and the updates' moments stay.
    pub(crate) fn set_parameters(&mut self, all: &[f32]) -> Result<(), TrainError> {
        let layout = self.layout();
        let (found, wanted) = (all.len(), layout.n_parameters());
        if found != wanted {
            return Err(TrainError::Count { what: "all parameters", found, wanted });
        }
        Ok(layout.write(self.store, all)?)
    }
}
