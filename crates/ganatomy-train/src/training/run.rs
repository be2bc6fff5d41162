//! A run while it goes: its tensors, its bound programs, and what is due when.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ganatomy_game::step::Feed;
use ganatomy_record::{Checkpoints, Direction};
use ganatomy_tensor::{Key, Store, StoreError};

use super::Session;
use super::host::Hosted;
use super::inherit::Inherited;
use super::late::Late;
use super::mover::Mover;
use super::picture::Camera;
use super::start::{Start, check_unused, open_checkpoints, start};
use crate::error::TrainError;
use crate::look::{Live, Looks};
use crate::plan::{Plan, best::best_by, cadence::due};
use crate::probe::{Later, Scheduled, Site};
use crate::programs::Traced;
use crate::reader::StepBatches;
use crate::snapshot::keep;
use crate::spare::spare_threads;
use crate::state::{STEP, first_not_finite, initial};
use crate::steps::Steps;

/// Numbers of a batch from which on a thread of its own reads it.
const WORTH_A_READER: usize = 1 << 14;

/// A run that is driven by hand: it trains as many steps as it is asked for, can be looked into at any moment (see
/// [`Live`]), and goes on as if nobody had looked. It owns what it needs and may be sent to another thread.
///
/// ```
/// use ganatomy_data::DataContext;
/// use ganatomy_record::RunSpec;
/// use ganatomy_tensor::Cpu;
/// use ganatomy_train::{Plan, Session, Training};
///
/// let plan = Plan::new(&RunSpec::parse("batch = 16\n", "example")?, &DataContext::default())?;
/// let mut training = Training::new(plan, Session::in_memory(Cpu::new(1)))?;
/// let broken = training.advance(3)?;
/// assert_eq!((broken, training.step()), (None, 3));
/// assert_eq!(training.samples(5, 1)?.len(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Training {
    pub(crate) plan: Arc<Plan>,
    pub(super) session: Session,
    pub(crate) store: Store<f32>,
    pub(super) looks: Looks,
    pub(super) traced: Arc<Traced>,
    pub(super) mover: Mover,
    pub(super) real: StepBatches,
    feed: Option<Box<dyn Feed>>,
    /// Built when they are first asked for.
    pub(super) probes: Option<Vec<Scheduled>>,
    /// Where there is a folder for its pictures.
    pub(super) camera: Option<Camera>,
    pub(super) checkpoints: Option<Checkpoints>,
    /// The reading that the best of them is chosen by.
    pub(super) best_by: Option<(String, Direction)>,
    /// The readings of an earlier moment that are being worked out.
    pub(super) late: Option<Late>,
    pub(super) step: u64,
    pub(super) secs_before: f64,
    /// Is it gone on with, from a checkpoint of its own?
    pub(super) resumed: bool,
    inherited: Option<Inherited>,
}

impl Training {
    /// A run before its next step: the first, or the one after a checkpoint, its own or its parent's.
    ///
    /// # Errors
    /// Parts that do not make a program, a checkpoint that cannot be gone on from, or a folder that holds another run's
    /// checkpoints.
    pub fn new(plan: impl Into<Arc<Plan>>, session: Session) -> Result<Training, TrainError> {
        let plan = plan.into();
        let traced = plan.traced()?;
        let mut training = Training::member(plan, session, traced)?;
        let Training { plan, session, store, traced, .. } = &mut training;
        let (steps, device) = (Steps::of(&plan.rules, &traced.program)?, session.device.as_deref());
        training.mover = Mover::new(&steps, plan, (&session.cpu, device), store)?;
        let Training { plan, session, real, mover, .. } = &mut training;
        // A processor that steps with all its threads has none to read with, unless what is read has to come from a file; and what is
        // little is read sooner than handed over.
        let (data, numel) = (&plan.rules.data, plan.rules.batch * plan.rules.item_len());
        let is_slow = data.n_items().is_some() && numel >= WORTH_A_READER;
        let is_free = is_slow && spare_threads(session.cpu.threads()) > 0;
        if mover.reads_ahead() || data.mapped_bytes() > 0 || is_free {
            real.read_ahead(mover.most());
        }
        Ok(training)
    }

