//! `cargo xtask device`: the exam, four workloads and populations on a PJRT plugin's device, and PyTorch on the same where it is there.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Trouble;

mod peers;

/// What is built and run: arguments of cargo.
const EXAM: [&str; 2] =
    ["test --release --package ganatomy-xla", "--test exam --test many --test cache --test population"];
const GAMES: [&str; 2] = ["test --release --package ganatomy", "--test device"];
const WORKLOADS: &str = "--release --package ganatomy --example device";
/// How long it may take once all is built: with `--quick`, and without.
const QUICK_SECS: f64 = 120.0;
const FULL_SECS: f64 = 480.0;
/// The workload that was begun last may take so long, and PyTorch, where it is there.
const LAST_SECS: f64 = 60.0;
const PEER_SECS: f64 = 150.0;

/// Runs the exam, games, the workloads and PyTorch (`--full`, which is usual); with `--quick`, the workloads alone; with `--ahead CUDA`, nothing: what they
/// would launch on an H100 is counted. Other arguments go to the workloads.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let rest = arguments.iter().filter(|argument| !["--quick", "--full"].contains(&argument.as_str()));
    let rest: Vec<&str> = rest.map(String::as_str).collect();
    if rest.contains(&"--ahead") {
        return cargo(root, &format!("run {WORKLOADS}"), &[&["--"], &rest[..]].concat());
    }
    if std::env::var_os("GANATOMY_PJRT").is_none() {
        let how = "the variable GANATOMY_PJRT must name a PJRT plugin's file (`ganatomy devices` lists those that there are)";
        return Err(Trouble::Request(how.to_owned()));
    }
    let tests = if is_quick { &[][..] } else { &[EXAM, GAMES][..] };
    for [test, targets] in tests {
        cargo(root, &format!("{test} {targets} --no-run"), &[])?;
    }
    cargo(root, &format!("build {WORKLOADS}"), &[])?;
    let began = Instant::now();
    for [test, targets] in tests {
        cargo(root, &format!("{test} {targets}"), &["--", "--nocapture"])?;
    }
    let limit = if is_quick { QUICK_SECS } else { FULL_SECS };
    let peer = if is_quick { Err("--quick".to_owned()) } else { peers::find(root) };
    let peer_secs = if peer.is_ok() { PEER_SECS } else { 0.0 };
    let secs = (limit - LAST_SECS - peer_secs - began.elapsed().as_secs_f64()).max(0.0).to_string();
    let workloads: Vec<&str> = ["--", "--secs", &secs].into_iter().chain(rest).collect();
    cargo(root, &format!("run {WORKLOADS}"), &workloads)?;
    match peer {
        Ok(script) => peers::run(&script, began, Duration::from_secs_f64(limit)),
        Err(why) => println!("PyTorch is left out: {why}"),
    }
    println!("all in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn cargo(root: &Path, what: &str, more: &[&str]) -> Result<(), Trouble> {
    eprintln!("== cargo {what}");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program).current_dir(root).args(what.split(' ')).args(more).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Trouble::Failed(format!("stopped ({status}): cargo {what}"))),
        Err(error) => Err(Trouble::Failed(format!("cargo could not be started: {error}"))),
    }
}
