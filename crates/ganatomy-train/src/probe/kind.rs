//! What a probe is, and how one is asked for and built.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ganatomy_data::{Dataset, Progress};
use ganatomy_record::{Direction, Entry, Fields, SpecError};
use ganatomy_tensor::{Cpu, Store};

use super::Later;
use crate::error::TrainError;
use crate::look::Live;
use crate::room::Room;
use crate::rules::Rules;

/// A reading of the live game.
pub trait Probe: Send {
    /// The names of its readings, and which way is better.
    fn readings(&self) -> Vec<(String, Direction)>;

    /// Takes the readings.
    ///
    /// # Errors
    /// Whatever keeps them from being taken; the run ends with it. An error of your own is a [`TrainError::Other`].
    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError>;

    /// Takes of this moment what the readings need, where the rest of the work needs nothing of the run; nothing where they are
    /// [read](Probe::read) at once, as most are.
    ///
    /// # Errors
    /// As [`Probe::read`].
    fn begin(&mut self, _live: &mut Live<'_>) -> Result<Option<Later>, TrainError> {
        Ok(None)
    }
}

/// A probe as asked for, before the run begins. A function of a [`Site`] is one.
pub trait ProbeSpec: Send + Sync {
    /// Builds the probe, or nothing where it does not apply to the run.
    ///
    /// # Errors
    /// Whatever keeps it from being built.
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError>;

    /// The names of its readings and which way is better, where they are known before it is built: none where it will not apply.
    fn known_readings(&self, _rules: &Rules) -> Option<Vec<(String, Direction)>> {
        None
    }
}

impl<F> ProbeSpec for F
where
    F: Fn(&mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> + Send + Sync,
{
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        self(site)
    }
}

/// What building a probe may use.
pub struct Site<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) cpu: &'a Cpu,
    pub(crate) beside: Option<&'a Arc<Cpu>>,
    pub(crate) store: &'a mut Store<f32>,
    pub(crate) cache_dir: &'a Path,
    pub(crate) progress: &'a dyn Progress,
}

impl<'a> Site<'a> {
    /// The rules of the run.
    pub fn rules(&self) -> &'a Rules {
        self.rules
    }

    /// The data set.
    pub fn data(&self) -> &'a dyn Dataset {
        &*self.rules.data
    }

    /// The device.
    pub fn cpu(&self) -> &'a Cpu {
        self.cpu
    }

    /// The device for work that goes on beside training, if there is one.
    pub fn beside(&self) -> Option<&'a Arc<Cpu>> {
        self.beside
    }

    /// Where what was learned once may be kept; empty where nothing is kept.
    pub fn cache_dir(&self) -> &'a Path {
        self.cache_dir
    }

    /// Receives the progress of long work.
    pub fn progress(&self) -> &'a dyn Progress {
        self.progress
    }
}

/// One row of the registry of probes.
#[derive(Clone, Debug)]
pub struct ProbeKind {
    entry: Entry<dyn ProbeSpec>,
    every_steps: u64,
    n_samples: u64,
    /// The memory it takes, where that is worth counting.
    needs: Option<Needs>,
}

/// The bytes that a probe takes with so many samples.
pub(crate) type Needs = fn(&mut Room<'_>, usize) -> Result<u64, TrainError>;

impl ProbeKind {
    /// A row with the steps between readings and the samples drawn, unless the spec says otherwise; 0 samples where it
    /// draws none.
    pub fn new(entry: Entry<dyn ProbeSpec>, every_steps: u64, n_samples: u64) -> ProbeKind {
        ProbeKind { entry, every_steps, n_samples, needs: None }
    }

    /// The same row with the memory that the probe takes.
    pub(crate) fn needing(self, needs: Needs) -> ProbeKind {
        ProbeKind { needs: Some(needs), ..self }
    }

    /// The memory that the probe takes, if it counts it.
    pub(crate) fn needs(&self) -> Option<Needs> {
        self.needs
    }

    /// Its name, its doc and its reader.
    pub fn entry(&self) -> &Entry<dyn ProbeSpec> {
        &self.entry
    }

    /// Reads a probe's own table: steps between readings, samples to draw, and what fields it has besides.
    pub(crate) fn read(&self, own: &mut Fields<'_>) -> Result<(u64, u64, Box<dyn ProbeSpec>), SpecError> {
        let doc = "steps between readings; 0 turns the probe off";
        let every = own.count("every_steps", doc, self.every_steps, 0..=1_000_000_000)?;
        let n = match self.n_samples {
            0 => 0,
            // What is usual is allowed: the plan of a run is a spec.
            usual => own.count("n_samples", "samples to measure", usual, usual.min(16)..=1_000_000)?,
        };
        Ok((every, n, self.entry.read(own)?))
    }
}

impl fmt::Debug for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site")
            .field("rules", &self.rules)
            .field("cache_dir", &self.cache_dir)
            .finish_non_exhaustive()
    }
}
