//! Slurm: one job array of workers, each of which hears a minute before its time is over.

use super::{Call, Order, line};

/// `sbatch` with its script on standard input.
pub(super) fn call(order: &Order<'_>) -> Call {
    let asks = order.asks;
    let mut options = vec![
        format!("--job-name=ganatomy-{}", order.name.replace(' ', "-")),
        format!("--array=1-{}", order.workers),
        format!("--cpus-per-task={}", asks.cpus),
        format!("--mem={}", asks.memory),
        format!("--time={}", asks.time),
        "--signal=B:TERM@60".to_owned(),
        format!("--output=\"{}/slurm-%A_%a.log\"", order.logs.display()),
    ];
    options.extend(asks.options.iter().cloned());
    let options: String = options.iter().map(|option| format!("#SBATCH {option}\n")).collect();
    // The worker takes the shell's place, so that it is the one that gets the signal.
    let script = format!("#!/bin/sh\n{options}exec {}\n", line(&order.command));
    Call { program: "sbatch", arguments: Vec::new(), input: Some(script) }
}
