//! Ctrl-C, SIGTERM and SIGHUP stop a run with a checkpoint.
#![cfg(unix)]

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::place::{Place, Ran};

/// Long enough that the signal always comes before its end.
const LONG: [&str; 6] =
    ["--steps", "6000", "--set", "checkpoint.every_steps=0", "--set", "samples.every_steps=1000"];
const LAST: u64 = 6000;

fn signal(name: &str, child: &Child) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// A run that has made some steps.
fn start(place: &Place) -> Child {
    let child = place.start(&[&["train", "small.toml", "--out", "run"], &LONG[..]].concat());
    place.wait_for("run/events.jsonl", "\"readings\"");
    child
}

/// A signal stops a run with a checkpoint, and the run is said how to go on with.
fn check(name: &str) -> Place {
    let place = Place::new();
    let child = start(&place);
    signal(name, &child);
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("note: stopping at the next step"), "{}", ran.err);
    let sentence = ran.err.lines().last().unwrap();
    assert!(sentence.starts_with("error: the run was interrupted; go on with "), "{sentence}");
    assert!(sentence.ends_with("train --resume run"), "{sentence}");
    let shown = place.show("run");
    assert_eq!(shown["outcome"], "interrupted");
    assert!(shown["steps"].as_u64() < Some(LAST), "{shown}");
    assert!(place.at("run/curves.png").is_file());
    assert!(!place.checkpoint("run", shown["steps"].as_u64().unwrap()).is_empty());
    place
}

#[test]
fn control_c_stops_with_a_checkpoint_and_the_run_ends_as_if_it_had_never_been_stopped() {
    let place = check("-INT");
    place.done(&[&["train", "small.toml", "--out", "whole"], &LONG[..]].concat());
    place.done(&["train", "--resume", "run"]);
    assert!(place.checkpoint("run", LAST) == place.checkpoint("whole", LAST));
}

#[test]
fn a_termination_stops_with_a_checkpoint() {
    check("-TERM");
}

#[test]
fn a_closed_terminal_stops_with_a_checkpoint() {
    check("-HUP");
}

#[test]
fn a_run_has_one_writer() {
    let place = Place::new();
    let mut child = start(&place);
    let before = place.read("run/plan.toml");
    let text = "the run run is being written by another process";
    // The requests are right, but cannot be met now.
    place.run(&["train", "--resume", "run"]).failed(text);
    place.run(&["train", "small.toml", "--out", "run", "--overwrite"]).failed(text);
    // Reading it meanwhile is no harm.
    assert_eq!(place.show("run")["outcome"], "running");
    signal("-KILL", &child);
    child.wait().unwrap();
    assert_eq!(place.read("run/plan.toml"), before);
    // Nobody runs it any more, and `show` says so.
    assert_eq!(place.show("run")["outcome"], "killed");
}

#[test]
fn a_stop_while_the_step_is_compiled_ends_it_within_a_second_or_so_and_leaves_nothing() {
    let place = Place::new();
    // It would compile for minutes.
    let long = ["--set", "scheme.kind=unrolled", "--set", "scheme.k=1000"];
    let mut child = place.start(&[&["train", "small.toml", "--out", "run"], &long[..]].concat());
    // By now it compiles, and nothing has been made.
    std::thread::sleep(Duration::from_secs(2));
    assert!(child.try_wait().unwrap().is_none() && !place.at("run").exists());
    signal("-TERM", &child);
    let asked = Instant::now();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(
        ran.err.contains("interrupted before the first step; nothing of the run was kept"),
        "{}",
        ran.err
    );
    assert!(!place.at("run").exists());
}
