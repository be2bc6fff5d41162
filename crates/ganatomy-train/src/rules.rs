//! The rules of a run: what is played, by whom, on which data, and for how long.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ganatomy_data::Dataset;
use ganatomy_game::average::Average;
use ganatomy_game::game::{Generator, Model};
use ganatomy_game::scheme::Scheme;
use ganatomy_game::step::{Board, Game, PlayerUpdate, Who};

/// What a run's programs are written from, checked and built.
pub struct Rules {
    /// Keys every random number.
    pub seed: u64,
    /// Steps of the whole run.
    pub steps: u64,
    /// Steps after which schedules, and whatever fades over the run, stay as they are: those of the run, unless it was
    /// prolonged without them.
    pub schedule_steps: u64,
    /// Items a player sees in one move.
    pub batch: usize,
    /// What is learned.
    pub data: Arc<dyn Dataset>,
    /// Makes samples.
    pub generator: Generator,
    /// The judge, in games that have one.
    pub discriminator: Option<Arc<Model>>,
    /// Who minimises what.
    pub game: Box<dyn Game>,
    /// Who moves when.
    pub scheme: Box<dyn Scheme>,
    /// How each player moves.
    pub updates: BTreeMap<Who, PlayerUpdate>,
    /// The generator's average over the run.
    pub average: Box<dyn Average>,
}

impl Rules {
    /// What a step is traced from.
    pub fn board(&self) -> Board<'_> {
        let (game, updates) = (&*self.game, &self.updates);
        Board { game, updates, batch: self.batch, n_steps: self.schedule_steps, due: None, lr_factors: true }
    }

    /// Does the run show an average of its generator?
    pub fn averages(&self) -> bool {
        !self.average.is_none()
    }

    /// How many numbers an item has.
    pub(crate) fn item_len(&self) -> usize {
        self.generator.item.iter().product()
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("seed", &self.seed)
            .field("steps", &self.steps)
            .field("batch", &self.batch)
            .field("item", &self.generator.item)
            .finish_non_exhaustive()
    }
}
