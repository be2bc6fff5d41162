//! `ganatomy train`: from a spec to a trained generator.

mod annotate;
mod begin;
mod continuation;
mod fork;
mod options;
mod plan;
mod population;
mod source;
mod stop_when;
mod treated;
mod vectors;
mod withdraw;

use std::cell::OnceCell;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use ganatomy_clinic::{Attend, Facts, Watch};
use ganatomy_record::{Checkpoints, Outcome, Recorder, RunFolder};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Need, Registry, Session, TrainError, available_bytes, spare_threads, train};

use super::failure::Failure;
use super::report::Report;
use super::screen::{self, Screen};
use super::sink::{Draw, Halt, HaltWhen, Interrupt, Preparing, Progress, Stop, Tell, Together};
use super::{places, text};
use begin::Beginning;
pub(super) use options::Train;
use plan::Planned;
use treated::Treated;

/// How a run came to its end before its last step.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(
        "the run diverged: {quantity} is no longer a finite number; see what it did with {show}{}",
        fork.as_ref().map(|fork| format!(", and begin again before that with {fork}")).unwrap_or_default()
    )]
    Diverged { quantity: String, show: String, fork: Option<String> },
    #[error("the run was interrupted; go on with {resume}")]
    Interrupted { resume: String },
    #[error("{0}")]
    Struck(stop_when::Struck),
    #[error("{why}; nothing of the run was kept, and the same command begins it again")]
    Early { why: String },
    #[error("{why}; the run is as it was: go on with {resume}")]
    EarlyAgain { why: String, resume: String },
    #[error("the run failed: {reason}")]
    Failed { reason: String },
    #[error("{source}; once that is mended, go on with {resume}")]
    Broken { source: TrainError, resume: String },
}

impl Train {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        if self.is_population() {
            return self.populate(registry);
        }
        let screen = Screen::new();
        stop_when::check(&self.stop_when)?;
        let mut planned = Planned::new(self, registry, &screen)?;
        let interrupt = Interrupt::listen().map_err(Failure::run)?;
        planned.device = self.device.open()?;
        planned.check_shared()?;
        let need = interrupt.answer_for(&screen, || self.end_unbegun(), || planned.need(&screen))?;
        if self.dry_run && !self.time {
            return planned.print(&need, None, self.json);
        }
        afford(&need)?;
        if self.dry_run {
            let pace = interrupt.answer_for(
                &screen,
                || self.end_unbegun(),
                || planned.pace(self, &screen, &interrupt),
            )?;
            return planned.print(&need, Some(&pace), self.json);
        }
        if let Some(run) = self.in_treatment() {
            let kept = Treated::of(&planned);
            drop(planned);
            screen.line(&format!("{} goes on with its treatment", run.display()));
            return match self.treated(run, &kept, registry, &interrupt, &screen)? {
                Some(next) => next.run(registry),
                None => self.as_it_was(run, &screen).run(registry),
            };
        }
        let beginning = Beginning::new(self, &planned)?;
        let halt_when =
            HaltWhen { names: &self.stop_when, ill_for: self.patience(&planned, &beginning.folder) };
        let (outcome, halt) = play(&planned, &beginning, &interrupt, halt_when, &screen)?;
        let path = beginning.folder.path().to_owned();
        let mut folder = beginning.folder;
        if let Some(why) = self.ill(&outcome, halt.as_ref(), &path, &interrupt) {
            // A run that is being written cannot be treated, and its device and data are needed for others.
            drop(folder);
            let kept = Treated::of(&planned);
            drop(planned);
            screen.line(&format!("{} {why}", path.display()));
            match self.treated(&path, &kept, registry, &interrupt, &screen)? {
                Some(next) => return next.run(registry),
                // It would only diverge again.
                None if matches!(outcome, Outcome::Diverged { .. }) => {}
                None => return self.as_it_was(&path, &screen).run(registry),
            }
            folder = RunFolder::open(&path).map_err(Failure::run)?;
        }
        let report = Report::of(&folder).map_err(Failure::run)?;
        if self.json {
            screen::print_json(&report)?;
        } else {
            screen::print(&format!("{}{}", report.to_text(), report.next_commands()))?;
        }
        judge(outcome, halt, &folder, self.again(&path))
    }
}

impl Train {
    /// Ends the process while the step is compiled, which does not ask whether to stop. Nothing has been written then.
    fn end_unbegun(&self) {
        let why = "interrupted before the first step".to_owned();
        let early = match &self.resume {
            None => Stopped::Early { why },
            Some(run) => {
                let resume = text::command(&["train", "--resume", &run.display().to_string()]);
                Stopped::EarlyAgain { why, resume }
            }
        };
        Failure::run(early).report();
        std::process::exit(1);
    }
}

/// Refuses a run that takes more memory than there is.
fn afford(need: &Need) -> Result<(), Failure> {
    match available_bytes().and_then(|free| need.refusal(free)) {
        Some(why) => Err(Failure::request(why)),
        None => Ok(()),
    }
}

