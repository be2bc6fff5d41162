//! A sink of your own: it stops a run once all modes have been captured, and may fail with an error of its own.

use std::ops::ControlFlow;

use ganatomy::prelude::*;
use ganatomy::record::RecordError;

#[derive(Debug, thiserror::Error)]
#[error("the run took {secs} s, which is more than {most}")]
struct TooSlow {
    secs: f64,
    most: f64,
}

/// Stops the run at eight modes, and fails after a number of seconds.
struct Patient {
    most_secs: f64,
    captured_at: Option<u64>,
}

impl Sink for Patient {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if event.secs() > self.most_secs {
            return Err(RecordError::other(TooSlow { secs: event.secs(), most: self.most_secs }));
        }
        if let Event::Readings { step, values, .. } = event
            && values.get("samples/n_modes").is_some_and(|n| *n >= 8.0)
        {
            self.captured_at = Some(*step);
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = "steps = 3000\nprobes.modes.every_steps = 100\ngenerator = { z_dims = 4, update = { lr = 3e-3 } }\n\
                discriminator.update.lr = 3e-3\n";
    let plan = Plan::new(&RunSpec::parse(text, "example")?, &DataContext::default())?;
    let mut sink = Patient { most_secs: 600.0, captured_at: None };
    let began = std::time::Instant::now();
    let session = Session {
        clock: std::sync::Arc::new(move || began.elapsed().as_secs_f64()),
        ..Session::in_memory(Cpu::new(1))
    };
    let outcome = train(plan, session, &mut sink)?;
    println!("{}: all modes at step {:?}", outcome.word(), sink.captured_at);
    Ok(())
}
