//! Running one contender on one workload, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Asked;

/// One measurement.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    pub workload: String,
    pub contender: String,
    pub median_ms: f64,
    pub min_ms: f64,
    /// Of products, a step; ours only.
    pub gflop: Option<f64>,
    pub compile_secs: Option<f64>,
    pub peak_memory_mib: Option<f64>,
}

/// A program that times workloads.
#[derive(Clone, Debug)]
pub(super) enum Contender {
    Ours { steps: PathBuf, threads: usize },
    PyTorch { python: PathBuf, script: PathBuf, mode: &'static str, threads: usize },
    Jax { python: PathBuf, script: PathBuf },
}

/// Builds our benchmark and answers where it is.
pub(super) fn build(root: &Path) -> Result<PathBuf, String> {
    let arguments =
        ["build", "--release", "--package", "ganatomy", "--bench", "steps", "--message-format=json"];
    let output = Command::new("cargo").args(arguments).current_dir(root).output();
    let output = output.map_err(|error| format!("cargo does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // The line of the benchmark itself is the last one with an executable.
    let found = text.lines().rev().find_map(|line| {
        let path = line.split("\"executable\":\"").nth(1)?.split('"').next()?;
        line.contains("\"name\":\"steps\"").then(|| PathBuf::from(path))
    });
    found.ok_or_else(|| format!("the benchmark does not build: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Ours first, then every peer that was asked for.
pub(super) fn contenders(steps: &Path, asked: &Asked) -> Vec<Contender> {
    let threads = asked.threads;
    let mut all = vec![Contender::Ours { steps: steps.to_path_buf(), threads }];
    if let Some(python) = &asked.python {
        for mode in ["eager", "channels_last", "compile"] {
            let script = asked.peers.join("bench_pytorch.py");
            all.push(Contender::PyTorch { python: python.clone(), script, mode, threads });
        }
        all.push(Contender::Jax { python: python.clone(), script: asked.peers.join("bench_jax.py") });
    }
    all
}

/// GFLOP/s of a 2048-cubed product.
pub(super) fn peak(steps: &Path, threads: usize) -> Result<f64, String> {
    let text = output(Command::new(steps).args(["--peak", "--threads", &threads.to_string()]))?;
    number(&text, "gflops").ok_or_else(|| format!("no speed in {text}"))
}

impl Contender {
    pub fn name(&self) -> String {
        match self {
            Contender::Ours { .. } => "ganatomy".into(),
            Contender::PyTorch { mode, .. } => format!("pytorch {mode}"),
            Contender::Jax { .. } => "jax".into(),
        }
    }

    /// The same contender on so many threads.
    pub fn on_threads(&self, n: usize) -> Contender {
        let mut other = self.clone();
        if let Contender::Ours { threads, .. } | Contender::PyTorch { threads, .. } = &mut other {
            *threads = n;
        }
        other
    }

    pub fn measure(&self, workload: &str) -> Result<Measure, String> {
        let text = output(&mut self.command(workload))?;
        let line = text.lines().rev().find(|line| line.contains("median_ms"));
        let line = line.ok_or_else(|| format!("nothing measured: {text}"))?;
        let ms = |key| number(line, key).ok_or_else(|| format!("no {key} in {line}"));
        Ok(Measure {
            workload: workload.to_owned(),
            contender: self.name(),
            median_ms: ms("median_ms")?,
            min_ms: ms("min_ms")?,
            gflop: number(line, "gflop"),
            compile_secs: number(line, "compile_secs"),
            peak_memory_mib: number(line, "peak_memory_mib"),
        })
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

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("does not start: {error}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(stderr.lines().last().unwrap_or("failed without a word").to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The number after a key of a flat JSON line.
fn number(line: &str, key: &str) -> Option<f64> {
    let rest = line.split(&format!("\"{key}\":")).nth(1)?.trim_start();
    rest.split([',', '}']).next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_found_by_key() {
        let line = "{\"a\": 1.5, \"median_ms\": 2.25}";
        assert_eq!(
            (number(line, "a"), number(line, "median_ms"), number(line, "b")),
            (Some(1.5), Some(2.25), None)
        );
    }
}
