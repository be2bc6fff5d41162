//! `cargo xtask bench`: a GAN training step compared with PyTorch's and JAX's, on this machine and in this run.

mod curves;
mod process;
mod request;
mod runner;
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::Trouble;
use request::Request;
use runner::{Contender, Measure, OURS};

/// The arguments that are allowed.
pub(crate) const USAGE: &str = "bench [--python PATH] [--peers DIR] [--rounds N] [--threads N] [--json FILE] [WORKLOAD ...], \
     or bench --curves [--picture FILE] [--threads N] [--json FILE]";

/// A peer this many times as slow as the best one in the first round is not measured again.
const TRAILS: f64 = 1.25;

/// Measures what the arguments ask for.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let request = Request::parse(root, arguments).map_err(Trouble::Request)?;
    request.check().map_err(Trouble::Request)?;
    let steps = runner::build(root)?;
    let found = if request.curves { curves::measure(&steps, &request)? } else { steps_of(&steps, &request)? };
    match &request.json {
        Some(path) => std::fs::write(path, format!("{found:#}\n"))
            .map_err(|error| Trouble::Failed(format!("cannot write {}: {error}", path.display()))),
        None => Ok(()),
    }
}

/// Every contender on every workload, and how well independent runs share the machine.
fn steps_of(steps: &Path, request: &Request) -> Result<Value, String> {
    let contenders = runner::contenders(steps, request);
    let peak = runner::peak(steps, request.threads)?;
    println!("matrix products: {peak:.0} GFLOP/s on {} threads\n", request.threads);
    let mut all: Vec<Measure> = Vec::new();
    for workload in &request.workloads {
        // Rounds alternate between the contenders, so that a slow minute of the machine affects all.
        let mut left: Vec<&Contender> = contenders.iter().collect();
        for round in 0..request.rounds {
            for contender in &left {
                match contender.measure(workload) {
                    Ok(measure) => all.push(measure),
                    Err(why) if round == 0 => eprintln!("{workload}: {} left out: {why}", contender.name()),
                    Err(_) => {}
                }
            }
            if round == 0 {
                let now = all.iter().filter(|m| m.workload == *workload);
                let took: BTreeMap<String, f64> = now.map(|m| (m.contender.clone(), m.median_ms)).collect();
                left.retain(|contender| !trails(&contender.name(), &took));
            }
        }
        println!("{}", table::text(workload, &all, peak));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let throughput = independent(&contenders, cores)?;
    println!("{cores} independent single-thread ring8 runs: {throughput:.2} times the throughput of one");
    Ok(json!({
        "threads": request.threads,
        "peak_gflops": peak,
        "workloads": request.workloads.iter().map(|name| table::json(name, &all, peak)).collect::<Vec<_>>(),
        "independent": { "runs": cores, "throughput": throughput },
        "measures": all.iter().map(Measure::json).collect::<Vec<_>>(),
    }))
}

/// Is it a peer, and much slower than the best one?
fn trails(name: &str, took: &BTreeMap<String, f64>) -> bool {
    let peers = took.iter().filter(|(peer, _)| *peer != OURS).map(|(_, ms)| *ms);
    let best = peers.fold(f64::INFINITY, f64::min);
    name != OURS && took.get(name).is_none_or(|ms| *ms > TRAILS * best)
}

/// The speed of `n` runs at once, on one thread each, as a multiple of one run's.
fn independent(contenders: &[Contender], n: usize) -> Result<f64, String> {
    let ours = contenders.first().ok_or("nothing to measure")?.on_threads(1);
    let one = ours.measure("ring8")?.median_ms;
    let all: Vec<Result<Measure, String>> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..n).map(|_| scope.spawn(|| ours.measure("ring8"))).collect();
        runs.into_iter().map(|run| run.join().unwrap_or_else(|_| Err("a run died".into()))).collect()
    });
    all.into_iter().map(|run| run.map(|m| one / m.median_ms)).sum()
}
