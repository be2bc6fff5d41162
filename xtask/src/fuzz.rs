//! `cargo xtask fuzz`: random tensor programs against the interpreter, for as long as is asked.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Trouble;

const USAGE: &str = "expected --minutes N, and perhaps --seed S to begin at";

/// Runs programs of random seeds at every SIMD level of the machine; what fails is kept as Rust tests.
pub fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let (minutes, seed) = asked(arguments)?;
    // Seeds of different days do not overlap.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let seed = seed.unwrap_or(now << 20);
    let folder = root.join("target/fuzz");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (current, found) = (folder.join("current"), folder.join("found.rs"));
    let test = "random_programs_for_some_time";
    let ran = Command::new(env!("CARGO"))
        .args(["test", "-q", "-p", "ganatomy-tensor", "--lib", test, "--", "--ignored", "--nocapture"])
        .current_dir(root)
        .env("GANATOMY_FUZZ_SECS", (minutes * 60).to_string())
        .env("GANATOMY_FUZZ_SEED", seed.to_string())
        .env("GANATOMY_FUZZ_CURRENT", &current)
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
        return Err(Trouble::Failed(format!("the process ended at seed {at}: {}", ran.status)));
    }
    std::fs::write(&found, text.as_bytes()).map_err(|error| format!("{}: {error}", found.display()))?;
    let cases = "crates/ganatomy-tensor/src/exam/found.rs";
    Err(Trouble::Failed(format!("programs differ; {} has them as tests for {cases}", found.display())))
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
