//! `train --treat`: a run that is ill for a while is treated, and the best of its forks goes on.

use serde_json::Value;

use crate::place::{Place, Ran};

/// A run whose generator cannot move, unless it is treated.
const SICK: [&str; 12] = [
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
    for (table, key) in [("checkpoint", "keep_last"), ("samples", "every_steps")] {
        assert_eq!(plan[table][key], before[table][key], "{table}.{key}");
    }
    // The same command, after it was stopped anywhere, finds what is there.
    let resume = ["train", "--resume", "run", "--treat", "--treat-after", "6", "--json"];
    let again: Value = serde_json::from_str(&place.done(&resume).out).unwrap();
    assert_eq!((&again["run"], &again["steps_done"]), (&"run-mended".into(), &60.into()), "{again}");
}

#[test]
fn a_run_that_nothing_mends_or_that_is_well_goes_on_as_it_is() {
    let place = Place::new();
    // It is ill for less long than is asked for.
    let (_, told) = treated(&place, &["--treat-after", "1000", "--out", "run"]);
    assert_eq!(told["run"], "run");
    assert!(!place.at("run-treat").exists() && !place.at("run-mended").exists());
    for (options, text) in [
        (["--treat", "--stop-when", "diverged"], "cannot be used with"),
        (["--treat", "--treat-share", "0"], "a share above 0 and at most 1"),
        (["--treat-share", "0.5", "--dry-run"], "--treat"),
    ] {
        let ran = place.run(&[&["train", "small.toml", "--out", "no"], &options[..]].concat());
        assert!(ran.code == Some(2) && ran.err.contains(text), "{}", ran.err);
    }
}
