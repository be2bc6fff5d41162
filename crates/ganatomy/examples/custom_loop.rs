//! A loop of your own: it forks a run, slows one player down in the fork, and goes on with whichever is better.

use std::sync::Arc;

use ganatomy::game::step::Who;
use ganatomy::prelude::*;
use ganatomy::train::TrainError;

/// A run of the ring that may be sent anywhere: it owns what it needs.
fn begin() -> Result<Training, Box<dyn std::error::Error>> {
    let text =
        "batch = 64\ngenerator = { z_dims = 4, update = { lr = 3e-3 } }\ndiscriminator.update.lr = 3e-3\n";
    let plan = Plan::new(&RunSpec::parse(text, "example")?, &DataContext::default())?;
    Ok(Training::new(Arc::new(plan), Session::in_memory(Cpu::new(1)))?)
}

/// Reverse KL of the modes after `n_steps` more steps.
fn after(mut run: Training, n_steps: u64) -> Result<(Training, f64), TrainError> {
    run.advance(n_steps)?;
    let found = run.probe()?["samples/reverse_kl"];
    Ok((run, found))
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut run = begin()?;
    for round in 0..3 {
        run.advance(100)?;
        let mut fork = run.fork()?;
        let factor = fork.lr_factor(Who::DISCRIMINATOR)?;
        fork.set_lr_factor(Who::DISCRIMINATOR, 0.5 * factor)?;
        // The two go on side by side.
        let (slow, usual) = std::thread::scope(|scope| {
            let slow = scope.spawn(|| after(fork, 100));
            (slow.join(), after(run, 100))
        });
        let (slow, usual) = (slow.map_err(|_| "the fork panicked")??, usual?);
        let better = if slow.1 < usual.1 { slow.0 } else { usual.0 };
        let (step, factor) = (better.step(), better.lr_factor(Who::DISCRIMINATOR)?);
        println!("round {round}: step {step}, D's learning rate times {factor}");
        run = better;
    }
    println!(
        "{} tensors are state, {} numbers are trained",
        run.state_names().len(),
        run.parameters()?.len()
    );
    Ok(())
}
