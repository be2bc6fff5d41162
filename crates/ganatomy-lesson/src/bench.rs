//! The bench on which a lesson is worked out: how much to do, with which seed, and runs side by side.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ganatomy_data::{DataContext, Silent};
use ganatomy_record::{Event, Outcome, RecordError, RunSpec, Sink};
use ganatomy_tensor::{Cpu, Device};
use ganatomy_train::{Plan, Session, Training, train};

use super::LessonError;

/// How much a lesson does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Less than a minute.
    Quick,
    /// The published set-up, as far as two cores go; where there is none, more seeds.
    Full,
}

/// Receives the progress of a lesson's work; may be called from several threads at once.
pub trait Watch: Sync {
    /// Work of `total` parts begins.
    fn begin(&self, what: &str, total: u64);
    /// This many more parts are done.
    fn advance(&self, parts: u64);
    /// The work is done.
    fn end(&self);
}

/// Ignores all progress.
#[derive(Debug)]
pub struct Quiet;

impl Watch for Quiet {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// What a lesson works with.
pub struct Bench<'a> {
    /// How much to do.
    pub budget: Budget,
    /// The seed of every run; further runs take the numbers after it.
    pub seed: u64,
    /// How many runs go at once.
    pub threads: usize,
    /// What steps are made on, if not on this processor.
    pub device: Option<Arc<dyn Device>>,
    /// A folder of real data sets, where one was given.
    pub data: Option<PathBuf>,
    /// The folder where what was learned once may be kept.
    pub cache: PathBuf,
    /// Receives progress.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for Bench<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bench")
            .field("budget", &self.budget)
            .field("seed", &self.seed)
            .field("threads", &self.threads)
            .field("device", &self.device)
            .field("data", &self.data)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// A finished run.
#[derive(Debug)]
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// Everything it reported.
    pub events: Vec<Event>,
}

impl Run {
    /// A reading over the steps.
    pub fn series(&self, name: &str) -> Vec<[f64; 2]> {
        let reading = |event: &Event| match event {
            Event::Readings { step, values, .. } => Some([*step as f64, *values.get(name)?]),
            _ => None,
        };
        self.events.iter().filter_map(reading).collect()
    }

    /// The last value of a reading; NaN where there is none.
    pub fn last(&self, name: &str) -> f64 {
        self.series(name).last().map_or(f64::NAN, |point| point[1])
    }

    /// Modes captured at the end; none where the run diverged before they were counted.
    pub fn n_modes(&self) -> f64 {
        let modes = self.last("samples/n_modes");
        if modes.is_nan() || matches!(self.outcome, Outcome::Diverged { .. }) { 0.0 } else { modes }
    }
}

/// A run that was looked at on its way.
#[derive(Debug)]
pub struct Followed {
    /// What was seen, the start first.
    pub moments: Vec<Moment>,
    /// The quantity that stopped being finite, where one did.
    pub diverged: Option<String>,
}

/// A moment of a run.
#[derive(Debug)]
pub struct Moment {
    /// Steps done.
    pub step: u64,
    /// All readings.
    pub readings: BTreeMap<String, f64>,
    /// Items of the generator, from the same latent points at every moment.
    pub samples: Vec<f32>,
}

impl Followed {
    /// A reading over the steps.
    pub fn series(&self, name: &str) -> Vec<[f64; 2]> {
        let reading = |moment: &Moment| Some([moment.step as f64, *moment.readings.get(name)?]);
        self.moments.iter().filter_map(reading).collect()
    }

    /// The last value of a reading; NaN where there is none.
    pub fn last(&self, name: &str) -> f64 {
        self.series(name).last().map_or(f64::NAN, |point| point[1])
    }
}

