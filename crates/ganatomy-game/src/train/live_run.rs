//! A run while it goes: its tensors, its bound programs, and what is due when.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ganatomy_record::{Checkpoints, Direction, Event, RunReader, Sink};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Store};

use super::picture::Camera;
use super::{Feed, Feeding, Session, TrainError};
use crate::average;
use crate::checkpoint::{CheckpointError, Description, encode, first_not_finite, is_state, load};
use crate::data::BatchKey;
use crate::game::Who;
use crate::plan::{Plan, cadence::due};
use crate::probe::{Live, Probe, Scheduled, Site};
use crate::programs::{self, Traced, bind};
use crate::snapshot::{Snapshot, keep};

/// The reading by which the best checkpoint is chosen, where the run has it.
const SCORE: (&str, Direction) = ("samples/reverse_kl", Direction::Down);

/// Everything that changes while a run goes.
pub(super) struct LiveRun<'a> {
    pub plan: &'a Plan,
    session: &'a Session<'a>,
    store: Store<f32>,
    traced: Traced,
    program: Bound<f32>,
    real: Vec<RealBatch>,
    feed: Option<Box<dyn Feed>>,
    labels: Vec<u32>,
    probes: Vec<Scheduled>,
    snapshot: Snapshot,
    camera: Camera,
    checkpoints: Option<Checkpoints>,
    step: u64,
    secs_before: f64,
}

impl<'a> LiveRun<'a> {
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
        let snapshot = Snapshot::new(&plan.generator, !plan.average.is_none(), true, cpu, &mut store)?;
        let camera = Camera::new(plan, cpu, &mut store)?;
        let (cache_dir, progress) = (session.cache_dir, session.progress);
        let mut site = Site { plan, cpu, store: &mut store, cache_dir, progress };
        let probes = plan.probes.build(&mut site)?;
        let better = if probes.iter().any(|p| has(&*p.probe, SCORE.0)) { SCORE.1 } else { Direction::None };
        let checkpoints = match session.folder {
            Some(folder) => Some(open_checkpoints(plan, folder, better, step)?),
            None => None,
        };
        let real = traced.real_batches().into_iter().map(|name| RealBatch::new(name, &store)).collect();
        let labels = vec![0; plan.batch];
        Ok(LiveRun {
            plan,
            session,
            store,
            traced,
            program,
            real,
            feed,
            labels,
            probes,
            snapshot,
            camera,
            checkpoints,
            step,
            secs_before,
        })
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Seconds of training, sessions before this one included.
    pub fn secs(&self) -> f64 {
        self.secs_before + (self.session.clock)()
    }

    /// The first event of the session.
    pub fn opening(&self) -> Event {
        if self.session.resume && self.step > 0 {
            return Event::Resumed { step: self.step, secs: self.secs_before };
        }
        // Losses and accuracies of an adversarial game have no good direction.
        let mut directions: BTreeMap<String, Direction> =
            self.traced.names().map(|name| (name.to_owned(), Direction::None)).collect();
        directions.extend(self.probes.iter().flat_map(|p| p.probe.readings()));
        Event::Started {
            step: self.step,
            secs: self.secs_before,
            version: self.session.version.to_owned(),
            host: self.session.host.to_owned(),
            threads: self.session.cpu.threads(),
            directions,
        }
    }

    /// One step, which allocates nothing; answers the name of a reading that stopped being finite.
    pub fn advance(&mut self) -> Result<Option<String>, TrainError> {
        let (plan, n_real) = (self.plan, self.real.len() as u64);
        for (i, name) in self.real.iter().enumerate() {
            // Batches are numbered through, so that an epoch sees every item once whatever the scheme.
            let key = BatchKey { seed: plan.seed, step: self.step * n_real + i as u64, draw: 0 };
            plan.data.fill(key, self.store.get_mut(&name.items)?.values_mut(), &mut self.labels);
            if let Some(labels) = &name.labels {
                let labels = self.store.get_mut(labels)?;
                labels.values_mut().iter_mut().zip(&self.labels).for_each(|(to, from)| *to = *from as f32);
            }
        }
        if let Some(feed) = &mut self.feed {
            let (cpu, step) = (self.session.cpu, self.step);
            feed.before_step(&mut Feeding { plan, cpu, store: &mut self.store, step })?;
        }
        self.program.run(self.session.cpu, &mut self.store, Key { seed: plan.seed, step: self.step });
        self.step += 1;
        let broken = self.traced.read(&self.store).find(|(_, value)| !value.is_finite());
        Ok(broken.map(|(name, _)| name.to_owned()))
    }

