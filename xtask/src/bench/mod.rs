//! `cargo xtask bench`: a GAN training step beside PyTorch's and JAX's, on this machine and in this run.

mod runner;
mod table;

use std::path::{Path, PathBuf};

use runner::{Contender, Measure};

const WORKLOADS: [&str; 4] = ["ring8", "wgan-gp-2d", "infogan28", "dcgan64"];

/// What the command line asked for.
struct Asked {
    /// A Python with torch, and perhaps jax and optax.
    python: Option<PathBuf>,
    /// Where the peers' scripts are.
    peers: PathBuf,
    rounds: usize,
    threads: usize,
    json: Option<PathBuf>,
    workloads: Vec<String>,
}

/// `bench [--python PATH] [--peers DIR] [--rounds N] [--threads N] [--json FILE] [WORKLOAD ...]`
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let asked = parse(root, arguments)?;
    let steps = runner::build(root)?;
    let contenders = runner::contenders(&steps, &asked);
    let peak = runner::peak(&steps, asked.threads)?;
    println!("matrix products: {peak:.0} GFLOP/s on {} threads\n", asked.threads);
    let mut all: Vec<Measure> = Vec::new();
    for workload in &asked.workloads {
        // Rounds alternate between the contenders, so that a slow minute of the machine is shared.
        for round in 0..asked.rounds {
            for contender in &contenders {
                match contender.measure(workload) {
                    Ok(measure) => all.push(measure),
                    Err(why) if round == 0 => eprintln!("{workload}: {} left out: {why}", contender.name()),
                    Err(_) => {}
                }
            }
        }
        println!("{}", table::workload(workload, &all, peak));
    }
    let alone = independent(&contenders)?;
    println!("two independent single-thread ring8 runs: {alone:.2} times the throughput of one");
    match &asked.json {
        Some(path) => std::fs::write(path, table::json(&all, peak, alone))
            .map_err(|error| format!("cannot write {}: {error}", path.display())),
        None => Ok(()),
    }
}

/// How much more two runs on one thread each get done than one.
fn independent(contenders: &[Contender]) -> Result<f64, String> {
    let ours = contenders.first().ok_or("nothing to measure")?.on_threads(1);
    let one = ours.measure("ring8")?.median_ms;
    let both: Vec<Result<Measure, String>> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| ours.measure("ring8"))).collect();
        runs.into_iter().map(|run| run.join().unwrap_or_else(|_| Err("a run died".into()))).collect()
    });
    both.into_iter().map(|run| run.map(|m| one / m.median_ms)).sum()
}

fn parse(root: &Path, arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked {
        python: None,
        peers: root.join("../shared/peers"),
        rounds: 3,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        json: None,
        workloads: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{word} wants a value"));
        let number = |text: &String| text.parse().map_err(|_| format!("{word} wants a number, found {text}"));
        match word.as_str() {
            "--python" => asked.python = Some(value()?.into()),
            "--peers" => asked.peers = value()?.into(),
            "--json" => asked.json = Some(value()?.into()),
            "--rounds" => asked.rounds = number(value()?)?,
            "--threads" => asked.threads = number(value()?)?,
            name if WORKLOADS.contains(&name) => asked.workloads.push(name.to_owned()),
            other => {
                return Err(format!("unknown argument {other}; the workloads are {}", WORKLOADS.join(", ")));
            }
        }
    }
    if asked.workloads.is_empty() {
        asked.workloads = WORKLOADS.map(str::to_owned).to_vec();
    }
    Ok(asked)
}