/// Trains, with every sink listening. Answers how it ended, and by what the clinic stopped it, if it did.
fn play(
    planned: &Planned,
    beginning: &Beginning,
    interrupt: &Interrupt,
    halt_when: HaltWhen<'_>,
    screen: &Screen,
) -> Result<(Outcome, Option<Halt>), Failure> {
    let Planned { plan, threads, host, .. } = planned;
    let folder = &beginning.folder;
    let record = Recorder::new(folder, host, screen::now, beginning.renewed.clone());
    let halt = OnceCell::new();
    let watch = Watch::of(folder, Facts::of_plan(&planned.table())).map_err(Failure::request)?;
    let tell = Tell::new(screen, halt_when, &halt);
    let attend = Attend::new(record, watch, |step, changes, watch| tell.hear(step, changes, watch));
    let mut sinks = Together::new(vec![
        Box::new(Draw::new(attend, folder, screen)),
        Box::new(Progress::new(screen, plan.steps(), planned.headline(folder.path()))),
        Box::new(Stop::new(interrupt, screen)),
    ]);
    // Starts when it is first asked, so that what is prepared before the first step does not count.
    let begun = OnceLock::new();
    let session = Session {
        folder: Some(folder.clone()),
        cpu: Arc::new(Cpu::new(*threads)),
        device: planned.device(),
        beside: Some(spare_threads(*threads)).filter(|n| *n > 0).map(|n| Arc::new(Cpu::new(n))),
        clock: Arc::new(move || begun.get_or_init(Instant::now).elapsed().as_secs_f64()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: host.clone(),
        cache_dir: places::cache(),
        progress: Arc::new(Preparing::new(screen, Some(interrupt))),
        resume: beginning.renewed.is_some(),
        which: beginning.which,
        parent: planned.parent.as_ref().map(|parent| parent.file.clone()),
    };
    let leave = || end_early(beginning, "interrupted before the first step");
    let result = interrupt.answer_for(screen, leave, || train(Arc::clone(plan), session, &mut sinks));
    let made_steps = sinks.have_seen_a_step();
    // Ends the progress bar before anything else is said.
    drop(sinks);
    let outcome = result.map_err(|error| excuse(error, made_steps, beginning))?;
    Ok((outcome, halt.into_inner()))
}

/// The failure of a run that could not go on; one that could not begin leaves nothing behind.
fn excuse(error: TrainError, made_steps: bool, beginning: &Beginning) -> Failure {
    if error.is_stop() {
        return early(beginning, error.to_string());
    }
    if !made_steps {
        beginning.withdraw();
    }
    if !made_steps || error.is_request() {
        return Failure::request(error);
    }
    let resume = resume(&beginning.folder);
    Failure::run(Stopped::Broken { source: error, resume })
}

/// The failure of a run that was interrupted before its first report.
fn early(beginning: &Beginning, why: String) -> Failure {
    beginning.withdraw();
    Failure::run(match beginning.renewed {
        None => Stopped::Early { why },
        Some(_) => Stopped::EarlyAgain { why, resume: resume(&beginning.folder) },
    })
}

/// Ends the process, since compiling does not ask whether to stop. Nothing is being written then.
fn end_early(beginning: &Beginning, why: &str) {
    early(beginning, why.to_owned()).report();
    std::process::exit(1);
}

/// What to type to go on with a run.
fn resume(folder: &RunFolder) -> String {
    text::command(&["train", "--resume", &folder.path().display().to_string()])
}

/// A run that did not reach its last step is a failure, and so is one that was struck by a verdict on it.
fn judge(outcome: Outcome, halt: Option<Halt>, folder: &RunFolder, again: String) -> Result<(), Failure> {
    let is_struck = matches!(halt, Some(Halt::Struck(_)));
    let stopped = match (outcome, halt) {
        (outcome @ (Outcome::Done | Outcome::Interrupted), Some(Halt::Struck(finding))) => {
            Stopped::Struck(stop_when::Struck::new(finding, outcome == Outcome::Done, folder))
        }
        (Outcome::Done, _) => return Ok(()),
        (Outcome::Diverged { quantity }, _) => {
            let run = folder.path().display().to_string();
            let healthy = Checkpoints::healthy(folder).ok().flatten();
            let from = healthy.map(|file| format!("{run}@{}", file.step));
            let fork = from.map(|from| text::command(&["train", "--from", &from, "--set", "KEY=VALUE"]));
            Stopped::Diverged { quantity, show: text::command(&["show", &run]), fork }
        }
        (Outcome::Interrupted, _) => Stopped::Interrupted { resume: again },
        (Outcome::Failed { reason }, _) => Stopped::Failed { reason },
    };
    Err(if is_struck { Failure::Sick(Some(stopped.into())) } else { Failure::run(stopped) })
}
