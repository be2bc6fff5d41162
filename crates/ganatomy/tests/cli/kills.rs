//! A killed run loses nothing older than its last checkpoint.

use std::time::Duration;

use crate::place::Place;

/// Enough to be killed on the way.
const STEPS: &str = "800";
const LAST: u64 = 800;
const LONG: [&str; 6] =
    ["--steps", STEPS, "--set", "checkpoint.every_steps=50", "--set", "samples.every_steps=200"];

/// Kills the run each time its log holds one of the texts, and lets it come to its end.
fn check(texts: &[&str], threads: [&str; 2]) {
    let place = Place::new();
    place.done(&[&["train", "small.toml", "--out", "whole"], &LONG[..], &["--threads", "1"]].concat());
    let mut arguments =
        [&["train", "small.toml", "--out", "run"], &LONG[..], &["--threads", threads[0]]].concat();
    for text in texts {
        let mut child = place.start(&arguments);
        place.wait_for("run/events.jsonl", text);
        child.kill().unwrap();
        child.wait().unwrap();
        arguments = vec!["train", "--resume", "run", "--threads", threads[1]];
    }
    place.done(&arguments);
    assert!(place.checkpoint("run", LAST) == place.checkpoint("whole", LAST), "killed at {texts:?}");
    assert_eq!(record(&place, "run"), record(&place, "whole"), "killed at {texts:?}");
}

/// What a run has recorded apart from times: its steps and readings.
fn record(place: &Place, run: &str) -> serde_json::Value {
    let mut shown = place.show(run);
    for name in ["run", "wall_secs"] {
        shown[name].take();
    }
    shown
}

#[test]
fn before_the_first_checkpoint() {
    check(&["\"started\""], ["2", "2"]);
}

#[test]
fn after_a_checkpoint_and_again_after_another() {
    check(&["step-00000100", "step-00000350", "step-00000600"], ["2", "2"]);
}

#[test]
fn across_a_change_of_threads() {
    check(&["step-00000300"], ["1", "2"]);
    check(&["step-00000350"], ["2", "1"]);
}

#[test]
fn at_any_moment_of_the_beginning() {
    for millis in [0, 5, 20, 60, 150] {
        let place = Place::new();
        let arguments = [&["train", "small.toml", "--out", "run"], &LONG[..]].concat();
        let mut child = place.start(&arguments);
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
        // Either the run had begun and resumes, or it had not and can be begun as if nothing had been.
        let begun = place.at("run/spec.toml").is_file() && place.at("run/plan.toml").is_file();
        let arguments = if begun { vec!["train", "--resume", "run"] } else { arguments };
        place.done(&arguments);
        assert_eq!(place.show("run")["outcome"], "done");
    }
}
