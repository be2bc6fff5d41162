//! `train --treat`: a run that is ill for a while is treated, and the best of its forks goes on.

use serde_json::Value;

use crate::place::{Place, Ran};

/// A run whose generator cannot move, unless it is treated.
const SICK: [&str; 14] = [
    "train",
    "small.toml",
    "--steps",
    "60",
    "--set",
    "generator.update.lr=1e-9",
    "--set",
    "discriminator.update.lr=1e-9",
    "--set",
    "probes.modes.every_steps=2",
    "--set",
    "samples.every_steps=0",
    "--treat",
    "--json",
];

fn treated(place: &Place, options: &[&str]) -> (Ran, Value) {
    let ran = place.done(&[&SICK[..], options].concat());
    let told = serde_json::from_str(&ran.out).unwrap();
    (ran, told)
}

#[test]
fn a_run_that_stays_ill_is_treated_and_its_best_fork_goes_on() {
    let place = Place::new();
    let (ran, told) = treated(&place, &["--treat-after", "6", "--out", "run"]);
    assert!(
        ran.err.contains("run has been ill for a while (") && ran.err.contains("going on with "),
        "{}",
        ran.err
    );
    assert_eq!((&told["run"], &told["steps_done"]), (&"run-mended".into(), &60.into()), "{told}");
    // The run stopped where it was found ill, and what came of its treatment is kept.
    let last = place.read("run/events.jsonl").lines().last().map(str::to_owned).unwrap();
    assert!(last.contains("\"interrupted\""), "{last}");
    assert!(place.read("run-treat/treatment.toml").contains("best = "));
    let plan: toml::Table = place.read("run-mended/plan.toml").parse().unwrap();
    let parent = plan["origin"]["parent"].as_str().unwrap();
    assert!(parent.contains("run-treat") && !parent.contains("untreated"), "{parent}");
    // What was kept and drawn of forks is not what is kept and drawn of the run.
    let before: toml::Table = place.read("run/plan.toml").parse().unwrap();
    assert_eq!(before["checkpoint"]["keep_last"].as_integer(), Some(10));
    for (table, key) in [("checkpoint", "keep_last"), ("samples", "every_steps")] {
        assert_eq!(plan[table][key], before[table][key], "{table}.{key}");
    }
    assert_eq!(plan["name"], before["name"]);
    // What is in the way of another is noticed before anything is done.
    let tree = place.tree();
    let ran = place.run(&[&SICK[..], &["--out", "run", "--overwrite"]].concat());
    ran.refused("run-treat is in the way of --treat; remove it, or choose another --out");
    assert_eq!(place.tree(), tree);
}

#[test]
fn a_treatment_that_was_stopped_goes_on_by_the_command_that_it_told() {
    let place = Place::new();
    let options = ["--treat-after", "6", "--treat-share", "1", "--out", "run"];
    let mut begun = place.start(&[&SICK[..], &options].concat());
    place.wait_for("run-treat/treatment.toml", "verdict");
    begun.kill().unwrap();
    begun.wait().unwrap();
    let before = place.read("run/events.jsonl");
    let resume =
        ["train", "--resume", "run", "--treat", "--treat-after", "6", "--treat-share", "1", "--json"];
    let ran = place.done(&resume);
    assert!(ran.err.contains("run goes on with its treatment"), "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["run"], "run-mended");
    // The sick run is not played any further, and what is done is found.
    assert_eq!(place.read("run/events.jsonl"), before);
    let again: Value = serde_json::from_str(&place.done(&resume).out).unwrap();
    assert_eq!((&again["run"], &again["steps_done"]), (&told["run"], &told["steps_done"]));
}

#[test]
fn a_run_that_is_not_ill_for_long_is_left_alone() {
    let place = Place::new();
    // It is ill for less long than is asked for.
    let (_, told) = treated(&place, &["--treat-after", "1000", "--out", "run"]);
    assert_eq!(told["run"], "run");
    assert!(!place.at("run-treat").exists() && !place.at("run-mended").exists());
    for (options, text) in [
        (["--treat", "--stop-when", "diverged"], "cannot be used with"),
        (["--treat", "--treat-share", "0"], "a number above 0 and at most 1 is allowed"),
        (["--treat-share", "0.5", "--dry-run"], "--treat"),
    ] {
        let ran = place.run(&[&["train", "small.toml", "--out", "no"], &options[..]].concat());
        assert!(ran.code == Some(2) && ran.err.contains(text), "{}", ran.err);
    }
}
