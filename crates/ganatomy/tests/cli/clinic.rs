//! The clinic's doors: what is wrong with a run is said, written down, and answered.

use std::fs;

use ganatomy::record::{Checkpoints, Direction, Event, Outcome, RunFolder, RunWriter, Sink};
use serde_json::Value;

use crate::place::Place;

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
    let mut checkpoints = Checkpoints::open(&folder, 2, Direction::None).unwrap();
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
    assert!(ran.out.lines().all(|line| line.len() < 120), "{}", ran.out);
    // Each command begins before the onset, and can be typed; only these checkpoints are no states.
    let commands: Vec<&str> = ran.out.lines().filter(|line| line.contains(" train ")).collect();
    assert!((1..=3 * verdicts(&found).len()).contains(&commands.len()), "{}", ran.out);
    for command in commands.into_iter().filter(|line| line.contains("--from")) {
        assert!(command.contains(" --from run@1600 ") || command.contains(" --from run@800 "), "{command}");
    }
}

#[test]
fn remedies_are_commands_that_go() {
    let place = Place::new();
    // One checkpoint is kept, from after the onset: the run is to begin anew.
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
