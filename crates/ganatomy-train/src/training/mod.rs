//! The only loop: steps, readings, pictures and checkpoints, reported to a sink.

mod away;
mod hand;
mod host;
mod inherit;
mod late;
mod moves;
mod pace;
mod picture;
mod report;
mod run;
mod session;
mod start;

use std::ops::ControlFlow;
use std::sync::Arc;

use ganatomy_record::{Event, Outcome, Sink};

pub use inherit::{Inherited, misfits};
pub use pace::Pace;
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
    let mut flow = ControlFlow::Continue(());
    for event in run.opening()? {
        flow = keep(flow, sink.receive(&event)?);
    }
    if let Some(device) = &run.session.device {
        let text = format!("the step runs on {}", device.name());
        let (step, secs) = (run.step(), run.secs());
        flow = keep(flow, sink.receive(&Event::Note { step, secs, text })?);
    }
    let (cadence, steps) = (run.plan.cadence.clone(), run.plan.steps());
    if let Some(text) = run.inherited().map(ToString::to_string) {
        let (step, secs) = (run.step(), run.secs());
        flow = keep(flow, sink.receive(&Event::Note { step, secs, text })?);
        // From here on the fork needs its parent no more.
        flow = keep(flow, run.report_checkpoint(None, sink)?);
    }
    if run.step() == 0 && cadence.samples_every_steps > 0 {
        flow = keep(flow, run.report_samples(sink)?);
    }
    while run.step() < steps {
        if flow.is_break() {
            return interrupted(run, sink);
        }
        run.probes()?;
        let n = run.steps_until(steps, |step| run.is_eventful_at(step));
        if let Some(quantity) = run.steps(n)? {
            let _already_over = run.report_late(true, sink)?;
            return Ok(Outcome::Diverged { quantity });
        }
        match report_step(run, sink)? {
            Ok(now) => flow = keep(flow, now),
            Err(quantity) => return Ok(Outcome::Diverged { quantity }),
        }
    }
    Ok(Outcome::Done)
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
