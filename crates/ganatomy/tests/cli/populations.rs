//! Runs that step together: a folder each, ends of their own, refusals that name the field, and nothing lost to a kill.

use crate::place::{Place, Ran};

/// Layers that do not saturate, so that what is to diverge does so on any processor.
const STEEP: [&str; 4] = ["--set", "generator.activation=relu", "--set", "discriminator.activation=relu"];
const FOUR: [&str; 8] =
    ["train", "small.toml", "--population", "2", "--over", "generator.update.lr=1e-3,1e30", "--out", "four"];

fn run(place: &Place, arguments: &[&str]) -> serde_json::Value {
    let ran = place.run(&[arguments, &["--json"]].concat());
    assert!(ran.out.starts_with('{'), "{arguments:?}: {}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn outcomes(ended: &serde_json::Value) -> Vec<&str> {
    ended["members"].as_array().unwrap().iter().map(|member| member["outcome"].as_str().unwrap()).collect()
}

#[test]
fn each_run_has_its_folder_and_its_end() {
    let place = Place::new();
    let ran = place.done(&[&FOUR[..], &STEEP].concat());
    for text in ["4 runs in four", "generator.update.lr=1e30 seed=1", "diverged", "compare four/01 four/02"] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    assert!(ran.err.contains("4 runs, training"), "{}", ran.err);
    // What the clinic says is said of a run by its name.
    assert!(ran.err.contains("03, step "), "{}", ran.err);
    for (at, outcome, steps) in
        [("01", "done", 40), ("02", "done", 40), ("03", "diverged", 0), ("04", "diverged", 0)]
    {
        let shown = place.show(&format!("four/{at}"));
        assert_eq!(shown["outcome"], outcome, "{at}");
        assert!(outcome == "diverged" || shown["steps"] == steps, "{shown}");
    }
    // Alone, each does the same, to rounding.
    let alone = ["train", "small.toml", "--seed", "1", "--set", "generator.update.lr=1e-3", "--out", "alone"];
    place.done(&[&alone[..], &STEEP].concat());
    let loss = |run: &str| place.show(run)["readings"]["generator/loss"]["last"].as_f64().unwrap();
    assert!((loss("alone") - loss("four/02")).abs() < 1e-3 && loss("four/01") != loss("four/02"));
    // And goes on alone.
    place.done(&["train", "--resume", "four/02", "--steps", "60"]);
    assert_eq!(place.show("four/02")["steps"], 60);
    // All that can go on do so together.
    let ended = run(&place, &["train", "--resume", "four", "--steps", "60"]);
    assert_eq!(outcomes(&ended), ["done", "done", "diverged", "diverged"]);
    assert_eq!(ended["members"][0]["steps"], 60);
    let ran = place.done(&["train", "--resume", "four"]);
    assert!(ran.err.contains("every run of this population is at its end"), "{}", ran.err);
    // Another population takes its place only if it may.
    let smaller = ["train", "small.toml", "--population", "2", "--out", "four"];
    place.run(&smaller).refused("four holds a population already");
    place.done(&[&smaller[..], &["--overwrite"]].concat());
    assert!(place.at("four/02").is_dir() && !place.at("four/03").exists());
}

/// The request is refused with this text, and everything is as it was.
fn check(place: &Place, more: &[&str], text: &str) {
    let before = place.tree();
    let ran: Ran = place.run(&[&["train", "small.toml", "--out", "none"], more].concat());
    ran.refused(text);
    assert!(place.tree() == before, "{more:?} left something behind");
}

#[test]
fn what_cannot_be_a_population_is_refused_by_its_field() {
    let place = Place::new();
    for (more, text) in [
        (["--population", "0"], "invalid value '0' for '--population <N>'"),
        (["--over=seed=1,2", "--treat"], "cannot be used with"),
    ] {
        let ran = place.run(&[&["train", "small.toml"], &more[..]].concat());
        assert!(ran.code == Some(2) && ran.err.contains(text), "{}", ran.err);
    }
    check(&place, &["--over", "generator.update.lr"], "--over is written KEY=A,B,C");
    check(
        &place,
        &["--over", "generator.update.lr=1,x"],
        "generator.update.lr must be a number greater than 0, found \"x\"",
    );
    check(&place, &["--over", "lr=1,2"], "unknown key \"lr\"");
    check(&place, &["--over", "batch=8,16"], "but run 2 has batch = 16 where the first has 8");
    check(
        &place,
        &["--over", "loss.kind=hinge,wasserstein"],
        "run 2 has loss.kind = \"wasserstein\" where the first has \"hinge\"",
    );
    check(
        &place,
        &["--over", "generator.z_dims=2,3"],
        "run 2 has generator.z_dims = 3 where the first has 2",
    );
    check(&place, &["--over", "steps=20,30"], "run 2 has steps = 30 where the first has 20");
    check(
        &place,
        &["--over", "data.std=0.1,0.2"],
        "data.std must be 0.1, as in the run whose data is shared, found 0.2",
    );
    place.write("none/notes.txt", b"mine");
    check(&place, &["--population", "2"], "holds something else than a population");
}

#[test]
fn all_that_diverge_are_a_failed_run() {
    let place = Place::new();
    let wild = ["train", "small.toml", "--over", "generator.update.lr=1e30,1e31", "--out", "wild"];
    let ran = place.run(&[&wild[..], &STEEP].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("all 2 runs diverged"), "{}", ran.err);
    let ran = place.run(&[&FOUR[..], &STEEP, &["--stop-when", "diverged"]].concat());
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("verdicts stopped 2 runs: diverged"), "{}", ran.err);
}

