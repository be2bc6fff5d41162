//! `cargo xtask fuzz`: random tensor programs against the interpreter, and damaged files into the readers, for as long as is
//! asked.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Trouble;

/// The test that runs them, and the cases of what was found.
const TEST: &str = "random_programs_for_some_time";
const FOUND: &str = "crates/ganatomy-tensor/src/exam/found";

const USAGE: &str = "expected --minutes N, and perhaps --seed S to begin at";

/// Crates with readers of files, and how the names of the tests begin that damage these.
const READERS: [&str; 4] = ["ganatomy-tensor", "ganatomy-record", "ganatomy-data", "ganatomy-import"];
const DAMAGED: &str = "damaged_files_";

/// Runs programs of random seeds at every SIMD level of the machine for nine tenths of the time, then damages files.
pub fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let (minutes, seed) = asked(arguments)?;
    let secs = minutes * 60;
    // Seeds of different days do not overlap.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let seed = seed.unwrap_or(now << 20);
    let programs = programs(root, secs * 9 / 10, seed);
    let readers = readers(root, secs / 10 / READERS.len() as u64, seed);
    programs.and(readers)
}

/// Damages files of every reader.
fn readers(root: &Path, secs: u64, seed: u64) -> Result<(), Trouble> {
    for crate_name in READERS {
        let ran = Command::new(env!("CARGO"))
            .args([
                "test",
                "-q",
                "--profile",
                "fuzz",
                "-p",
                crate_name,
                "--lib",
                DAMAGED,
                "--",
                "--nocapture",
            ])
            .current_dir(root)
            .env("GANATOMY_DAMAGE_SECS", secs.to_string())
            .env("GANATOMY_DAMAGE_SEED", seed.to_string())
            .env("RUST_BACKTRACE", "0")
            .status()
            .map_err(|error| format!("cargo test: {error}"))?;
        if !ran.success() {
            return Err(Trouble::Failed(format!(
                "a reader of {crate_name} did not answer a damaged file, see above"
            )));
        }
    }
    Ok(())
}

/// Runs programs from a seed; what fails becomes a case of the exam.
fn programs(root: &Path, secs: u64, seed: u64) -> Result<(), Trouble> {
    let (current, found) = (root.join("target/fuzz-seed"), root.join(FOUND));
    std::fs::create_dir_all(root.join("target")).map_err(|error| format!("target: {error}"))?;
    // What an earlier run has left says nothing of this one.
    let _ = std::fs::remove_file(&current);
    let ran = Command::new(env!("CARGO"))
        .args(["test", "-q", "--profile", "fuzz", "-p", "ganatomy-tensor", "--lib", TEST])
        .args(["--", "--ignored", "--nocapture"])
        .current_dir(root)
        .env("GANATOMY_FUZZ_SECS", secs.to_string())
        .env("GANATOMY_FUZZ_SEED", seed.to_string())
        .env("GANATOMY_FUZZ_CURRENT", &current)
        .env("GANATOMY_FUZZ_FOUND", &found)
        .env("RUST_BACKTRACE", "0")
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo test: {error}"))?;
    let text = String::from_utf8_lossy(&ran.stdout);
    println!("{text}");
    if ran.status.success() && text.contains("fuzz: ") {
        return Ok(());
    }
    if !text.contains("fuzz: ") {
        let at = std::fs::read_to_string(&current).unwrap_or_else(|_| "an unknown seed".to_owned());
        return Err(Trouble::Failed(format!(
            "the process ended at seed {at}, which `--seed {at}` begins with: {}",
            ran.status
        )));
    }
    // The new files, as the formatter would have them.
    let _ = Command::new(env!("CARGO")).args(["fmt", "-p", "ganatomy-tensor"]).current_dir(root).status();
    Err(Trouble::Failed(format!("programs differ; each is a new case in {FOUND}")))
}

/// The minutes and the first seed that the arguments name.
fn asked(arguments: &[String]) -> Result<(u64, Option<u64>), Trouble> {
    let (mut minutes, mut seed) = (None, None);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(Trouble::Request(USAGE.to_owned())) };
        let number = value.parse().ok().filter(|&n: &u64| n <= u64::MAX / 2);
        let number = number.ok_or_else(|| Trouble::Request(format!("{USAGE}; found {name} {value}")))?;
        match name.as_str() {
            "--minutes" if (1..=100_000).contains(&number) => minutes = Some(number),
            "--seed" => seed = Some(number),
            _ => return Err(Trouble::Request(format!("{USAGE}; found {name} {value}"))),
        }
    }
    Ok((minutes.ok_or_else(|| Trouble::Request(USAGE.to_owned()))?, seed))
}
