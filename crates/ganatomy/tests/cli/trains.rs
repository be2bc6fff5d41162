//! Runs from their beginning to their end.

use crate::place::{Place, SMALL};

#[test]
fn the_ring_is_the_default_and_leaves_what_is_promised() {
    let place = Place::new();
    let ran = place.done(&["train", "--steps", "20", "--set", "batch=16", "--seed", "3"]);
    let promised = [
        "spec.toml",
        "plan.toml",
        "events.jsonl",
        "samples/step-00000020.safetensors",
        "samples/step-00000020.png",
        "samples.gif",
        "curves.png",
        "checkpoints/step-00000020.safetensors",
    ];
    for name in promised {
        let path = place.at("runs/ring-3").join(name);
        assert!(path.metadata().is_ok_and(|file| file.len() > 0), "{name} is missing or empty");
    }
    let names: Vec<_> =
        std::fs::read_dir(place.at("runs/ring-3")).unwrap().map(|e| e.unwrap().file_name()).collect();
    let board = names.iter().find(|name| name.to_string_lossy().starts_with("events.out.tfevents."));
    let board = std::fs::read(place.at("runs/ring-3").join(board.expect("TensorBoard's file"))).unwrap();
    // The picture of the samples is in TensorBoard's file too.
    let picture = std::fs::read(place.at("runs/ring-3/samples/step-00000020.png")).unwrap();
    assert!(board.windows(picture.len()).any(|part| part == picture), "the picture is not in {names:?}");
    for text in [
        "done: 20 steps",
        "generator/loss",
        "runs/ring-3/samples.gif",
        " sample runs/ring-3 ",
        " show runs/ring-3",
    ] {
        assert!(ran.out.contains(text), "{text:?} is not in {}", ran.out);
    }
}

#[test]
fn the_plan_holds_every_default_and_the_spec_what_was_asked() {
    let place = Place::new();
    place.done(&[
        "train",
        "small.toml",
        "--set",
        "generator.update.lr=1e-3",
        "--threads",
        "1",
        "--out",
        "run",
    ]);
    let plan: toml::Table = place.read("run/plan.toml").parse().unwrap();
    assert_eq!(plan["generator"]["update"]["lr"].as_float(), Some(1e-3));
    assert_eq!(plan["discriminator"]["update"]["kind"].as_str(), Some("adam"));
    assert_eq!(plan["session"]["threads"].as_integer(), Some(1));
    assert_eq!(plan["session"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert!(!plan["session"]["host"].as_str().unwrap().is_empty());
    let spec = place.read("run/spec.toml");
    assert!(spec.starts_with(SMALL.lines().next().unwrap()) && spec.contains("lr = 1e-3"), "{spec}");
}

#[test]
fn a_run_without_a_name_gets_one_that_is_free() {
    let place = Place::new();
    for (overwrite, expected) in
        [(false, "small-0"), (false, "small-0-2"), (false, "small-0-3"), (true, "small-0")]
    {
        let mut arguments = vec!["train", "small.toml", "--steps", "3"];
        arguments.extend(overwrite.then_some("--overwrite"));
        let ran = place.done(&arguments);
        assert!(ran.out.contains(&format!("in runs/{expected}\n")), "{}", ran.out);
    }
    assert_eq!(std::fs::read_dir(place.at("runs")).unwrap().count(), 3);
}

#[test]
fn an_overwritten_run_leaves_nothing_of_itself() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    place.done(&["train", "small.toml", "--out", "run", "--overwrite", "--steps", "5"]);
    let checkpoints = std::fs::read_dir(place.at("run/checkpoints")).unwrap();
    let steps: Vec<String> = checkpoints.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(
        steps.iter().all(|name| name <= &"step-00000005.safetensors".to_owned() || name == "best.toml"),
        "{steps:?}"
    );
    assert_eq!(place.show("run")["steps"], 5);
}

#[test]
fn a_dry_run_prints_the_plan_and_writes_nothing() {
    let place = Place::new();
    let before = place.tree();
    let ran = place.done(&["train", "small.toml", "--dry-run"]);
    let (described, plan) = ran.out.split_once("\nname = ").unwrap();
    assert!(described.contains("parameters"), "{described}");
    assert!(plan.contains("[generator.update]") && plan.contains("beta2 = 0.999  "), "{plan}");
    // The plan as printed is a spec, explained.
    let spec = plan.split("[session]").next().unwrap();
    assert!(spec.contains("  # "), "{spec}");
    place.write("printed.toml", format!("name = {spec}").as_bytes());
    place.done(&["train", "printed.toml", "--dry-run"]);
    std::fs::remove_file(place.at("printed.toml")).unwrap();
    let ran = place.done(&["train", "small.toml", "--dry-run", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["plan"]["steps"], 40);
    assert_eq!(place.tree(), before);
}

#[test]
fn train_prints_the_same_json_as_show() {
    let place = Place::new();
    let ran = place.done(&["train", "small.toml", "--out", "run", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json, place.show("run"));
    assert_eq!((&json["outcome"], &json["steps"]), (&"done".into(), &40.into()));
    // Each bin's share is there for programs, and all of them are one line for people.
    assert!(json["readings"]["samples/bin_share/19"]["last"].is_f64(), "{json}");
    let text = place.done(&["show", "run"]).out;
    assert!(text.contains("samples/bin_share/* (20)") && !text.contains("samples/bin_share/19"), "{text}");
    assert!(json["wall_secs"].as_f64().unwrap() > 0.0);
    let names = [
        "generator/loss",
        "discriminator/loss",
        "generator/gradient_norm",
        "discriminator/gradient_norm",
        "discriminator/accuracy_real",
        "discriminator/accuracy_fake",
        "samples/n_modes",
        "samples/high_quality_share",
        "samples/reverse_kl",
    ];
    for name in names {
        let reading = &json["readings"][name];
        assert!(reading["last"].is_f64() && reading["step"].is_u64(), "{name}: {reading}");
        // What has no good direction has no best: losses, accuracies, and the divergence that evenly bad samples have too.
        let scored = ["samples/n_modes", "samples/high_quality_share"].contains(&name);
        assert_eq!(reading["best"].is_f64(), scored, "{name}: {reading}");
    }
}

#[test]
fn a_diverged_run_is_a_failure_with_a_record() {
    let place = Place::new();
    let ran = place.run(&["train", "small.toml", "--out", "run", "--set", "generator.update.lr=1e38"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.lines().last().unwrap().starts_with("error: the run diverged: "), "{}", ran.err);
    let shown = place.show("run");
    assert_eq!(shown["outcome"], "diverged");
    assert!(shown["detail"].is_string() && shown["steps"].as_u64() < Some(40), "{shown}");
}
