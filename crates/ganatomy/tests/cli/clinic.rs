//! The clinic's doors: what is wrong with a run is said, written down, and answered.

use std::fs;

use ganatomy::record::{Checkpoints, Direction, Event, Outcome, RunFolder, RunWriter, Sink};
use serde_json::Value;

use crate::place::{Place, Ran};

/// Sends the generator far away from all data but one mode, within a few steps.
const ILL: [&str; 12] = [
    "small.toml",
    "--steps",
    "60",
    "--set",
    "generator.update.lr=0.5",
    "--set",
    "probes.modes.every_steps=5",
    "--set",
    "samples.every_steps=0",
    "--set",
    "probes.gradients.every_steps=20",
    "--threads=1",
];

/// A plan as the program writes it, of a run on eight modes.
fn plan(place: &Place) -> String {
    let ran = place.done(&["train", "small.toml", "--steps", "2000", "--dry-run", "--json"]);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    let table: toml::Table = serde_json::from_value(json["plan"].clone()).unwrap();
    table.to_string()
}

/// Records a run of `n` readings, one every hundred steps; how evenly its samples fall on eight modes is given by the step.
fn record(place: &Place, name: &str, n: u64, reverse_kl: impl Fn(u64) -> f64) {
    let folder = RunFolder::create(&place.at(name), false, "name = \"small\"\n", &plan(place)).unwrap();
    let mut writer = RunWriter::open(&folder, 0.0, "host").unwrap();
    let mut checkpoints = Checkpoints::open(&folder, 9, Direction::None).unwrap();
    for step in (1..=n).map(|i| 100 * i) {
        let kl = reverse_kl(step);
        let values = [
            ("samples/reverse_kl", kl),
            ("samples/n_modes", (8.0 * (-kl).exp()).round()),
            ("samples/high_quality_share", 0.95),
            ("discriminator/loss", 1.386),
            ("generator/loss", 0.693),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        let _ = writer.receive(&Event::Readings { step, secs: 1e-3 * step as f64, values }).unwrap();
        if step % 400 == 0 {
            checkpoints.store(step, b"a state", None).unwrap();
        }
    }
    let _ = writer.receive(&Event::Finished { step: 100 * n, secs: 9.0, outcome: Outcome::Done }).unwrap();
}

/// Eight modes, and from step 1000 on one.
fn collapses(step: u64) -> f64 {
    if step < 1000 { 0.01 } else { 2.08 }
}

fn diagnosed(place: &Place, run: &str) -> (Option<i32>, Value) {
    let ran = place.run(&["diagnose", run, "--json"]);
    assert_eq!(ran.err, "");
    (ran.code, serde_json::from_str(&ran.out).unwrap())
}

fn verdicts(found: &Value) -> Vec<&str> {
    found["verdicts"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn a_sick_run_is_told_with_what_shows_it_and_what_may_mend_it() {
    let place = Place::new();
    record(&place, "run", 20, collapses);
    let (code, found) = diagnosed(&place, "run");
    assert_eq!((code, &found["run"]), (Some(3), &"run".into()));
    let verdict = found["verdicts"].as_array().unwrap().iter().find(|one| one["name"] == "complete-collapse");
    let verdict = verdict.unwrap_or_else(|| panic!("{found}"));
    assert_eq!(verdict["since_step"], 1000);
    assert!((0.5..=1.0).contains(&verdict["confidence"].as_f64().unwrap()), "{verdict}");
    assert!(verdict["sentence"].as_str().unwrap().ends_with('.'));
    let evidence = &verdict["evidence"][0];
    assert!(
        evidence["reading"].is_string() && evidence["value"].is_number() && evidence["expected"].is_string()
    );
    assert_eq!(evidence["step"], 2000);
    let remedy = &verdict["remedies"][0];
    assert!(remedy["change"].as_str().unwrap().starts_with("--") && remedy["why"].is_string(), "{remedy}");
    assert!(
        found["cannot_tell"].as_array().unwrap().iter().all(|one| one["name"] != "" && one["needs"] != "")
    );

    let ran = place.run(&["diagnose", "run"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(3), ""));
    assert!(ran.out.contains("complete-collapse  since step 1,000 of 2,000; "), "{}", ran.out);
    assert!(ran.out.contains(" at step 2,000; expected: ") && !ran.out.contains('\x1b'), "{}", ran.out);
    let (commands, prose): (Vec<&str>, Vec<&str>) =
        ran.out.lines().partition(|line| line.contains(" train "));
    assert!(prose.iter().all(|line| line.len() < 120), "{}", ran.out);
    // Every command begins at the last checkpoint before the onset.
    assert!((1..=3 * verdicts(&found).len()).contains(&commands.len()), "{}", ran.out);
    assert!(commands.iter().all(|command| command.contains(" train --from run@800 --")), "{}", ran.out);
}

#[test]
fn remedies_are_commands_that_go() {
    let place = Place::new();
    // All checkpoints are from after the onset: the run is to begin anew.
    record(&place, "run", 20, |_| 2.08);
    let ran = place.run(&["diagnose", "run"]);
    let commands: Vec<&str> = ran.out.lines().filter(|line| line.contains(" train ")).collect();
    assert!(!commands.is_empty(), "{}", ran.out);
    for command in commands {
        let words: Vec<String> =
            command.split_whitespace().skip(1).map(|word| word.trim_matches('\'').to_owned()).collect();
        assert_eq!(words[1], "run/spec.toml", "{command}");
        let words: Vec<&str> = words.iter().map(String::as_str).chain(["--dry-run"]).collect();
        place.done(&words);
    }
}

#[test]
fn a_healthy_run_is_told_to_be() {
    let place = Place::new();
    record(&place, "run", 20, |_| 0.01);
    let (code, found) = diagnosed(&place, "run");
    assert_eq!(code, Some(0), "{found}");
    assert!(verdicts(&found).contains(&"healthy"), "{found}");
    assert!(place.done(&["diagnose", "run"]).out.starts_with("healthy  at step 2,000; "));
}

#[test]
fn a_run_that_has_just_begun_is_not_judged() {
    let place = Place::new();
    place.run(&["train", "small.toml", "--steps", "3", "--out", "run"]);
    let (code, found) = diagnosed(&place, "run");
    assert_eq!((code, verdicts(&found)), (Some(0), vec!["too-early"]));
    // The log of a run that has not begun is not there yet.
    fs::remove_file(place.at("run/events.jsonl")).unwrap();
    assert_eq!(verdicts(&diagnosed(&place, "run").1), ["too-early"]);
}

#[test]
fn a_run_that_diverged_is_told_to() {
    let place = Place::new();
    let rates = ["--set", "generator.update.lr=1e38", "--set", "discriminator.update.lr=1e38"];
    place.run(&[&["train", "small.toml", "--out", "run"], &rates[..]].concat()).code.unwrap();
    let (code, found) = diagnosed(&place, "run");
    assert_eq!(code, Some(3));
    assert!(verdicts(&found).contains(&"diverged"), "{found}");
    // JSON has no word for what it came to.
    assert_eq!(found["verdicts"][0]["evidence"][0]["value"], "NaN");
}

/// What `diagnose` says of a run whose file was changed.
fn check_damaged(file: &str, change: impl Fn(Vec<u8>) -> Vec<u8>, expected: Result<&str, &str>) {
    let place = Place::new();
    record(&place, "run", 20, collapses);
    let path = place.at(&format!("run/{file}"));
    fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    match expected {
        Ok(verdict) => assert!(verdicts(&diagnosed(&place, "run").1).contains(&verdict), "{file}"),
        Err(text) => place.run(&["diagnose", "run"]).refused(text),
    }
}

#[test]
fn damaged_runs_are_answered_honestly() {
    let line = |text: &'static str| {
        move |mut bytes: Vec<u8>| {
            bytes.extend_from_slice(text.as_bytes());
            bytes
        }
    };
    let collapse = Ok("complete-collapse");
    check_damaged("events.jsonl", |bytes| bytes[..bytes.len() - 9].to_vec(), collapse);
    check_damaged("events.jsonl", line("{\"event\":\"of a newer version\",\"step\":2001}\n"), collapse);
    check_damaged(
        "events.jsonl",
        line("{\"event\":\"readings\",\"step\":\"x\"}\n"),
        Err("events.jsonl:22: "),
    );
    check_damaged("events.jsonl", |_| Vec::new(), Ok("too-early"));
    check_damaged("plan.toml", |_| b"steps = ".to_vec(), Err("plan.toml"));
    // Of what a newer version plans, nothing is known but the readings: not how many modes there are.
    check_damaged("plan.toml", |_| b"data = 3\nsteps = \"many\"\n".to_vec(), Ok("partial-collapse"));
    let no_number =
        "{\"event\":\"readings\",\"step\":2100,\"secs\":3,\"values\":{\"samples/reverse_kl\":\"NaN\"}}\n";
    check_damaged("events.jsonl", line(no_number), collapse);
    let again = "{\"event\":\"readings\",\"step\":2000,\"secs\":3,\"values\":{\"samples/reverse_kl\":2}}\n";
    check_damaged("events.jsonl", line(again), collapse);
}

#[test]
fn what_is_no_run_is_refused() {
    let place = Place::new();
    fs::create_dir(place.at("empty")).unwrap();
    place.write("a file", b"x");
    place.write("foreign/events.jsonl", b"{}\n");
    place.run(&["diagnose", "empty"]).refused("empty is not a run");
    place.run(&["diagnose", "a file"]).refused("a file");
    place.run(&["diagnose", "foreign"]).refused("foreign is not a run");
    place.run(&["diagnose", "none"]).refused("none");
    place.run(&["diagnose"]).code.filter(|code| *code == 2).unwrap();
}

/// Trains the sick run into a folder, with more arguments.
fn ill(place: &Place, more: &[&str]) -> Ran {
    place.run(&[&["train"], &ILL[..], more].concat())
}

/// The events of a run's log, without their times.
fn events(place: &Place, run: &str) -> Vec<Value> {
    let log = place.read(&format!("{run}/events.jsonl"));
    let events = log.lines().map(|line| {
        let mut event: Value = serde_json::from_str(line).unwrap();
        event.as_object_mut().unwrap().remove("secs");
        event
    });
    events.collect()
}

/// The changes of one verdict in a run's log.
fn changes<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["event"] == "verdict" && event["name"] == name).collect()
}

