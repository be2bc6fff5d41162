//! PyTorch's figures on the same GPU, by the script of the peers.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The script, from the repository's root.
const SCRIPT: &str = "../shared/peers/bench_pytorch_gpu.py";
/// Its ways of making a step.
const MODES: [&str; 4] = ["eager", "fused", "compile", "graph"];
/// Seconds that a workload is timed.
const SECONDS: &str = "1";

/// The script, where it and a PyTorch that sees a GPU are there; else what is missing.
pub(super) fn find(root: &Path) -> Result<PathBuf, String> {
    let script = root.join(SCRIPT);
    if !script.is_file() {
        return Err(format!("there is no {SCRIPT}"));
    }
    let sees = ["-c", "import torch; raise SystemExit(not torch.cuda.is_available())"];
    let output = Command::new("python3").args(sees).output().map_err(|error| format!("python3: {error}"))?;
    match (output.status.success(), String::from_utf8_lossy(&output.stderr).lines().last()) {
        (true, _) => Ok(script),
        (false, Some(last)) => Err(last.to_owned()),
        (false, None) => Err("it sees no GPU".to_owned()),
    }
}

/// Prints every way's figures; what would not be done in time is left out.
pub(super) fn run(script: &Path, began: Instant, limit: Duration) {
    println!("{:<10} {:<8} {:>10} {:>10}", "workload", "PyTorch", "step ms", "begun s");
    for mode in MODES {
        let mut command = Command::new("python3");
        command.arg(script).args(["--mode", mode, "--seconds", SECONDS]);
        if let Err(why) = rows(&mut command, limit.saturating_sub(began.elapsed())) {
            println!("{mode}: {why}");
        }
    }
}

/// Prints the rows of one process as they come, and ends it when its time is over.
fn rows(command: &mut Command, time: Duration) -> Result<(), String> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| format!("does not start: {error}"))?;
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    std::thread::scope(|scope| {
        scope.spawn(|| lines.map_while(Result::ok).for_each(|line| println!("{}", row(&line))));
        let begun = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("stopped ({status})")),
                Ok(None) if begun.elapsed() < time => std::thread::sleep(Duration::from_millis(100)),
                _ => {
                    let _gone = child.kill().and_then(|()| child.wait());
                    return Err("left out: its time is over".to_owned());
                }
            }
        }
    })
}

/// A line of the script in words.
fn row(line: &str) -> String {
    let row: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |name: &str| row[name].as_str().unwrap_or("?").to_owned();
    match (row["median_ms"].as_f64(), row["compile_s"].as_f64()) {
        (Some(ms), Some(secs)) => {
            format!("{:<10} {:<8} {ms:>10.3} {secs:>10.1}", text("workload"), text("mode"))
        }
        _ => format!("{:<10} {:<8} {}", text("workload"), text("mode"), text("error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_put_in_words() {
        let timed = r#"{"workload": "ring8", "mode": "graph", "median_ms": 0.31, "compile_s": 2.25}"#;
        assert_eq!(row(timed), "ring8      graph         0.310        2.2");
        let failed = r#"{"workload": "ring8", "mode": "graph", "error": "OutOfMemoryError: no"}"#;
        assert_eq!(row(failed), "ring8      graph    OutOfMemoryError: no");
        assert_eq!(row("not JSON"), "?          ?        ?");
    }

    #[test]
    fn a_process_whose_time_is_over_is_ended() {
        let begun = Instant::now();
        let mut command = Command::new("sleep");
        let ended = rows(command.arg("60"), Duration::from_millis(150));
        assert!(ended.is_err_and(|why| why.contains("time is over")) && begun.elapsed().as_secs() < 30);
        let mut command = Command::new("false");
        assert!(rows(&mut command, Duration::from_secs(30)).is_err_and(|why| why.starts_with("stopped")));
    }

    #[test]
    fn what_is_missing_is_named() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(find(root.path()), Err(format!("there is no {SCRIPT}")));
    }
}
