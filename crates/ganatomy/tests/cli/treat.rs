//! Treatments: forks of a sick run beside an untreated one, and what is refused.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::place::Place;

/// A run whose generator cannot move: its samples stay where they began.
const SICK: [&str; 10] = [
    "--steps",
    "60",
    "--set",
    "generator.update.lr=1e-9",
    "--set",
    "discriminator.update.lr=1e-9",
    "--set",
    "probes.modes.every_steps=2",
    "--set",
    "checkpoint.keep_last=9",
];

fn sick(place: &Place, run: &str) {
    place.done(&[&["train", "small.toml", "--out", run], &SICK[..]].concat());
    let ran = place.run(&["diagnose", run]);
    assert!(ran.code == Some(3) && ran.out.contains("never-learned"), "{}", ran.out);
}

fn told(place: &Place, arguments: &[&str]) -> Value {
    serde_json::from_str(&place.done(&[&["treat"], arguments, &["--json"]].concat()).out).unwrap()
}

/// The files of a run.
fn files(place: &Place, run: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    place.tree().into_iter().filter(|(path, _)| path.starts_with(place.at(run))).collect()
}

#[test]
fn a_sick_run_is_treated_and_the_best_goes_on() {
    let place = Place::new();
    sick(&place, "run");
    let before = files(&place, "run");
    assert!(!before.is_empty());
    let options = ["run", "--from", "20", "--seeds", "2", "--budget-steps", "40", "--by", "samples/bins_js"];
    let tree = place.tree();
    let dry = place.done(&[&["treat"], &options[..], &["--dry-run"]].concat());
    assert!(dry.out.contains("arm untreated begins at ") && dry.out.contains("after step 20"), "{}", dry.out);
    assert_eq!(place.tree(), tree);
    let told = told(&place, &options);
    assert_eq!((&told["verdict"], &told["from"]), (&"never-learned".into(), &20.into()), "{told}");
    assert_eq!(told["reading"], "samples/bins_js");
    let arms = told["arms"].as_array().unwrap();
    assert!(arms.len() >= 2 && told["best"].is_string() && told["winner"].is_null(), "{told}");
    assert!(
        arms.iter().any(|arm| arm["change"].as_str().unwrap().contains("generator.update.lr=1e-3")),
        "{told}"
    );
    assert!(
        told["conclusion"].as_str().unwrap().contains("2 seeds an arm cannot tell anything apart"),
        "{told}"
    );
    // The run that is treated is as it was, and its untreated fork is the same run going on.
    assert!(files(&place, "run") == before);
    assert!(place.checkpoint("run-treat/runs/untreated/0-seed-0", 60) == place.checkpoint("run", 60));
    let page = place.read("run-treat/report.html");
    assert!(page.contains("The family") && page.contains("No remedy is told apart") && page.contains("갈래"));
    assert!(place.read("run-treat/treatment.toml").contains("best = "));
    let resume: Vec<&str> = told["resume"].as_str().unwrap().split(' ').skip(1).collect();
    place.done(&resume);
    // The same command goes on where it was, and says the same.
    assert_eq!(self::told(&place, &options)["arms"], told["arms"]);
}

#[test]
fn a_killed_treatment_goes_on_by_the_same_command() {
    let place = Place::new();
    sick(&place, "run");
    let options =
        ["run", "--from", "20", "--seeds", "2", "--budget-steps", "400", "--remedies", "usual-rates,r1"];
    let mut begun = place.start(&[&["treat"], &options[..]].concat());
    place.wait_for("run-treat/treatment.toml", "never-learned");
    sleep(Duration::from_millis(300));
    begun.kill().unwrap();
    begun.wait().unwrap();
    let hit = told(&place, &options);
    let whole = told(&place, &[&options[..], &["--out", "whole"]].concat());
    for key in ["arms", "untreated", "conclusion", "from"] {
        assert_eq!(hit[key], whole[key], "{key}");
    }
    let other = place.run(&["treat", "run", "--from", "20", "--seeds", "3"]);
    other.refused("run-treat holds a treatment that was asked for otherwise (--from 20 --remedies usual-rates,r1 --budget-steps 400 --seeds 2)");
}