    /// The readings that are due now, if any are.
    pub fn readings_due(&mut self) -> Result<Option<BTreeMap<String, f64>>, TrainError> {
        let (step, last) = (self.step, self.plan.steps);
        let mut values = BTreeMap::new();
        for Scheduled { probe, every_steps, n_samples } in &mut self.probes {
            if due(*every_steps, step, last) {
                let mut live = Live {
                    plan: self.plan,
                    cpu: self.session.cpu,
                    store: &mut self.store,
                    snapshot: &mut self.snapshot,
                    step,
                    n_samples: *n_samples,
                };
                values.extend(probe.read(&mut live)?);
            }
        }
        if due(self.plan.cadence.readings_every_steps, step, last) || !values.is_empty() {
            values.extend(self.traced.read(&self.store).map(|(name, value)| (name.to_owned(), value)));
        }
        Ok((!values.is_empty()).then_some(values))
    }

    /// The number that checkpoints are compared by.
    pub fn score(&self, values: &BTreeMap<String, f64>) -> Option<f64> {
        values.get(SCORE.0).copied()
    }

    /// The name of a state tensor that is not finite.
    pub fn broken_tensor(&self) -> Option<String> {
        first_not_finite(&self.store)
    }

    /// Stores a picture and tells of it.
    pub fn tell_samples(&mut self, sink: &mut dyn Sink) -> Result<ControlFlow<()>, TrainError> {
        let Some(folder) = self.session.folder else {
            return Ok(ControlFlow::Continue(()));
        };
        let cpu = self.session.cpu;
        let picture = self.camera.take(self.plan, cpu, &mut self.store, &mut self.snapshot, self.step)?;
        let file = picture.write(folder)?;
        Ok(sink.receive(&Event::Samples { step: self.step, secs: self.secs(), file })?)
    }

    /// Stores a checkpoint and tells of it.
    pub fn tell_checkpoint(
        &mut self,
        score: Option<f64>,
        sink: &mut dyn Sink,
    ) -> Result<ControlFlow<()>, TrainError> {
        let Some(checkpoints) = &mut self.checkpoints else {
            return Ok(ControlFlow::Continue(()));
        };
        let description = Description {
            step: self.step,
            item: self.plan.generator.item.clone(),
            n_classes: self.plan.data.n_classes(),
            data: self.plan.data.fingerprint(),
        };
        let file = checkpoints.store(self.step, &encode(&self.store, &description)?, score)?;
        Ok(sink.receive(&Event::Checkpoint { step: self.step, secs: self.secs(), file })?)
    }
}

/// Where a real batch goes in the store.
struct RealBatch {
    items: String,
    /// Where its classes go, if the program wants them.
    labels: Option<String>,
}

impl RealBatch {
    fn new(items: String, store: &Store<f32>) -> RealBatch {
        let labels = items.replacen("real.", "labels.", 1);
        RealBatch { labels: store.get(&labels).is_ok().then_some(labels), items }
    }
}

/// Parameters and statistics as they are before training.
pub(crate) fn initial(plan: &Plan) -> Result<Store<f32>, TrainError> {
    let mut store = Store::new();
    store.insert("step", [], vec![0.0])?;
    for player in plan.game.players() {
        for d in &player.declared {
            let values = d.init.values(&d.shape, &d.name, plan.seed);
            if player.who == Who::GENERATOR && !plan.average.is_none() {
                store.insert(&average::name(&d.name), d.shape.clone(), values.clone())?;
            }
            store.insert(&d.name, d.shape.clone(), values)?;
        }
    }
    Ok(store)
}

/// Loads the latest checkpoint, if there is one; answers its step and its seconds.
fn resume(plan: &Plan, session: &Session<'_>, store: &mut Store<f32>) -> Result<(u64, f64), TrainError> {
    let latest = match session.folder {
        Some(folder) => Checkpoints::latest(folder)?.map(|file| (folder, file)),
        None => None,
    };
    let Some((folder, file)) = latest else {
        return Ok((0, 0.0));
    };
    let description = load(&file, store)?;
    let wanted = plan.data.fingerprint();
    if description.data != wanted {
        let (path, found) = (file.path.display().to_string(), description.data);
        return Err(CheckpointError::Data { path, found, wanted }.into());
    }
    let step = description.step.min(plan.steps);
    let secs = RunReader::open(folder).read_all()?.iter().rev().find_map(|event| match event {
        // A run killed right after storing a checkpoint has not told of it: the last event before counts.
        event if event.step() <= description.step => Some(event.secs()),
        _ => None,
    });
    Ok((step, secs.unwrap_or(0.0)))
}

fn open_checkpoints(
    plan: &Plan,
    folder: &ganatomy_record::RunFolder,
    better: Direction,
    step: u64,
) -> Result<Checkpoints, TrainError> {
    let mut checkpoints = Checkpoints::open(folder, plan.cadence.keep_last, better)?;
    checkpoints.rewind(step)?;
    Ok(checkpoints)
}

fn has(probe: &dyn Probe, name: &str) -> bool {
    probe.readings().iter().any(|(known, _)| known == name)
}
