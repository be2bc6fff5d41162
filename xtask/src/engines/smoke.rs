//! The study that every engine has to bring to its end, while its workers are killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Engine;

const STUDY: &str = r#"name = "smoke"
base = "ring"
set = ["batch=64", "checkpoint.every_steps=100", "samples.every_steps=0"]
budget = { steps = 600 }
seeds = 8

[score]
reading = "samples/n_modes"

[[arm]]
name = "ns-gan"

[[arm]]
name = "lsgan"
with = ["lsgan"]

[runs]
lease_secs = 2
most_attempts = 50
"#;

const RUNS: u64 = 16;
const KILLS: usize = 4;
/// A study that is not at its end by then, or that nobody works on for a while, is launched again, as a user would.
const LONG: Duration = Duration::from_secs(60);
const ABANDONED: Duration = Duration::from_secs(6);
const LAUNCHES: usize = 4;

/// Tries the study on an engine; says how it went.
pub(super) fn try_out(program: &Path, folder: &Path, engine: &Engine) -> Result<String, String> {
    fs::write(folder.join("study.toml"), STUDY).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut killed = 0;
    for launch in 1..=LAUNCHES {
        let mut run = start(program, folder, engine)?;
        let (launched, mut seen) = (Instant::now(), Instant::now());
        let mut ended = None;
        while ended.is_none() && launched.elapsed() < LONG && seen.elapsed() < ABANDONED {
            std::thread::sleep(Duration::from_millis(700));
            let workers = workers(folder)?;
            if !workers.is_empty() {
                seen = Instant::now();
            }
            if killed < KILLS && kill_one(&workers, killed) {
                killed += 1;
                if killed == KILLS / 2
                    && let Some(harm) = &engine.harm
                {
                    harm()?;
                }
            }
            ended = run.try_wait().map_err(|error| error.to_string())?;
        }
        match ended {
            None => {
                let _ = run.kill();
                let _ = run.wait();
            }
            Some(status) if status.success() => {
                verify(program, folder, engine)?;
                let harmed = if engine.harm.is_some() { ", the server restarted" } else { "" };
                let secs = begun.elapsed().as_secs();
                return Ok(format!(
                    "{RUNS} runs done once each in {secs} s, {killed} workers killed{harmed}, launched {launch} times"
                ));
            }
            Some(_) => return Err(said(&mut run)),
        }
    }
    Err(format!("not at its end after {LAUNCHES} launches"))
}

fn start(program: &Path, folder: &Path, engine: &Engine) -> Result<Child, String> {
    let mut command = Command::new(program);
    command.args(["study", "run", "study.toml", "--out", "out", "--launch", engine.launch]);
    if let Some(store) = &engine.store {
        command.args(["--store", store]);
    }
    command.current_dir(folder).envs(engine.variables.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().map_err(|error| format!("{}: {error}", program.display()))
}

fn said(run: &mut Child) -> String {
    let mut text = String::new();
    if let Some(mut stderr) = run.stderr.take() {
        // What cannot be read is not said.
        let _ = std::io::Read::read_to_string(&mut stderr, &mut text);
    }
    text.lines().last().unwrap_or("it failed without a word").to_owned()
}

/// The study's workers, whoever began them.
fn workers(folder: &Path) -> Result<Vec<String>, String> {
    let name = folder.join("out").display().to_string();
    let listed = Command::new("pgrep").args(["-f", &format!("study worker .*{name}")]).output();
    let listed = listed.map_err(|error| format!("pgrep: {error}"))?;
    Ok(String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect())
}

/// Kills one of them.
fn kill_one(workers: &[String], which: usize) -> bool {
    let Some(worker) = workers.get(which % workers.len().max(1)) else {
        return false;
    };
    let killed = Command::new("kill").args(["-KILL", worker]).stderr(Stdio::null()).status();
    killed.is_ok_and(|status| status.success())
}

/// Every run is done, once: so says the store, and so do the runs' own records.
fn verify(program: &Path, folder: &Path, engine: &Engine) -> Result<(), String> {
    let store = engine.store.as_ref().map_or_else(|| "out".to_owned(), |url| format!("{url}#smoke"));
    let status =
        Command::new(program).args(["study", "status", &store, "--json"]).current_dir(folder).output();
    let status = status.map_err(|error| error.to_string())?;
    let status: Value =
        serde_json::from_slice(&status.stdout).map_err(|error| format!("its status: {error}"))?;
    let counts = status["counts"].as_array().into_iter().flatten();
    let done: u64 =
        counts.filter(|count| count["state"] == "done").filter_map(|count| count["runs"].as_u64()).sum();
    if done != RUNS || status["ended"] != true {
        return Err(format!("{done} of {RUNS} runs are done: {status}"));
    }
    for arm in ["ns-gan", "lsgan"] {
        let runs = folder.join("out/runs").join(arm);
        let found = fs::read_dir(&runs).map_err(|error| format!("{}: {error}", runs.display()))?;
        let mut finished = 0;
        for run in found.flatten() {
            let events = fs::read_to_string(run.path().join("events.jsonl")).unwrap_or_default();
            // A worker killed before it could say so leaves an end that is said again.
            finished += u64::from(events.contains("\"outcome\":\"done\""));
        }
        if finished != RUNS / 2 {
            return Err(format!("the records of {arm} hold {finished} ends of runs instead of {}", RUNS / 2));
        }
    }
    Ok(())
}