    /// A run whose steps a population makes; `traced` is the step of any of its members.
    pub(super) fn member(
        plan: Arc<Plan>,
        session: Session,
        traced: Arc<Traced>,
    ) -> Result<Training, TrainError> {
        check_unused(&session)?;
        let (rules, cpu) = (&plan.rules, &*session.cpu);
        let mut store = initial(rules)?;
        // The updates' slots are inputs without a value yet: they start as zeros.
        for (name, shape) in traced.program.inputs() {
            store.place(name, shape)?;
        }
        // State that a step writes before it reads it belongs to a checkpoint too; readings are left there.
        for (name, shape) in traced.program.outputs() {
            store.place(name, shape)?;
        }
        keep(rules, &mut store)?;
        let (mut feed, mut looks) = (rules.game.feed(), Looks::default());
        if let Some(feed) = &mut feed {
            let (store, looks) = (&mut store, &mut looks);
            feed.place(&mut Hosted(Live { rules, cpu, store, looks, step: 0, n_samples: 0 }))?;
        }
        let Start { step, secs: secs_before, resumed, inherited } = start(&plan, &session, &mut store)?;
        let real = StepBatches::of(&traced.program);
        let camera = session.folder.as_ref().map(|_| Camera::new(rules, plan.cadence.n_samples));
        let (probes, checkpoints, best_by, late) = (None, None, None, None);
        let mut training = Training {
            plan,
            session,
            store,
            looks,
            traced,
            mover: Mover::Population,
            real,
            feed,
            probes,
            camera,
            checkpoints,
            best_by,
            late,
            step,
            secs_before,
            resumed,
            inherited,
        };
        training.open_checkpoints()?;
        Ok(training)
    }

    fn open_checkpoints(&mut self) -> Result<(), TrainError> {
        let Some(folder) = self.session.folder.clone() else {
            return Ok(());
        };
        let readings: Vec<_> = self.probes()?.iter().flat_map(|p| p.probe.readings()).collect();
        let best = best_by(&self.plan.cadence.best_by, &readings);
        self.best_by = best.map_err(|why| TrainError::BestBy { why })?;
        let judged_by = self.best_by.as_ref().map(|(name, better)| (name.as_str(), *better));
        self.checkpoints = Some(open_checkpoints(&self.plan, &folder, judged_by, self.step)?);
        Ok(())
    }

    /// What the run has from its parent, if it began at another run's checkpoint.
    pub fn inherited(&self) -> Option<&Inherited> {
        self.inherited.as_ref()
    }

    /// What is trained.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What surrounds the run.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The run at this moment, to be looked into.
    pub fn look(&mut self) -> Live<'_> {
        // Whoever looks may also change what is seen.
        self.mover.touched();
        let Training { plan, session, store, looks, step, .. } = self;
        Live { rules: &plan.rules, cpu: &session.cpu, store, looks, step: *step, n_samples: 0 }
    }

    /// Trains for so many steps, which may go beyond the plan's, or until something is no longer finite: then answers
    /// its name, that of a reading or of a tensor. A run with a folder stores its checkpoints when they are due.
    ///
    /// # Errors
    /// A step that cannot be made, or a checkpoint that cannot be stored.
    pub fn advance(&mut self, n_steps: u64) -> Result<Option<String>, TrainError> {
        let (every, last) = (self.plan.cadence.checkpoint_every_steps, self.plan.steps());
        let (stores, end) = (self.checkpoints.is_some(), self.step + n_steps);
        let is_due = |step: u64| stores && (due(every, step, last) || step == last);
        while self.step < end {
            if let Some(broken) = self.steps(self.steps_until(end, is_due))? {
                self.home()?;
                return Ok(Some(broken));
            }
            if is_due(self.step) {
                self.home()?;
                if let Some(broken) = first_not_finite(&self.store) {
                    return Ok(Some(broken));
                }
                self.store_checkpoint(None)?;
            }
        }
        self.home()?;
        Ok(first_not_finite(&self.store))
    }

    /// How many steps one call of a device can make, before anything is due or the end is reached; one at least.
    pub(super) fn steps_until(&self, end: u64, is_due: impl Fn(u64) -> bool) -> u64 {
        let most = end.saturating_sub(self.step).max(1);
        let key = Key { seed: self.plan.rules.seed, step: self.step };
        let most = self.mover.at_once(key, most);
        (1..most).find(|n| is_due(self.step + n)).unwrap_or(most)
    }

    /// Makes so many steps, which allocates nothing on this processor, or fewer where a reading stopped being finite: then answers its name.
    /// [`Training::steps_until`] says how many can be asked for.
    pub(super) fn steps(&mut self, n: u64) -> Result<Option<String>, TrainError> {
        let Training { plan, session, store, looks, step, mover, .. } = self;
        let (rules, cpu) = (&plan.rules, &*session.cpu);
        for nth in 0..n {
            self.real.fill(&rules.data, rules.seed, *step + nth, store)?;
            if let Some(feed) = &mut self.feed {
                mover.home(store)?;
                mover.touched();
                let live = Live { rules, cpu, store, looks, step: *step, n_samples: 0 };
                feed.before_step(&mut Hosted(live))?;
            }
            mover.take(store, nth)?;
        }
        count(store, *step)?;
        *step += mover.run(cpu, store, Key { seed: rules.seed, step: *step }, n)?;
        let broken = self.traced.read(store).find(|(_, value)| !value.is_finite());
        Ok(broken.map(|(name, _)| name.to_owned()))
    }

    /// Brings the state home, where the step is made on another device.
    pub(super) fn home(&mut self) -> Result<(), TrainError> {
        self.mover.home(&mut self.store)
    }

    /// The losses, logits and accuracies of the last step; zeros before the first.
    pub fn readings(&self) -> BTreeMap<String, f64> {
        self.traced.read(&self.store).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What every probe of the plan reads now.
    ///
    /// # Errors
    /// A probe that cannot be built or read.
    pub fn probe(&mut self) -> Result<BTreeMap<String, f64>, TrainError> {
        self.probed(|_| true, None)
    }

    /// The readings that are due now, if any are.
    pub(super) fn readings_due(&mut self) -> Result<Option<BTreeMap<String, f64>>, TrainError> {
        let (step, last) = (self.step, self.plan.steps());
        let mut later = Vec::new();
        let mut values = self.probed(|every_steps| due(every_steps, step, last), Some(&mut later))?;
        self.begin_late(later, &values)?;
        if due(self.plan.cadence.readings_every_steps, step, last) || !values.is_empty() {
            values.extend(self.readings());
        }
        Ok((!values.is_empty()).then_some(values))
    }

    /// The probes that are on and apply to the run.
    pub(super) fn probes(&mut self) -> Result<&mut Vec<Scheduled>, TrainError> {
        if self.probes.is_none() {
            self.home()?;
        }
        let Training { plan, session, store, probes, traced, .. } = self;
        match probes {
            Some(probes) => Ok(probes),
            None => {
                let Session { cpu, beside, cache_dir, progress, .. } = &*session;
                let (rules, beside, progress) = (&plan.rules, beside.as_ref(), &**progress);
                let mut site = Site { rules, cpu, beside, store, cache_dir, progress };
                Ok(probes.insert(plan.probes.build(&mut site, traced.names())?))
            }
        }
    }

    /// What the probes read whose cadence is wanted; what can be worked out later is only begun where there is a place for it.
    fn probed(
        &mut self,
        wanted: impl Fn(u64) -> bool,
        mut later: Option<&mut Vec<Later>>,
    ) -> Result<BTreeMap<String, f64>, TrainError> {
        self.probes()?;
        let Training { plan, session, store, looks, step, probes, .. } = self;
        let mut values = BTreeMap::new();
        for Scheduled { probe, n_samples, every_steps, .. } in probes.iter_mut().flatten() {
            if wanted(*every_steps) {
                let (rules, cpu, step, n_samples) = (&plan.rules, &*session.cpu, *step, *n_samples);
                let mut live = Live { rules, cpu, store, looks, step, n_samples };
                let begun = later.as_ref().map(|_| probe.begin(&mut live)).transpose()?.flatten();
                match (begun, &mut later) {
                    (Some(begun), Some(later)) => later.push(begun),
                    _ => values.extend(probe.read(&mut live)?),
                }
            }
        }
        Ok(values)
    }

    /// The tensors have been changed by hand: what a game prepared from them is no longer right.
    pub(super) fn touched(&mut self) {
        self.mover.touched();
        if let Some(feed) = &mut self.feed {
            feed.forget();
        }
    }
}