impl Bench<'_> {
    /// The value of the budget: `quick` or `full`.
    pub fn pick<T>(&self, quick: T, full: T) -> T {
        if self.budget == Budget::Quick { quick } else { full }
    }

    /// The seeds of `n` runs.
    pub fn seeds(&self, n: usize) -> Vec<u64> {
        (self.seed..).take(n).collect()
    }

    /// A spec of several texts, each laid over those before, with a seed.
    ///
    /// # Errors
    /// A text that is not a spec.
    pub fn spec(&self, parts: &[&str], seed: u64) -> Result<RunSpec, LessonError> {
        let mut spec = RunSpec::parse("", "the lesson")?;
        for part in parts {
            spec.lay_over(&RunSpec::parse(part, "the lesson")?);
        }
        spec.set(&format!("seed={seed}"))?;
        Ok(spec)
    }

    /// The plan of a spec.
    ///
    /// # Errors
    /// A field whose value is not allowed, or data that cannot be read.
    pub fn plan(&self, spec: &RunSpec) -> Result<Arc<Plan>, LessonError> {
        let context = DataContext {
            data_dir: self.data.clone(),
            cache_dir: self.cache.clone(),
            threads: 1,
            progress: &Silent,
        };
        Ok(Arc::new(Plan::new(spec, &context)?))
    }

    /// The session of a run in memory on one thread.
    fn session(&self) -> Session {
        Session {
            cache_dir: self.cache.clone(),
            device: self.device.clone(),
            ..Session::in_memory(Cpu::new(1))
        }
    }

    /// A run in memory on one thread, before its first step.
    ///
    /// # Errors
    /// A step that cannot be compiled, or tensors that do not fit it.
    pub fn training(&self, plan: &Arc<Plan>) -> Result<Training, LessonError> {
        Ok(Training::new(Arc::clone(plan), self.session())?)
    }

    /// The folder of a real data set, if it was given.
    pub fn real(&self, set: &str) -> Option<&Path> {
        self.data.as_deref().filter(|folder| folder.join(set).is_dir())
    }

    /// Trains every spec, several at once on one thread each, and returns the runs in the same order.
    ///
    /// # Errors
    /// A spec that cannot be planned, or a run that cannot be made.
    pub fn train(&self, what: &str, specs: &[RunSpec]) -> Result<Vec<Run>, LessonError> {
        let plans = specs.iter().map(|spec| self.plan(spec)).collect::<Result<Vec<_>, _>>()?;
        let total = plans.iter().map(|plan| plan.steps()).sum();
        self.work(what, total, &plans, |plan| {
            let mut kept = Kept { events: Vec::new(), watch: self.watch };
            let outcome = train(Arc::clone(plan), self.session(), &mut kept)?;
            Ok(Run { outcome, events: kept.events })
        })
    }

    /// Trains every spec as [`Bench::train`] does, and keeps a [`Moment`] at the start and every `every_steps` steps: all
    /// readings, and `n_samples` samples of the same latent points.
    ///
    /// # Errors
    /// A spec that cannot be planned, or a run that cannot be made.
    pub fn follow(
        &self,
        what: &str,
        specs: &[RunSpec],
        every_steps: u64,
        n_samples: usize,
    ) -> Result<Vec<Followed>, LessonError> {
        let plans = specs.iter().map(|spec| self.plan(spec)).collect::<Result<Vec<_>, _>>()?;
        let total = plans.iter().map(|plan| plan.steps()).sum();
        self.work(what, total, &plans, |plan| {
            self.follow_one(plan, every_steps, n_samples, |steps| self.watch.advance(steps))
        })
    }

    /// One run, looked at as [`Bench::follow`] does; tells how many steps it made.
    ///
    /// # Errors
    /// A run that cannot be made.
    pub fn follow_one(
        &self,
        plan: &Arc<Plan>,
        every_steps: u64,
        n_samples: usize,
        made: impl Fn(u64),
    ) -> Result<Followed, LessonError> {
        let mut training = self.training(plan)?;
        let mut followed = Followed { moments: Vec::new(), diverged: None };
        loop {
            let mut readings = training.probe()?;
            readings.extend(training.readings());
            let (step, samples) = (training.step(), training.samples(n_samples, plan.seed())?);
            followed.moments.push(Moment { step, readings, samples });
            let left = plan.steps().saturating_sub(step).min(every_steps);
            if left == 0 || followed.diverged.is_some() {
                return Ok(followed);
            }
            followed.diverged = training.advance(left)?;
            made(left);
        }
    }

    /// Does `work` for every item, several at once, and returns the results in the same order.
    ///
    /// # Errors
    /// An error of `work`.
    pub fn each<T: Sync, R: Send>(
        &self,
        what: &str,
        items: &[T],
        work: impl Fn(&T) -> Result<R, LessonError> + Sync,
    ) -> Result<Vec<R>, LessonError> {
        self.work(what, items.len() as u64, items, |item| {
            let done = work(item)?;
            self.watch.advance(1);
            Ok(done)
        })
    }

    fn work<T: Sync, R: Send>(
        &self,
        what: &str,
        total: u64,
        items: &[T],
        work: impl Fn(&T) -> Result<R, LessonError> + Sync,
    ) -> Result<Vec<R>, LessonError> {
        self.watch.begin(what, total);
        let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let worker = || {
            while let Some((i, item)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, items.get(i)?)))
            {
                let result = work(item);
                // Once one has failed, the rest is not done.
                if result.is_err() {
                    next.store(items.len(), Ordering::Relaxed);
                }
                if let Ok(mut found) = found.lock() {
                    found.push((i, result));
                }
            }
        };
        std::thread::scope(|scope| {
            (1..self.threads.min(items.len())).for_each(|_| {
                scope.spawn(worker);
            });
            worker();
        });
        self.watch.end();
        let mut found = found.into_inner().unwrap_or_default();
        found.sort_by_key(|(i, _)| *i);
        found.into_iter().map(|(_, result)| result).collect()
    }
}