#[test]
fn what_cannot_be_forked_begins_anew_and_is_marked() {
    let place = Place::new();
    sick(&place, "run");
    let options = ["run", "--from", "20", "--seeds", "1", "--budget-steps", "10", "--remedies", "wider-d,r1"];
    let some = told(&place, &options);
    let marks: Vec<bool> =
        some["arms"].as_array().unwrap().iter().map(|arm| arm["anew"].as_bool().unwrap()).collect();
    assert_eq!((marks, &some["untreated"]["anew"]), (vec![true, false], &false.into()));
    // Without a checkpoint before its illness all do, with the plan of the run.
    let all = told(
        &place,
        &["run", "--seeds", "1", "--budget-steps", "60", "--remedies", "r1", "--from", "0", "--out", "new"],
    );
    assert!(all["from"].is_null() && all["untreated"]["anew"] == true, "{all}");
    assert!(place.checkpoint("new/runs/untreated/0-seed-0", 60) == place.checkpoint("run", 60));
    // One that diverged before its first checkpoint has none at all.
    let fast = [
        "--set",
        "generator.update={kind=\"sgd\",lr=1e30}",
        "--set",
        "discriminator.update={kind=\"sgd\",lr=1e30}",
    ];
    let ran = place.run(&[&["train", "small.toml", "--out", "nan"], &fast[..]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let nan = told(&place, &["nan", "--seeds", "1", "--budget-steps", "20", "--remedies", "slower"]);
    assert!(
        nan["verdict"] == "diverged" && nan["untreated"]["failed"] == 1 && nan["best"] == "slower",
        "{nan}"
    );
}

#[test]
fn a_run_that_is_well_is_left_alone() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--steps", "10", "--out", "young"]);
    let tree = place.tree();
    let ran = place.done(&["treat", "young"]);
    assert!(ran.out.contains("nothing wrong is seen, and nothing was tried"), "{}", ran.out);
    assert_eq!(place.tree(), tree);
}

#[test]
fn what_cannot_be_treated_is_said_in_one_sentence() {
    let place = Place::new();
    sick(&place, "run");
    place.write("log.jsonl", b"{}\n");
    place.write("full/other", b"");
    place.done(&[
        "train",
        "small.toml",
        "--set",
        "probes.modes.every_steps=0",
        "--set",
        "probes.bins.every_steps=0",
        "--out",
        "mute",
    ]);
    place.write("log.csv", b"step,d_loss,g_loss\n1,0.7,0.7\n2,0.6,0.8\n3,0.5,0.9\n");
    place.done(&["import", "log.csv", "--out", "imported"]);
    let tree = place.tree();
    let refused = |arguments: &[&str], text: &str| {
        place.run(&[&["treat"], arguments].concat()).refused(text);
        assert_eq!(place.tree(), tree, "{arguments:?}");
    };
    refused(&["none"], "cannot open the run none");
    refused(&["log.jsonl"], "log.jsonl is a file and no run folder: only a run of Ganatomy can be forked");
    refused(&["imported"], "imported is another program's log: it has no checkpoints");
    refused(
        &["run", "--from", "15"],
        "run has no checkpoint of step 15; it has those of steps 2 (the best), 10",
    );
    let ran = place.run(&["treat", "run", "--budget-steps", "0"]);
    assert!(
        ran.code == Some(2) && ran.err.contains("'--budget-steps <N>': must be a whole number of 1 or more"),
        "{}",
        ran.err
    );
    refused(&["run", "--seeds", "5000"], "--seeds must be from 1 to 1000, found 5000");
    refused(&["run", "--remedies", "r2gan"], "there is no remedy \"r2gan\"; did you mean \"r3gan\"?");
    refused(&["run", "--remedies", "loss.kind=began"], "the remedy loss.kind=began does not go with run: ");
    refused(
        &["run", "--remedies", "batch=8"],
        "the remedy batch=8 does not go with run: it has all of it already",
    );
    refused(&["run", "--remedies", "r1,r1"], "--remedies names r1 twice");
    refused(&["run", "--by", "samples/qualty_kl"], "did you mean \"samples/quality_kl\"?");
    refused(
        &["mute", "--remedies", "r1"],
        "mute reads no score of its samples, by which forks could be compared",
    );
    refused(&["run", "--out", "run"], "run is a run, and a treatment needs a folder of its own");
    refused(&["run", "--out", "full"], "full holds other files");
    // One of another version, whose plan has a field that this one does not know.
    let plan = place.read("run/plan.toml");
    place.write("run/plan.toml", format!("tomorrow = 1\n{plan}").as_bytes());
    let ran = place.run(&["treat", "run", "--remedies", "r1"]);
    assert!(
        ran.code == Some(2) && ran.err.contains("tomorrow") && !place.at("run-treat").exists(),
        "{}",
        ran.err
    );
}
