//! The only loop: steps, readings, pictures and checkpoints, told to a sink.

mod error;
mod feed;
mod picture;
mod real;
mod session;
mod start;
mod tell;
mod training;

use std::ops::ControlFlow;

use ganatomy_record::{Event, Outcome, Sink};

pub use error::TrainError;
pub use feed::{Feed, Feeding};
pub use session::Session;
pub use training::Training;

use crate::plan::{Plan, cadence::due};
pub(crate) use real::RealBatches;
#[cfg(test)]
pub(crate) use start::initial;

/// Runs a plan to its end, to its divergence, or to the sink's `Break`.
///
/// The sink hears of everything, `Finished` last. Divergence and interruption are outcomes, not errors.
pub fn train(plan: &Plan, session: &Session<'_>, sink: &mut dyn Sink) -> Result<Outcome, TrainError> {
    let mut run = Training::new(plan, session)?;
    let result = drive(&mut run, sink);
    let outcome = match &result {
        Ok(outcome) => outcome.clone(),
        Err(error) => Outcome::Failed { reason: error.to_string() },
    };
    let (step, secs) = (run.step(), run.secs());
    // What stopped the run may stop this line from being written too; the first cause is the one to tell.
    match (result, sink.receive(&Event::Finished { step, secs, outcome })) {
        (Ok(_), Err(error)) => Err(error.into()),
        (result, _) => result,
    }
}

fn drive(run: &mut Training<'_>, sink: &mut dyn Sink) -> Result<Outcome, TrainError> {
    let mut told = sink.receive(&run.opening())?;
    let (cadence, steps) = (run.plan.cadence, run.plan.steps);
    if run.step() == 0 && cadence.samples_every_steps > 0 {
        told = keep(told, run.tell_samples(sink)?);
    }
    while run.step() < steps {
        if told.is_break() {
            if let Some(quantity) = run.broken_tensor() {
                return Ok(Outcome::Diverged { quantity });
            }
            let _already_stopping = run.tell_checkpoint(None, sink)?;
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
                told = keep(told, sink.receive(&event)?);
                score
            }
            None => None,
        };
        if due(cadence.samples_every_steps, step, steps) {
            told = keep(told, run.tell_samples(sink)?);
        }
        if due(cadence.checkpoint_every_steps, step, steps) || step == steps {
            if let Some(quantity) = run.broken_tensor() {
                return Ok(Outcome::Diverged { quantity });
            }
            told = keep(told, run.tell_checkpoint(score, sink)?);
        }
        told = keep(told, sink.receive(&Event::Step { step, secs: run.secs() })?);
    }
    Ok(Outcome::Done)
}

/// One `Break` is enough.
fn keep(before: ControlFlow<()>, now: ControlFlow<()>) -> ControlFlow<()> {
    if before.is_break() { before } else { now }
}
