//! A run while it goes: its tensors, its bound programs, and what is due when.

use std::collections::BTreeMap;

use ganatomy_record::{Checkpoints, Direction};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Store};

use super::picture::Camera;
use super::start::{initial, open_checkpoints, resume};
use super::{Feed, Feeding, RealBatches, Session, TrainError};
use crate::checkpoint::{first_not_finite, is_state};
use crate::data::BatchKey;
use crate::look::Looks;
use crate::plan::{Plan, cadence::due};
use crate::probe::{Live, Probe, Scheduled, Site};
use crate::programs::{self, Traced, bind};
use crate::snapshot::{Snapshot, keep};

/// The reading by which the best checkpoint is chosen, where the run has it.
pub(super) const SCORE: (&str, Direction) = ("samples/reverse_kl", Direction::Down);

/// A run that is driven by hand: it trains as many steps as it is told to, can be looked into at any moment (see
/// [`look`](crate::look)), and goes on as if nobody had looked.
///
/// ```
/// use ganatomy_game::{Plan, Session, Training, data::DataContext, data::Silent};
/// use ganatomy_record::RunSpec;
/// use ganatomy_tensor::Cpu;
///
/// let spec = RunSpec::parse("batch = 16\n", "example")?;
/// let context = DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
/// let plan = Plan::new(&spec, &context)?;
/// let (cpu, clock) = (Cpu::new(1), || 0.0);
/// let session = Session::in_memory(&cpu, &clock);
/// let mut training = Training::new(&plan, &session)?;
/// let broken = training.advance(3)?;
/// assert_eq!((broken, training.step()), (None, 3));
/// assert_eq!(training.samples(5, 1)?.len(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Training<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) session: &'a Session<'a>,
    pub(crate) store: Store<f32>,
    pub(crate) snapshot: Snapshot,
    pub(crate) looks: Looks,
    pub(super) traced: Traced,
    program: Bound<f32>,
    real: RealBatches,
    feed: Option<Box<dyn Feed>>,
    pub(super) probes: Vec<Scheduled>,
    /// Where there is a folder for its pictures.
    pub(super) camera: Option<Camera>,
    pub(super) checkpoints: Option<Checkpoints>,
    pub(super) step: u64,
    pub(super) secs_before: f64,
}

impl<'a> Training<'a> {
    /// A run before its next step: the first, or the one after the folder's latest checkpoint.
    pub fn new(plan: &'a Plan, session: &'a Session<'a>) -> Result<Self, TrainError> {
        let cpu = session.cpu;
        let mut store = initial(plan)?;
        let traced = programs::step(plan)?;
        // Slots of updates are inputs that nobody has made yet: they start as zeros.
        for (name, shape) in traced.program.inputs() {
            store.place(name, shape)?;
        }
        // State that a step writes before it reads it belongs to a checkpoint too.
        for (name, shape) in traced.program.outputs().into_iter().filter(|(name, _)| is_state(name)) {
            store.place(name, shape)?;
        }
        keep(plan, &mut store)?;
        let mut feed = plan.game.feed();
        if let Some(feed) = &mut feed {
            feed.place(plan, &mut store)?;
        }
        let (step, secs_before) = match session.resume {
            true => resume(plan, session, &mut store)?,
            false => (0, 0.0),
        };
        let program = bind(&traced.program, cpu, &mut store)?;
        let real = RealBatches::of(&traced.program);
        let snapshot = Snapshot::new(&plan.generator, !plan.average.is_none(), true, cpu, &mut store)?;
        let camera = session.folder.map(|_| Camera::new(plan, cpu, &mut store)).transpose()?;
        let (cache_dir, progress) = (session.cache_dir, session.progress);
        let mut site = Site { plan, cpu, store: &mut store, cache_dir, progress };
        let probes = plan.probes.build(&mut site)?;
        let better = if probes.iter().any(|p| has(&*p.probe, SCORE.0)) { SCORE.1 } else { Direction::None };
        let checkpoints = match session.folder {
            Some(folder) => Some(open_checkpoints(plan, folder, better, step)?),
            None => None,
        };
        Ok(Training {
            plan,
            session,
            store,
            snapshot,
            looks: Looks::default(),
            traced,
            program,
            real,
            feed,
            probes,
            camera,
            checkpoints,
            step,
            secs_before,
        })
    }

    /// What is trained.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Trains for so many steps, which may go beyond the plan's, or until something is no longer finite: then answers
    /// its name, that of a reading or of a tensor.
    pub fn advance(&mut self, n_steps: u64) -> Result<Option<String>, TrainError> {
        for _ in 0..n_steps {
            if let Some(broken) = self.one_step()? {
                return Ok(Some(broken));
            }
        }
        Ok(first_not_finite(&self.store))
    }

    /// One step, which allocates nothing; answers the name of a reading that stopped being finite.
    pub(super) fn one_step(&mut self) -> Result<Option<String>, TrainError> {
        let plan = self.plan;
        // Batches are numbered through, so that an epoch sees every item once whatever the scheme.
        let first = BatchKey { seed: plan.seed, step: self.step * self.real.len() as u64, draw: 0 };
        self.real.fill(&*plan.data, first, &mut self.store)?;
        if let Some(feed) = &mut self.feed {
            let (cpu, step) = (self.session.cpu, self.step);
            feed.before_step(&mut Feeding { plan, cpu, store: &mut self.store, step })?;
        }
        self.program.run(self.session.cpu, &mut self.store, Key { seed: plan.seed, step: self.step });
        self.step += 1;
        let broken = self.traced.read(&self.store).find(|(_, value)| !value.is_finite());
        Ok(broken.map(|(name, _)| name.to_owned()))
    }

    /// The losses, logits and accuracies of the last step; zeros before the first.
    pub fn readings(&self) -> BTreeMap<String, f64> {
        self.traced.read(&self.store).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What every probe of the plan reads now.
    pub fn probe(&mut self) -> Result<BTreeMap<String, f64>, TrainError> {
        self.probed(|_| true)
    }

    /// The readings that are due now, if any are.
    pub(super) fn readings_due(&mut self) -> Result<Option<BTreeMap<String, f64>>, TrainError> {
        let (step, last) = (self.step, self.plan.steps);
        let mut values = self.probed(|every_steps| due(every_steps, step, last))?;
        if due(self.plan.cadence.readings_every_steps, step, last) || !values.is_empty() {
            values.extend(self.readings());
        }
        Ok((!values.is_empty()).then_some(values))
    }

    /// What the probes read whose cadence is wanted.
    fn probed(&mut self, wanted: impl Fn(u64) -> bool) -> Result<BTreeMap<String, f64>, TrainError> {
        let mut values = BTreeMap::new();
        for Scheduled { probe, n_samples, .. } in self.probes.iter_mut().filter(|p| wanted(p.every_steps)) {
            let mut live = Live {
                plan: self.plan,
                cpu: self.session.cpu,
                store: &mut self.store,
                snapshot: &mut self.snapshot,
                step: self.step,
                n_samples: *n_samples,
            };
            values.extend(probe.read(&mut live)?);
        }
        Ok(values)
    }
}

fn has(probe: &dyn Probe, name: &str) -> bool {
    probe.readings().iter().any(|(known, _)| known == name)
}
