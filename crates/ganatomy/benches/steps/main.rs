//! Times a GAN training step on the reference workloads: one JSON object a line, for `cargo xtask bench`.
//!
//! ```text
//! steps [--threads N] [WORKLOAD ...]     milliseconds a step, memory, allocations
//! steps --peak                           the machine's matrix-product speed
//! steps --profile [WORKLOAD ...]         where the time goes, kernel by kernel
//! steps --curves [--picture FILE]        how cost grows with batch, parameters and steps
//! steps --costs                          what each scheme and remedy costs beside plain moves
//! ```

mod allocations;
mod costs;
mod curves;
mod plain;
mod profile;
mod request;
mod rounds;
mod wgan_gp;

use std::process::ExitCode;
use std::sync::Arc;

use ganatomy::tensor::cpu::Key;
use ganatomy::tensor::{Cpu, Program, Store, Trace};
use request::{Request, What};
use rounds::{Rounds, rounds};

type Failure = Box<dyn std::error::Error>;

/// What timing one workload found.
pub(crate) struct Timing {
    /// Seconds to trace, differentiate, compile and bind.
    pub compile_secs: f64,
    /// Multiply-adds of products, doubled, a step.
    pub flops: u64,
    pub rounds: Rounds,
}

fn main() -> ExitCode {
    // `cargo bench` adds a word of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let (result, code) = match Request::parse(&arguments) {
        Ok(request) => (answer(&request), 1),
        Err(wrong) => (Err(wrong.into()), 2),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("steps: {error}");
            ExitCode::from(code)
        }
    }
}

fn answer(request: &Request) -> Result<(), Failure> {
    let cpu = Arc::new(Cpu::new(request.threads));
    match request.what {
        What::Peak => peak(&cpu),
        What::Costs => costs::print(&cpu),
        What::Curves => curves::print(&cpu, request.picture.as_deref()),
        What::Profile => request.workloads.iter().try_for_each(|name| {
            let program = match *name {
                "wgan-gp-2d" => wgan_gp::traced()?,
                name => plain::plan(name, 1, &[])?.step_program()?,
            };
            profile::print(name, &program, &cpu)
        }),
        What::Time => request.workloads.iter().try_for_each(|name| {
            let timing = match *name {
                "wgan-gp-2d" => wgan_gp::time(&cpu)?,
                name => plain::time(name, &cpu)?,
            };
            report(name, &cpu, &timing);
            Ok(())
        }),
    }
}

fn report(name: &str, cpu: &Cpu, timing: &Timing) {
    println!(
        "{{\"workload\":\"{name}\",\"framework\":\"ganatomy {}\",\"threads\":{},\"simd\":\"{}\",\
         \"median_ms\":{:.4},\"min_ms\":{:.4},\"gflop\":{:.4},\"compile_secs\":{:.4},\
         \"peak_memory_mib\":{:.1},\"bytes_per_step\":{}}}",
        env!("CARGO_PKG_VERSION"),
        cpu.threads(),
        cpu.level(),
        timing.rounds.median_ms(),
        timing.rounds.min_ms(),
        timing.flops as f64 / 1e9,
        timing.compile_secs,
        peak_memory_mib(),
        timing.rounds.bytes_per_step,
    );
}

/// The most memory this process has held, where the system reports it.
fn peak_memory_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
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
    let mut failed = None;
    let found = rounds(3, || failed = bound.run(cpu, &mut store, Key::default()).err());
    if let Some(error) = failed {
        return Err(error.into());
    }
    let gflops = program.product_flops() as f64 / 1e6 / found.min_ms();
    println!("{{\"workload\":\"peak\",\"threads\":{},\"gflops\":{gflops:.1}}}", cpu.threads());
    Ok(())
}
