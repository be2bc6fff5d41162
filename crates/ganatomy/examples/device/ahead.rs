//! What the steps of the workloads would launch on an H100, counted without one.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ganatomy::tensor::{Cpu, Device};
use ganatomy_xla::{Ahead, H100, Launches, Plugin};

use crate::Failure;
use crate::workloads::{WORKLOADS, training};

/// Kernels that a step may launch at most, by workload; a call of many may launch an eighth more.
const MOST: [usize; WORKLOADS.len()] = [80, 330, 220, 360];
/// Steps of one call, where it makes many.
const TOGETHER: u64 = 20;

/// Compiles every step, alone and many in a call, and prints what it launches. All of a step must be in one graph.
pub(crate) fn check(plugin: &Path, cuda: &Path) -> Result<(), Failure> {
    let ahead = Ahead::new(&Plugin::load(plugin)?, H100, cuda)?;
    let (device, cpu): (Arc<dyn Device>, _) = (Arc::new(ahead.clone()), Arc::new(Cpu::new(1)));
    println!(
        "{:<10} {:>6} {:>10} {:>8} {:>13} {:>7} {:>7} {:>10}",
        "workload", "steps", "compile s", "kernels", "convolutions", "copies", "graphs", "in graphs"
    );
    let mut wrong = Vec::new();
    for ((name, spec, images), most) in WORKLOADS.into_iter().zip(MOST) {
        for together in [1, TOGETHER] {
            let began = Instant::now();
            training(spec, images, &cpu, Some(&device), together)?;
            let compiled = ahead.compiled();
            if compiled.is_empty() {
                wrong.push(format!("{name}: nothing was compiled"));
            }
            for launches in compiled {
                let Launches { kernels, convolutions, copies, in_graphs, graphs } = launches;
                let secs = began.elapsed().as_secs_f64();
                println!(
                    "{name:<10} {together:>6} {secs:>10.1} {kernels:>8} {convolutions:>13} {copies:>7} {graphs:>7} {in_graphs:>10}"
                );
                let is_one = graphs == 1 && in_graphs == kernels + copies;
                if !is_one || kernels > if together == 1 { most } else { most + most / 8 } {
                    wrong.push(format!(
                        "{name}: {launches:?}, and at most {most} kernels in one graph are allowed"
                    ));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ").into()) }
}
