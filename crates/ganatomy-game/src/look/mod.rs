//! Looking into a run that is driven by hand: programs of their own over its tensors, each made when it is first asked for.
//!
//! Whatever is asked of a [`Training`](crate::Training) on a batch is asked with a `key`: the same key names the same real
//! items and the same noise, which are never those of a training step.

mod duality_gap;
mod eigenvalues;
mod field;
mod items;
mod layout;
mod path_angle;
mod slopes;
mod state;

pub use duality_gap::{BestAnswers, DualityGap};
pub use eigenvalues::{EigenError, eigenvalues};
pub(crate) use field::{FIELD, field_program, jacobian_rows, product_program};
pub use layout::{Layout, Part};
pub use path_angle::PathPoint;
pub use slopes::Slopes;

use ganatomy_tensor::{Bound, Cpu, Key, Program, Store};

use crate::data::BatchKey;
use crate::data::keyed::{Keyed, purpose};
use crate::judge::Judge;
use crate::plan::Plan;
use crate::programs::bind;
use crate::snapshot::Snapshot;
use crate::train::{RealBatches, TrainError};

/// What has been asked for so far.
#[derive(Default)]
pub(crate) struct Looks {
    /// Items of given latent points.
    latent: Option<Snapshot>,
    /// Items of the generator that plays, where the run shows an average of it.
    player: Option<Snapshot>,
    /// Nothing inside where the game has no judge.
    judge: Option<Option<Judge>>,
    field: Option<Look>,
    product: Option<Look>,
    /// Nothing inside where the game makes no batch.
    slopes: Option<Option<Look>>,
}

/// A program over a run's tensors, and the batch it looks at.
struct Look {
    program: Bound<f32>,
    real: RealBatches,
}

impl Look {
    fn new(program: &Program, cpu: &Cpu, store: &mut Store<f32>) -> Result<Look, TrainError> {
        Ok(Look { program: bind(program, cpu, store)?, real: RealBatches::of(program) })
    }

    /// Fills the batch of a key; answers what keys its noise.
    fn fill(&mut self, plan: &Plan, store: &mut Store<f32>, key: u64) -> Result<Key, TrainError> {
        let seed = seed_of(plan, "look", key);
        self.real.fill(&*plan.data, BatchKey { seed, step: 0, draw: 0 }, store)?;
        Ok(Key { seed, step: 0 })
    }

    fn run(&mut self, plan: &Plan, cpu: &Cpu, store: &mut Store<f32>, key: u64) -> Result<(), TrainError> {
        let key = self.fill(plan, store, key)?;
        self.program.run(cpu, store, key);
        Ok(())
    }
}

/// A seed apart from the run's own, so that what is looked at is not what is trained on.
fn seed_of(plan: &Plan, what: &str, key: u64) -> u64 {
    Keyed::new(&[plan.seed, purpose(what), key]).bits()
}

#[cfg(test)]
mod tests;
