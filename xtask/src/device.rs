//! `cargo xtask device`: the exam and four workloads on a PJRT plugin's device.

use std::path::Path;
use std::process::Command;

use crate::Trouble;

/// What is run: arguments of cargo.
const EXAM: &str = "test --release --package ganatomy-xla --test exam -- --nocapture";
const GAMES: &str = "test --release --package ganatomy --test device -- --nocapture";
const WORKLOADS: &str = "run --release --package ganatomy --example device --";

/// Runs the exam, games and the workloads; with `--quick`, the workloads alone. Other arguments go to the workloads.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    if std::env::var_os("GANATOMY_PJRT").is_none() {
        let how =
            "the variable GANATOMY_PJRT must name a PJRT plugin's file (docs/devices.md says where they are)";
        return Err(Trouble::Request(how.to_owned()));
    }
    let (quick, rest): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| *argument == "--quick");
    if quick.is_empty() {
        cargo(root, EXAM, &[])?;
        cargo(root, GAMES, &[])?;
    }
    cargo(root, WORKLOADS, &rest)
}

fn cargo(root: &Path, what: &str, more: &[&String]) -> Result<(), Trouble> {
    eprintln!("== cargo {what}");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program).current_dir(root).args(what.split(' ')).args(more).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Trouble::Failed(format!("stopped ({status}): cargo {what}"))),
        Err(error) => Err(Trouble::Failed(format!("cargo could not be started: {error}"))),
    }
}