#[test]
fn a_killed_population_goes_on_as_if_it_had_not_been() {
    let place = Place::new();
    let long = [
        "--steps",
        "300",
        "--set",
        "checkpoint.every_steps=50",
        "--set",
        "samples.every_steps=0",
        "--population",
        "3",
    ];
    place.done(&[&["train", "small.toml", "--out", "whole"], &long[..]].concat());
    let mut arguments = [&["train", "small.toml", "--out", "cut"], &long[..]].concat();
    for (run, text) in [("cut/02", "step-00000100"), ("cut/03", "step-00000200")] {
        let mut child = place.start(&arguments);
        place.wait_for(&format!("{run}/events.jsonl"), text);
        child.kill().unwrap();
        child.wait().unwrap();
        arguments = vec!["train", "--resume", "cut"];
    }
    place.done(&arguments);
    for run in ["01", "02", "03"] {
        let shown = |kind: &str| place.show(&format!("{kind}/{run}"));
        assert_eq!(shown("cut")["outcome"], "done");
        let loss = |kind: &str| shown(kind)["readings"]["discriminator/loss"]["last"].as_f64().unwrap();
        assert!((loss("cut") - loss("whole")).abs() < 5e-2, "{run}: {} and {}", loss("cut"), loss("whole"));
        assert_eq!(shown("cut")["steps"], 300);
    }
}

#[test]
fn an_interrupted_population_says_how_it_goes_on() {
    let place = Place::new();
    let mut child =
        place.start(&["train", "small.toml", "--steps", "100000", "--population", "2", "--out", "two"]);
    place.wait_for("two/02/events.jsonl", "step-00000100");
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let [a, b] = ["two/01", "two/02"].map(|run| place.show(run));
    assert_eq!((&a["outcome"], &b["outcome"]), (&"interrupted".into(), &"interrupted".into()));
    assert_eq!(a["steps"], b["steps"]);
}

#[test]
fn a_plan_of_a_population_is_printed_and_writes_nothing() {
    let place = Place::new();
    let before = place.tree();
    let ran = place.done(&[&FOUR[..], &["--dry-run"]].concat());
    assert!(
        ran.out.contains("4 runs together, into four")
            && ran.out.contains("04  generator.update.lr=1e30 seed=1"),
        "{}",
        ran.out
    );
    assert!(place.tree() == before);
}
