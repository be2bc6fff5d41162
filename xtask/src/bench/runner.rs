//! Running one contender on one workload, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::process::{self, Ended};
use super::request::{Request, SCRIPTS};

/// One measurement.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    pub workload: String,
    pub contender: String,
    pub median_ms: f64,
    pub min_ms: f64,
    /// Of the process.
    pub peak_memory_mib: Option<f64>,
    /// Work of the products in a step. Only ours has it, and the numbers below.
    pub gflop: Option<f64>,
    pub compile_secs: Option<f64>,
    pub bytes_per_step: Option<f64>,
}

/// A program that times workloads.
#[derive(Clone, Debug)]
pub(super) enum Contender {
    Ours { steps: PathBuf, threads: usize },
    PyTorch { python: PathBuf, script: PathBuf, mode: &'static str, threads: usize },
    Jax { python: PathBuf, script: PathBuf },
}

/// The name of our own contender.
pub(super) const OURS: &str = "ganatomy";

/// Builds our benchmark and returns its path.
pub(super) fn build(root: &Path) -> Result<PathBuf, String> {
    let arguments =
        ["build", "--release", "--package", "ganatomy", "--bench", "steps", "--message-format=json"];
    let output = Command::new("cargo").args(arguments).current_dir(root).output();
    let output = output.map_err(|error| format!("cargo does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    // The line of the benchmark itself is the last one with an executable.
    let found = text.lines().rev().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        let path = line["executable"].as_str()?;
        (line["target"]["name"] == "steps").then(|| PathBuf::from(path))
    });
    found.ok_or_else(|| format!("the benchmark does not build: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Ours first, then every peer that was asked for.
pub(super) fn contenders(steps: &Path, request: &Request) -> Vec<Contender> {
    let threads = request.threads;
    let mut all = vec![Contender::Ours { steps: steps.to_path_buf(), threads }];
    if let Some(python) = &request.python {
        let [pytorch, jax] = SCRIPTS.map(|script| request.peers.join(script));
        for mode in ["eager", "channels_last", "compile"] {
            all.push(Contender::PyTorch { python: python.clone(), script: pytorch.clone(), mode, threads });
        }
        all.push(Contender::Jax { python: python.clone(), script: jax });
    }
    all
}

/// GFLOP/s of a 2048-cubed product.
pub(super) fn peak(steps: &Path, threads: usize) -> Result<f64, String> {
    let ended = process::run(Command::new(steps).args(["--peak", "--threads", &threads.to_string()]))?;
    let line: Option<Value> = serde_json::from_str(&ended.stdout).ok();
    line.and_then(|line| line["gflops"].as_f64()).ok_or_else(|| format!("no speed in {}", ended.stdout))
}

impl Contender {
    pub fn name(&self) -> String {
        match self {
            Contender::Ours { .. } => OURS.into(),
            Contender::PyTorch { mode, .. } => format!("pytorch {mode}"),
            Contender::Jax { .. } => "jax".into(),
        }
    }

    /// The same contender on this many threads.
    pub fn on_threads(&self, n: usize) -> Contender {
        let mut other = self.clone();
        if let Contender::Ours { threads, .. } | Contender::PyTorch { threads, .. } = &mut other {
            *threads = n;
        }
        other
    }

    pub fn measure(&self, workload: &str) -> Result<Measure, String> {
        Measure::read(workload, &self.name(), &process::run(&mut self.command(workload))?)
    }

    fn command(&self, workload: &str) -> Command {
        let mut command;
        match self {
            Contender::Ours { steps, threads } => {
                command = Command::new(steps);
                command.args(["--threads", &threads.to_string(), workload]);
            }
            Contender::PyTorch { python, script, mode, threads } => {
                command = Command::new(python);
                command.arg(script).args(["--threads", &threads.to_string(), "--mode", mode, workload]);
            }
            Contender::Jax { python, script } => {
                command = Command::new(python);
                command.arg(script).arg(workload);
            }
        }
        command
    }
}

impl Measure {
    /// The last line that a program printed as JSON with a time in it.
    fn read(workload: &str, contender: &str, ended: &Ended) -> Result<Measure, String> {
        let lines = ended.stdout.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found = lines.into_iter().find_map(|line| Some((line["median_ms"].as_f64()?, line)));
        let (median_ms, line) = found.ok_or_else(|| format!("nothing measured: {:?}", ended.stdout))?;
        let number = |key: &str| line[key].as_f64();
        Ok(Measure {
            workload: workload.to_owned(),
            contender: contender.to_owned(),
            median_ms,
            min_ms: number("min_ms").unwrap_or(median_ms),
            // The number that a process reports at its end is exact.
            peak_memory_mib: number("peak_memory_mib").filter(|mib| *mib > 0.0).or(ended.peak_memory_mib),
            gflop: number("gflop"),
            compile_secs: number("compile_secs"),
            bytes_per_step: number("bytes_per_step"),
        })
    }

    pub fn json(&self) -> Value {
        let mut value = json!({
            "workload": self.workload,
            "contender": self.contender,
            "median_ms": self.median_ms,
            "min_ms": self.min_ms,
            "peak_memory_mib": self.peak_memory_mib,
        });
        if self.contender == OURS {
            value["gflop"] = json!(self.gflop);
            value["compile_secs"] = json!(self.compile_secs);
            value["bytes_per_step"] = json!(self.bytes_per_step);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(stdout: &str) -> Ended {
        Ended { stdout: stdout.to_owned(), peak_memory_mib: Some(300.0) }
    }

    #[test]
    fn a_measure_is_the_last_line_with_a_time() {
        let text = "a warning\n{\"median_ms\": 9.0}\n{\"median_ms\": 2.25, \"min_ms\": 2}\n{\"other\": 1}\n";
        let found = Measure::read("ring8", "jax", &ended(text)).unwrap();
        assert_eq!((found.median_ms, found.min_ms, found.peak_memory_mib), (2.25, 2.0, Some(300.0)));
        assert_eq!(found.gflop, None);
        let own = Measure::read("ring8", OURS, &ended("{\"median_ms\":1,\"peak_memory_mib\":19.5}")).unwrap();
        assert_eq!(own.peak_memory_mib, Some(19.5));
        assert!(Measure::read("ring8", "jax", &ended("nothing")).is_err());
    }
}
