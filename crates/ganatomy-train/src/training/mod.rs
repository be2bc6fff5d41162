//! The only loop: steps, readings, pictures and checkpoints, reported to a sink.

mod hand;
mod host;
mod inherit;
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

pub use inherit::Inherited;
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
            if let Some(quantity) = run.broken_tensor() {
                return Ok(Outcome::Diverged { quantity });
            }
            let _already_stopping = run.report_checkpoint(None, sink)?;
            return Ok(Outcome::Interrupted);
        }
        if let Some(quantity) = run.one_step()? {
            return Ok(Outcome::Diverged { quantity });
        }
        let step = run.step();
        let score = match run.readings_due()? {
            Some(values) => {
                let score = run.score(&values);
                let event = Event::Readings { step, secs: run.secs(), values };
                flow = keep(flow, sink.receive(&event)?);
                score
            }
            None => None,
        };
        if due(cadence.samples_every_steps, step, steps) {
            flow = keep(flow, run.report_samples(sink)?);
        }
        if due(cadence.checkpoint_every_steps, step, steps) || step == steps {
            if let Some(quantity) = run.broken_tensor() {
                return Ok(Outcome::Diverged { quantity });
            }
            flow = keep(flow, run.report_checkpoint(score, sink)?);
        } else if score.is_some_and(|score| run.is_best(score)) && run.broken_tensor().is_none() {
            // The best state is kept whatever the cadence.
            flow = keep(flow, run.report_checkpoint(score, sink)?);
        }
        flow = keep(flow, sink.receive(&Event::Step { step, secs: run.secs() })?);
    }
    Ok(Outcome::Done)
}

/// One `Break` is enough.
fn keep(before: ControlFlow<()>, now: ControlFlow<()>) -> ControlFlow<()> {
    if before.is_break() { before } else { now }
}
