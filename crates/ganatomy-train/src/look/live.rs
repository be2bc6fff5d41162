//! The live game, as probes and people look into it.

use std::fmt;

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_data::{BatchKey, Dataset};
use ganatomy_tensor::{Bound, Cpu, Key, Program, Store};

use crate::error::TrainError;
use crate::judge::Judge;
use crate::programs::bind;
use crate::real::RealBatches;
use crate::rules::Rules;
use crate::snapshot::Snapshot;

/// A run at one moment. Looking changes nothing that training goes on from.
pub struct Live<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) cpu: &'a Cpu,
    pub(crate) store: &'a mut Store<f32>,
    pub(crate) looks: &'a mut Looks,
    pub(crate) step: u64,
    pub(crate) n_samples: usize,
}

/// The programs that have been asked for so far.
#[derive(Default)]
pub(crate) struct Looks {
    /// Items of the generator that the run shows.
    pub shown: Option<Snapshot>,
    /// The same, of given latent points.
    pub shown_at: Option<Snapshot>,
    /// Items of the generator that plays, where the run shows an average of it.
    pub player: Option<Snapshot>,
    /// The same, of given latent points.
    pub player_at: Option<Snapshot>,
    /// Nothing inside where the game has no judge.
    pub judge: Option<Option<Judge>>,
    pub field: Option<Look>,
    pub product: Option<Look>,
    /// Nothing inside where the game makes no batch.
    pub slopes: Option<Option<Look>>,
}

impl<'a> Live<'a> {
    /// The data set.
    pub fn data(&self) -> &'a dyn Dataset {
        &*self.rules.data
    }

    /// The rules of the run.
    pub fn rules(&self) -> &'a Rules {
        self.rules
    }

    /// The device.
    pub fn cpu(&self) -> &'a Cpu {
        self.cpu
    }

    /// The run's seed.
    pub fn seed(&self) -> u64 {
        self.rules.seed
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// How many samples the probe is asked to draw; 0 outside of a probe.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }
}

/// A program over a run's tensors, and the batch it looks at.
pub(crate) struct Look {
    pub program: Bound<f32>,
    real: RealBatches,
}

impl Look {
    pub fn new(program: &Program, cpu: &Cpu, store: &mut Store<f32>) -> Result<Look, TrainError> {
        Ok(Look { program: bind(program, cpu, store)?, real: RealBatches::of(program) })
    }

    /// Fills the batch of a key; answers what keys its noise.
    pub fn fill(&mut self, rules: &Rules, store: &mut Store<f32>, key: u64) -> Result<Key, TrainError> {
        let seed = seed_of(rules, "look", key);
        self.real.fill(&*rules.data, BatchKey { seed, step: 0, draw: 0 }, store)?;
        Ok(Key { seed, step: 0 })
    }

    pub fn run(
        &mut self,
        rules: &Rules,
        cpu: &Cpu,
        store: &mut Store<f32>,
        key: u64,
    ) -> Result<(), TrainError> {
        let key = self.fill(rules, store, key)?;
        self.program.run(cpu, store, key)?;
        Ok(())
    }
}

/// A seed apart from the run's own, so that what is looked at is not what is trained on.
pub(crate) fn seed_of(rules: &Rules, what: &str, key: u64) -> u64 {
    Keyed::new(&[rules.seed, purpose(what), key]).bits()
}

impl fmt::Debug for Live<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("rules", &self.rules)
            .field("step", &self.step)
            .field("n_samples", &self.n_samples)
            .finish_non_exhaustive()
    }
}
