//! Probes: readings of the live game, each at its own cadence. They are programs of their own, so they
//! cannot disturb training.

mod channels;
mod classes;
mod gradients;
mod modes;

use std::path::Path;

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::{Cpu, Store};

use crate::data::Progress;
use crate::plan::Plan;
use crate::snapshot::Snapshot;
use crate::train::TrainError;

/// A reading of the live game.
pub trait Probe {
    /// The names of its readings, and which way is better.
    fn readings(&self) -> Vec<(String, Direction)>;

    /// Takes the readings.
    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError>;
}

/// The live game, as a probe sees it.
pub struct Live<'a> {
    /// The run.
    pub plan: &'a Plan,
    /// The device.
    pub cpu: &'a Cpu,
    /// All tensors. A probe writes only tensors that are not state.
    pub store: &'a mut Store<f32>,
    /// Draws from the generator that is measured.
    pub snapshot: &'a mut Snapshot,
    /// Steps done.
    pub step: u64,
    /// Samples to draw, where the probe draws any.
    pub n_samples: usize,
}

/// What building a probe may use.
pub struct Site<'a> {
    /// The run.
    pub plan: &'a Plan,
    /// The device.
    pub cpu: &'a Cpu,
    /// All tensors.
    pub store: &'a mut Store<f32>,
    /// Where what was learned once may be kept.
    pub cache_dir: &'a Path,
    /// Who hears of long work.
    pub progress: &'a dyn Progress,
}

/// Builds a probe, or nothing where it does not apply to the run's data.
pub type BuildProbe = fn(&mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError>;

/// One row of the registry of probes.
#[derive(Clone, Copy)]
pub struct ProbeKind {
    /// The probe's name.
    pub name: &'static str,
    /// One line of doc.
    pub doc: &'static str,
    /// Steps between its readings, unless the spec says otherwise.
    pub every_steps: u64,
    /// Samples it draws, unless the spec says otherwise; zero where it draws none.
    pub n_samples: u64,
    /// Builds it.
    pub build: BuildProbe,
}

impl ProbeKind {
    /// Reads a probe's own table: steps between readings, and samples to draw.
    pub(crate) fn read(&self, own: &mut Fields<'_>) -> Result<(u64, u64), SpecError> {
        let doc = "steps between readings; 0 turns the probe off";
        let every = own.count("every_steps", doc, self.every_steps, 0..=1_000_000_000)?;
        let n = match self.n_samples {
            0 => 0,
            usual => own.count("n_samples", "samples to measure", usual, 16..=1_000_000)?,
        };
        Ok((every, n))
    }
}

/// Every probe.
#[rustfmt::skip]
pub const PROBES: &[ProbeKind] = &[
    ProbeKind { name: "gradients", doc: "norms of both players' gradients and of G's loss at its output", every_steps: 100, n_samples: 0, build: gradients::build },
    ProbeKind { name: "modes", doc: "modes captured, high-quality share and reverse KL, where modes are known", every_steps: 500, n_samples: 2500, build: modes::build },
    ProbeKind { name: "classes", doc: "classes captured, reverse KL and classifier score, for labelled images", every_steps: 500, n_samples: 2500, build: classes::build },
    ProbeKind { name: "channels", doc: "modes captured and reverse KL, for stacks of labelled images", every_steps: 5000, n_samples: 25_600, build: channels::build },
];

/// A probe that is on.
pub(crate) struct Scheduled {
    pub probe: Box<dyn Probe>,
    pub every_steps: u64,
    pub n_samples: usize,
}

/// The probes of a run, and how often each reads.
pub struct Probes(Vec<(ProbeKind, u64, usize)>);

impl Probes {
    /// Reads `[probes.NAME]` for every probe there is.
    pub(crate) fn read(root: &mut Fields<'_>, kinds: &[ProbeKind]) -> Result<Probes, SpecError> {
        let mut fields = root.table("probes", "readings of the live game")?;
        let mut all = Vec::new();
        for kind in kinds {
            let mut own = fields.table(kind.name, kind.doc)?;
            let (every, n) = kind.read(&mut own)?;
            fields.resolved(kind.name, own.finish()?);
            all.push((*kind, every, n as usize));
        }
        root.resolved("probes", fields.finish()?);
        Ok(Probes(all))
    }

    /// Builds those that are on and apply.
    pub(crate) fn build(&self, site: &mut Site<'_>) -> Result<Vec<Scheduled>, TrainError> {
        let mut built = Vec::new();
        for &(kind, every_steps, n_samples) in self.0.iter().filter(|(_, every, _)| *every > 0) {
            if let Some(probe) = (kind.build)(site)? {
                built.push(Scheduled { probe, every_steps, n_samples });
            }
        }
        Ok(built)
    }
}
