//! `train --treat`: a run that is ill for a while is treated, and the best of its forks goes on.

use serde_json::Value;

use crate::place::{Place, Ran};

/// A run whose players cannot move, unless it is treated: then it comes four times as near to its wide, touching modes.
const SICK: &str = "train small.toml --seed 1 --steps 400 --set batch=32 --set data.std=0.5 --set data.radius=1 \
    --set generator.hidden=[32] --set discriminator.hidden=[32] --set generator.update.lr=1e-9 \
    --set discriminator.update.lr=1e-9 --set probes.modes.every_steps=10 --set samples.every_steps=0 \
    --out run --treat --json";
const PATIENCE: [&str; 4] = ["--treat-after", "20", "--treat-share", "0.7"];

fn sick(options: &[&'static str]) -> Vec<&'static str> {
    SICK.split_whitespace().chain(options.iter().copied()).collect()
}

fn told(ran: &Ran) -> (Value, Value) {
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    (told["run"].clone(), told["steps"].clone())
}

#[test]
fn a_run_that_stays_ill_is_treated_and_its_best_fork_goes_on() {
    let place = Place::new();
    let ran = place.done(&sick(&PATIENCE));
    assert!(
        ran.err.contains("run has been ill for a while (") && ran.err.contains("going on with "),
        "{}",
        ran.err
    );
    assert_eq!(told(&ran), ("run-mended".into(), 400.into()));
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
    assert_eq!(plan["name"], before["name"]);
    // What is in the way of another is noticed before anything is done.
    let tree = place.tree();
    place
        .run(&sick(&["--overwrite"]))
        .refused("run-treat is in the way of --treat; remove it, or choose another --out");
    assert_eq!(place.tree(), tree);
    std::fs::remove_dir_all(place.at("run-treat")).unwrap();
    std::fs::remove_dir_all(place.at("run-mended")).unwrap();
    // So is what would be in the way of the last of three treatments.
    place.write("run-mended-mended-mended/plan.toml", b"");
    place.run(&sick(&["--overwrite"])).refused("run-mended-mended-mended is in the way of --treat");
}

#[test]
fn a_treatment_that_was_stopped_goes_on_by_the_command_that_it_told() {
    let place = Place::new();
    let mut begun = place.start(&sick(&PATIENCE));
    place.wait_for("run-treat/treatment.toml", "verdict");
    begun.kill().unwrap();
    begun.wait().unwrap();
    let before = place.read("run/events.jsonl");
    let resume = [&["train", "--resume", "run", "--treat", "--json"][..], &PATIENCE].concat();
    let ran = place.done(&resume);
    assert!(ran.err.contains("run goes on with its treatment"), "{}", ran.err);
    assert_eq!(told(&ran), ("run-mended".into(), 400.into()));
    // The sick run is not played any further, and what is done is found.
    assert_eq!(place.read("run/events.jsonl"), before);
    assert_eq!(told(&place.done(&resume)), ("run-mended".into(), 400.into()));
}

#[test]
fn a_run_that_diverged_and_cannot_be_treated_is_reported_and_not_played_again() {
    let place = Place::new();
    let sick = "train small.toml --set generator.update.lr=1e30 --set discriminator.update.lr=1e30 --set probes.modes.every_steps=0 \
        --set probes.bins.every_steps=0 --set samples.every_steps=0 --out run --treat --json";
    let ran = place.run(&sick.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("note: run reads no score of its samples"), "{}", ran.err);
    assert!(
        ran.err.contains("error: the run diverged: ") && !ran.err.contains("goes on as it was"),
        "{}",
        ran.err
    );
    assert_eq!(told(&ran).0, "run");
    assert!(!place.at("run-treat").exists() && !place.at("run-mended").exists());
}

#[test]
fn a_treatment_that_came_to_nothing_is_not_begun_again() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let run = place.at("run").canonicalize().unwrap();
    let treatment =
        |result: &str| format!("run = {:?}\nverdict = \"v\"\nsince_step = 1\n[result]\n{result}", run);
    place.write("run-treat/treatment.toml", treatment("best = \"r1\"\n").as_bytes());
    place.write("run-treat/study.toml", b"damaged");
    let on = ["train", "--resume", "run", "--steps", "60", "--treat"];
    place.done(&on);
    // One that found something better goes on, and here it cannot.
    place.write("run-treat/treatment.toml", treatment("resume = \"train\"\n").as_bytes());
    let ran = place.run(&on);
    assert!(ran.code == Some(1) && ran.err.contains("run goes on with its treatment"), "{}", ran.err);
    assert!(
        ran.err.contains("error: the treatment failed: ") && ran.err.contains(" --resume run"),
        "{}",
        ran.err
    );
}

#[test]
fn a_run_that_is_not_ill_for_long_is_left_alone() {
    let place = Place::new();
    let ran = place.done(&sick(&["--treat-after", "1000"]));
    assert_eq!(told(&ran).0, "run");
    assert!(!place.at("run-treat").exists() && !place.at("run-mended").exists());
    // Where the spec says nothing of it, enough checkpoints are kept to go back.
    let kept = |options: &[&str]| {
        let ran = place.done(&[&["train", "ring", "--dry-run", "--json"], options].concat());
        let plan: Value = serde_json::from_str(&ran.out).unwrap();
        plan["plan"]["checkpoint"]["keep_last"].clone()
    };
    assert_eq!(
        (kept(&["--treat"]), kept(&["--treat", "--set", "checkpoint.keep_last=3"])),
        (10.into(), 3.into())
    );
    for (options, text) in [
        (["--treat", "--stop-when", "diverged"], "cannot be used with"),
        (["--treat", "--treat-share", "0"], "a number above 0 and at most 1 is allowed"),
        (["--treat-share", "0.5", "--dry-run"], "--treat"),
    ] {
        let ran = place.run(&[&["train", "small.toml", "--out", "no"], &options[..]].concat());
        assert!(ran.code == Some(2) && ran.err.contains(text), "{}", ran.err);
    }
}