/// Trains `n_steps` steps of a run that the rest of a lesson needs: a divergence is an error.
pub(crate) fn advance(training: &mut Training, n_steps: u64) -> Result<(), LessonError> {
    match training.advance(n_steps)? {
        Some(quantity) => Err(LessonError::Diverged { quantity, step: training.step() }),
        None => Ok(()),
    }
}

/// Keeps readings and counts steps.
struct Kept<'a> {
    events: Vec<Event>,
    watch: &'a dyn Watch,
}

impl Sink for Kept<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        match event {
            Event::Step { .. } => self.watch.advance(1),
            event => self.events.push(event.clone()),
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    const SMALL: &str =
        "steps = 12\nbatch = 8\ngenerator = { hidden = [4] }\ndiscriminator = { hidden = [4] }\n";

    fn bench(threads: usize) -> Bench<'static> {
        let (data, cache) = (None, PathBuf::new());
        Bench { budget: Budget::Quick, seed: 3, threads, device: None, data, cache, watch: &Quiet }
    }

    #[test]
    fn runs_side_by_side_equal_runs_in_turn() {
        let seen = |threads: usize| {
            let bench = bench(threads);
            let specs: Vec<RunSpec> =
                bench.seeds(5).into_iter().map(|seed| bench.spec(&[SMALL], seed).unwrap()).collect();
            let followed = bench.follow("small", &specs, 5, 4).unwrap();
            let moments: Vec<(u64, Vec<f32>)> =
                followed.into_iter().flat_map(|run| run.moments).map(|m| (m.step, m.samples)).collect();
            (
                moments,
                bench.train("small", &specs).unwrap().iter().map(|run| run.last("generator/loss")).collect(),
            )
        };
        let (moments, losses): (_, Vec<f64>) = seen(1);
        assert_eq!(moments.iter().take(4).map(|moment| moment.0).collect::<Vec<_>>(), [0, 5, 10, 12]);
        assert_ne!(moments[0].1, moments[4].1, "seeds differ");
        assert_eq!(seen(3), (moments, losses));
    }

    #[test]
    fn the_first_failure_is_returned() {
        let refuse = |item: &u64| match item {
            3 => Err(LessonError::Other("three".to_owned())),
            item => Ok(*item),
        };
        assert_eq!(bench(2).each("numbers", &[1, 2], refuse).unwrap(), [1, 2]);
        assert_eq!(bench(2).each("numbers", &[1, 3, 5], refuse).unwrap_err().to_string(), "three");
    }
}