#[test]
fn a_verdict_is_said_and_recorded_once_while_the_run_goes() {
    let place = Place::new();
    let ran = ill(&place, &["--out", "run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said: Vec<&str> = ran.err.lines().filter(|line| line.contains(": complete-collapse")).collect();
    assert!(said.len() == 1 && said[0].starts_with("step ") && !said[0].contains('\x1b'), "{}", ran.err);
    assert!(said[0].contains(": complete-collapse, since step "), "{}", said[0]);
    let whole = events(&place, "run");
    let [begun] = changes(&whole, "complete-collapse")[..] else { panic!("{whole:?}") };
    assert_eq!(
        (&begun["holds"], begun["since_step"].as_u64() <= begun["step"].as_u64()),
        (&true.into(), true)
    );
    assert!(said[0].ends_with(begun["sentence"].as_str().unwrap()), "{begun}");
    assert!(begun["confidence"].as_f64().is_some());
    // With the same seed all is the same, and the end is the last word.
    ill(&place, &["--out", "again"]);
    let again = events(&place, "again");
    assert!(whole[1..] == again[1..] && whole.last().unwrap()["event"] == "finished", "{again:?}");
    // What was said is not said again when the run goes on.
    let ran = place.done(&["train", "--resume", "run", "--steps", "90"]);
    assert!(!ran.err.contains("complete-collapse"), "{}", ran.err);
    assert_eq!(changes(&events(&place, "run"), "complete-collapse").len(), 1);
    assert_eq!(place.show("run")["outcome"], "done");
}

#[test]
fn a_verdict_stops_a_run_where_that_is_asked_for() {
    let place = Place::new();
    let stop = ["--stop-when", "complete-collapse,diverged"];
    let ran = ill(&place, &[&["--out", "run", "--json"], &stop[..]].concat());
    let shown: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &shown["outcome"]), (Some(3), &"interrupted".into()), "{}", ran.err);
    let step = shown["steps"].as_u64().unwrap();
    assert!(
        (5..60).contains(&step) && shown["checkpoints"].as_array().unwrap().iter().any(|c| c["step"] == step)
    );
    let last = ran.err.lines().last().unwrap();
    for text in [
        "error: the run was stopped by complete-collapse, since step ",
        " diagnose run,",
        " train --resume run",
    ] {
        assert!(last.contains(text), "{text:?} is not in {last}");
    }
    // What holds already does not stop a run that goes on.
    place.done(&[&["train", "--resume", "run"], &stop[..]].concat());
    assert_eq!(place.show("run")["steps"], 60);
    let wild = ["--set", "generator.update.lr=1e38", "--stop-when", "diverged", "--out", "wild"];
    let ran = place.run(&[&["train", "small.toml"], &wild[..]].concat());
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.lines().last().unwrap().starts_with("error: the run diverged: "), "{}", ran.err);
}

#[test]
fn only_verdicts_stop_a_run() {
    let place = Place::new();
    let before = place.tree();
    for asked in ["complete-colapse", "diverged,complete-colapse"] {
        let refused = "no verdict: \"complete-colapse\"; did you mean \"complete-collapse\"?";
        place.run(&["train", "small.toml", "--stop-when", asked]).refused(refused);
    }
    place.run(&["train", "small.toml", "--stop-when", ""]).refused("no verdict: \"\"");
    assert_eq!(place.tree(), before);
}

#[test]
fn runs_of_a_study_are_attended_to() {
    let place = Place::new();
    let study = "name = \"one\"\nbase = \"small.toml\"\nbudget = { steps = 60 }\nseeds = 1\n\
        set = [\"generator.update.lr=0.5\", \"probes.modes.every_steps=5\"]\n\
        score = { reading = \"samples/reverse_kl\", better = \"lower\" }\n[[arm]]\nname = \"a\"\n";
    place.write("study.toml", study.as_bytes());
    place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    assert_eq!(changes(&events(&place, "s/runs/a/0-seed-0"), "complete-collapse").len(), 1);
}
