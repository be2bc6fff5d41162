//! Times a GAN training step on the reference workloads: one JSON object a line, for `cargo xtask bench`.
//!
//! `steps [--threads N] [WORKLOAD ...]`, or `steps --peak` for the machine's matrix-product speed, or
//! `steps --profile WORKLOAD ...` for where the time goes, kernel by kernel.

mod plain;
mod profile;
mod wgan_gp;

use std::time::Instant;

use ganatomy::tensor::cpu::Key;
use ganatomy::tensor::{Cpu, Program, Store, Trace};

type Failure = Box<dyn std::error::Error>;

/// What timing one workload found.
pub(crate) struct Timing {
    /// Seconds to trace, differentiate, compile and bind.
    pub compile_secs: f64,
    /// Multiply-adds of products, doubled, a step.
    pub flops: u64,
    /// Milliseconds a step, one entry a round.
    pub rounds_ms: Vec<f64>,
}

const ROUNDS: usize = 5;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let threads_at = arguments.iter().position(|a| a == "--threads");
    let threads = threads_at.and_then(|i| arguments.get(i + 1)?.parse().ok()).unwrap_or(2);
    let cpu = Cpu::new(threads);
    if arguments.iter().any(|a| a == "--peak") {
        return peak(&cpu);
    }
    let known = ["ring8", "wgan-gp-2d", "infogan28", "dcgan64"];
    let asked: Vec<&str> = known.into_iter().filter(|name| arguments.iter().any(|a| a == name)).collect();
    for name in if asked.is_empty() { known.to_vec() } else { asked } {
        if arguments.iter().any(|a| a == "--profile") {
            let program = if name == "wgan-gp-2d" {
                wgan_gp::traced()?
            } else {
                plain::plan(name, 1)?.step_program()?
            };
            profile::print(name, &program, &cpu)?;
            continue;
        }
        let timing = if name == "wgan-gp-2d" { wgan_gp::time(&cpu)? } else { plain::time(name, &cpu)? };
        report(name, threads, timing);
    }
    Ok(())
}

fn report(name: &str, threads: usize, timing: Timing) {
    let mut ms = timing.rounds_ms;
    ms.sort_by(f64::total_cmp);
    println!(
        "{{\"workload\":\"{name}\",\"framework\":\"ganatomy {}\",\"threads\":{threads},\"median_ms\":{:.4},\
         \"min_ms\":{:.4},\"gflop\":{:.4},\"compile_secs\":{:.4},\"peak_memory_mib\":{:.1}}}",
        env!("CARGO_PKG_VERSION"),
        ms[ms.len() / 2],
        ms[0],
        timing.flops as f64 / 1e9,
        timing.compile_secs,
        peak_memory_mib(),
    );
}

/// The most memory this process has held, where the system tells.
fn peak_memory_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// Runs `step` for five rounds of `n`, after three to warm up.
pub(crate) fn rounds(n: usize, mut step: impl FnMut()) -> Vec<f64> {
    (0..3).for_each(|_| step());
    let mut round = || {
        let began = Instant::now();
        (0..n).for_each(|_| step());
        began.elapsed().as_secs_f64() / n as f64 * 1e3
    };
    (0..ROUNDS).map(|_| round()).collect()
}

/// The speed of a 2048-cubed product on all threads.
fn peak(cpu: &Cpu) -> Result<(), Failure> {
    let trace = Trace::new();
    let (a, b) = (trace.input("a", [2048, 2048]), trace.input("b", [2048, 2048]));
    let program = Program::compile(&trace, &[("c", &a.matmul(&b))])?;
    let mut store = Store::<f32>::new();
    for name in ["a", "b"] {
        store.insert(name, [2048, 2048], (0..2048 * 2048).map(|i| (i % 7) as f32 - 3.0).collect())?;
    }
    let mut bound = program.bind(cpu, &mut store)?;
    let mut ms = rounds(3, || bound.run(cpu, &mut store, Key::default()));
    ms.sort_by(f64::total_cmp);
    let gflops = program.product_flops() as f64 / 1e6 / ms[0];
    println!("{{\"workload\":\"peak\",\"threads\":{},\"gflops\":{gflops:.1}}}", cpu.threads());
    Ok(())
}
