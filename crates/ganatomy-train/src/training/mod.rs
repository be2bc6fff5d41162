//! The only loop: steps, readings, pictures and checkpoints, reported to a sink.

mod away;
mod hand;
mod host;
mod inherit;
mod late;
mod mover;
mod pace;
mod picture;
mod population;
mod report;
mod run;
mod session;
mod start;

use std::ops::ControlFlow;
use std::sync::Arc;

use ganatomy_record::{Event, Outcome, Sink};

pub use inherit::{Inherited, misfits};
pub use pace::Pace;
pub use population::{Entrant, NotTogether, Together};
pub use run::Training;
pub use session::{Clock, Session};

use crate::error::TrainError;
use crate::plan::{Plan, cadence::due};

/// Runs a plan to its end, to its divergence, or to the sink's `Break`.
///
/// The sink receives every event, `Finished` last. Divergence and interruption are outcomes, not errors.
///
/// # Errors
/// A run that cannot begin, or whose record cannot be kept.
pub fn train(
    plan: impl Into<Arc<Plan>>,
    session: Session,
    sink: &mut dyn Sink,
) -> Result<Outcome, TrainError> {
    let mut run = Training::new(plan, session)?;
    let result = drive(&mut run, sink);
    finish(&run, sink, result)
}

/// Reports how a run ended.
fn finish(
    run: &Training,
    sink: &mut dyn Sink,
    result: Result<Outcome, TrainError>,
) -> Result<Outcome, TrainError> {
    let outcome = match &result {
        Ok(outcome) => outcome.clone(),
        Err(error) => Outcome::Failed { reason: error.to_string() },
    };
    let (step, secs) = (run.step(), run.secs());
    // What stopped the run may stop this line from being written too; the first cause is the one to report.
    match (result, sink.receive(&Event::Finished { step, secs, outcome })) {
        (Ok(_), Err(error)) => Err(error.into()),
        (result, _) => result,
    }
}

fn drive(run: &mut Training, sink: &mut dyn Sink) -> Result<Outcome, TrainError> {
    let mut flow = begin(run, sink)?;
    let end = run.plan.steps();
    Ok(drive_to(run, sink, &mut flow, end)?.unwrap_or(Outcome::Done))
}

/// Reports what comes before the first step.
fn begin(run: &mut Training, sink: &mut dyn Sink) -> Result<ControlFlow<()>, TrainError> {
    let mut flow = ControlFlow::Continue(());
    for event in run.opening()? {
        flow = keep(flow, sink.receive(&event)?);
    }
    if let Some(device) = &run.session.device {
        let text = format!("the step runs on {}", device.name());
        flow = keep(flow, note(run, sink, text)?);
    }
    let every = run.plan.cadence.samples_every_steps;
    if let Some(text) = run.inherited().map(ToString::to_string) {
        flow = keep(flow, note(run, sink, text)?);
        // From here on the fork needs its parent no more.
        flow = keep(flow, run.report_checkpoint(None, sink)?);
    }
    if run.step() == 0 && every > 0 {
        flow = keep(flow, run.report_samples(sink)?);
    }
    run.probes()?;
    Ok(flow)
}

fn note(run: &Training, sink: &mut dyn Sink, text: String) -> Result<ControlFlow<()>, TrainError> {
    let (step, secs) = (run.step(), run.secs());
    Ok(sink.receive(&Event::Note { step, secs, text })?)
}

/// Makes a run's steps up to this one; answers how it ended before. `flow` is a stop that was asked for and not heeded yet.
fn drive_to(
    run: &mut Training,
    sink: &mut dyn Sink,
    flow: &mut ControlFlow<()>,
    end: u64,
) -> Result<Option<Outcome>, TrainError> {
    while run.step() < end {
        if flow.is_break() {
            return interrupted(run, sink).map(Some);
        }
        run.probes()?;
        let n = run.steps_until(end, |step| run.is_eventful_at(step));
        if let Some(quantity) = run.steps(n)? {
            let _already_over = run.report_late(true, sink)?;
            return Ok(Some(Outcome::Diverged { quantity }));
        }
        match report_step(run, sink)? {
            Ok(now) => *flow = keep(*flow, now),
            Err(quantity) => return Ok(Some(Outcome::Diverged { quantity })),
        }
    }
    Ok(None)
}

/// Stores where the run is stopped; or finds that it had diverged.
fn interrupted(run: &mut Training, sink: &mut dyn Sink) -> Result<Outcome, TrainError> {
    run.home()?;
    let (_already_stopping, score) = run.report_late(true, sink)?;
    if let Some(quantity) = run.broken_tensor() {
        return Ok(Outcome::Diverged { quantity });
    }
    let _already_stopping = run.report_checkpoint(score, sink)?;
    Ok(Outcome::Interrupted)
}

/// Reports what is due after a step, or names the tensor that is no longer finite.
fn report_step(
    run: &mut Training,
    sink: &mut dyn Sink,
) -> Result<Result<ControlFlow<()>, String>, TrainError> {
    let (step, steps) = (run.step(), run.plan.steps());
    let [samples, checkpoint] = {
        let cadence = &run.plan.cadence;
        [cadence.samples_every_steps, cadence.checkpoint_every_steps].map(|every| due(every, step, steps))
    };
    let checkpoint = checkpoint || step == steps;
    let mut flow = ControlFlow::Continue(());
    if run.is_eventful_at(step) {
        run.home()?;
        flow = run.report_late(true, sink)?.0;
    }
    let mut score = None;
    if let Some(values) = run.readings_due()? {
        score = run.score(&values);
        flow = keep(flow, sink.receive(&Event::Readings { step, secs: run.secs(), values })?);
    }
    if samples {
        flow = keep(flow, run.report_samples(sink)?);
    }
    let (now, late) = run.report_late(checkpoint, sink)?;
    (flow, score) = (keep(flow, now), score.or(late));
    // The best state is kept whatever the cadence.
    let is_best = score.is_some_and(|score| run.is_best(score));
    if checkpoint || is_best {
        run.home()?;
        match run.broken_tensor() {
            Some(quantity) if checkpoint => return Ok(Err(quantity)),
            Some(_) => {}
            None => flow = keep(flow, run.report_checkpoint(score, sink)?),
        }
    }
    Ok(Ok(keep(flow, sink.receive(&Event::Step { step, secs: run.secs() })?)))
}

/// One `Break` is enough.
fn keep(before: ControlFlow<()>, now: ControlFlow<()>) -> ControlFlow<()> {
    if before.is_break() { before } else { now }
}