impl fmt::Debug for Training {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Training")
            .field("run", &self.plan.name())
            .field("step", &self.step)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// Tells the program the step where it can no longer count by itself: single precision has gaps from here on. The nearest number
/// does for everything that a step asks of it.
pub(super) fn count(store: &mut Store<f32>, step: u64) -> Result<(), StoreError> {
    if step >= 1 << 24 {
        store.get_mut(STEP)?.values_mut().fill(step as f32);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ganatomy_data::DataContext;
    use ganatomy_record::RunSpec;
    use ganatomy_tensor::Cpu;

    use super::*;

    #[test]
    fn steps_beyond_single_precision_are_counted() {
        let text = "steps = 33554437\nbatch = 8\nscheme = { kind = \"lookahead-minimax\", k = 3 }\n\
                    generator = { z_dims = 2, hidden = [4] }\n\
                    discriminator = { hidden = [4], update.schedule.kind = \"linear\" }\n";
        let spec = RunSpec::parse(text, "test").unwrap();
        let plan = Plan::new(&spec, &DataContext::default()).unwrap();
        let mut run = Training::new(plan, Session::in_memory(Cpu::new(1))).unwrap();
        run.advance(1).unwrap();
        let backtracks = |run: &mut Training| {
            let slow =
                |run: &Training| run.store.get("scheme.slow.generator.out.bias").unwrap().values().to_vec();
            let mut before = slow(run);
            (0..6)
                .map(|_| {
                    run.advance(1).unwrap();
                    let changed = slow(run) != before;
                    before = slow(run);
                    changed
                })
                .collect::<Vec<_>>()
        };
        let early = backtracks(&mut run);
        run.step = (1 << 25) - 5;
        let late = backtracks(&mut run);
        assert_eq!(early, [false, true, false, false, true, false]);
        assert_eq!(late, [false, true, false, false, true, false]);
        assert_eq!((run.step(), run.store.get(STEP).unwrap().values()), ((1 << 25) + 1, &[33_554_432.0][..]));
        run.advance(4).unwrap();
        assert_eq!(run.store.get(STEP).unwrap().values(), [33_554_436.0]);
    }
}
