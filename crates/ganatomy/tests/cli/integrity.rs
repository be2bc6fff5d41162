//! Damaged, half-deleted and foreign run folders.

use std::fs;

use crate::place::Place;

/// A run of 40 steps with checkpoints after 30 and 40, and the best somewhere before.
fn run(place: &Place) {
    place.done(&["train", "small.toml", "--out", "run"]);
}

const LAST: &str = "run/checkpoints/step-00000040.safetensors";

#[test]
fn a_damaged_checkpoint_is_told_and_any_other_can_be_taken() {
    let place = Place::new();
    run(&place);
    let whole = place.checkpoint("run", 40);
    let mut flipped = whole.clone();
    let middle = flipped.len() - 40;
    flipped[middle] ^= 1;
    let commands: [&[&str]; 4] = [
        &["sample", "run", "--out", "x.png"],
        &["export", "run", "--out", "x.safetensors"],
        &["train", "--resume", "run", "--steps", "50"],
        &["train", "--from", "run", "--steps", "50"],
    ];
    for bytes in [&flipped[..], &whole[..100], b""] {
        place.write(LAST, bytes);
        let tree = place.tree();
        for command in commands {
            place.run(command).refused("step-00000040.safetensors is damaged: ");
            assert!(place.run(command).err.contains("; the last whole one before it is that of step 30"));
            assert_eq!(place.tree(), tree, "{command:?}");
        }
    }
    for command in [["sample", "run", "--out", "a.png"], ["export", "run", "--out", "g.safetensors"]] {
        let ran = place.done(&[&command[..], &["--step", "30"]].concat());
        assert!(ran.out.contains("of step 30"), "{}", ran.out);
    }
    place
        .run(&["sample", "run", "--out", "b.png", "--step", "31"])
        .refused("run has no checkpoint of step 31; it has those of steps");
    place.done(&["train", "--resume", "run", "--step", "30"]);
    assert!(place.checkpoint("run", 40) == whole);
    assert!(place.done(&["sample", "run", "--out", "b.npy", "--best"]).out.contains("of step "));
}

#[test]
fn half_of_a_run_is_refused_before_it_trains() {
    let place = Place::new();
    run(&place);
    let resume = || place.run(&["train", "--resume", "run", "--steps", "50"]);
    for folder in ["checkpoints", "samples"] {
        fs::rename(place.at(&format!("run/{folder}")), place.at("aside")).unwrap();
        resume().refused(&format!("run has no folder {folder}/, which every run has"));
        fs::rename(place.at("aside"), place.at(&format!("run/{folder}"))).unwrap();
    }
    fs::remove_dir_all(place.at("run/checkpoints")).unwrap();
    fs::create_dir(place.at("run/checkpoints")).unwrap();
    resume().refused("run has stored checkpoints up to step 40, and none of them is left");
    place.run(&["sample", "run", "--out", "x.png"]).refused("run holds no checkpoint yet");
}

#[test]
fn nothing_is_written_over_a_runs_own_files() {
    let place = Place::new();
    run(&place);
    let tree = place.tree();
    for out in ["run/spec.toml", "run/./plan.toml", "run/events.jsonl", LAST, "run/samples/../plan.toml"] {
        place.run(&["export", "run", "--out", out]).refused("is one of the own files of the run ");
    }
    for out in ["run/curves.png", "run/samples/mine.png"] {
        place.run(&["sample", "run", "--out", out]).refused("is one of the own files of the run ");
        place.run(&["game", "dirac", "--out", out]).refused("is one of the own files of the run ");
    }
    assert_eq!(place.tree(), tree);
    place.done(&["sample", "run", "--out", "run/mine.png"]);
}

#[test]
fn a_run_that_diverges_names_its_last_healthy_state() {
    let place = Place::new();
    let player = |who: &str, rest: &str| {
        let update = "update = { kind = 'sgd', lr = 0.05 }";
        format!("{who}={{ kind = 'mlp', hidden = [8, 8], activation = 'relu', {update}{rest} }}")
    };
    let (generator, judge) = (player("generator", ", z_dims = 2"), player("discriminator", ""));
    let wild = ["--set", &generator, "--set", &judge, "--set", "loss.kind=wasserstein"];
    let often = ["--set", "checkpoint.every_steps=1", "--steps", "100"];
    let ran = place.run(&[&["train", "small.toml", "--out", "run"], &wild[..], &often].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(
        ran.err.contains("the run diverged: ") && ran.err.contains("and begin again before that with "),
        "{}",
        ran.err
    );
    let from = ran.err.split("--from ").nth(1).unwrap().split(' ').next().unwrap();
    let shown = place.show("run");
    let healthy = shown["checkpoints"].as_array().unwrap().iter().find(|one| one["healthy"] == true);
    let step = healthy.unwrap_or_else(|| panic!("{shown}"))["step"].as_u64().unwrap();
    assert!(
        from == format!("run@{step}") && step + 2 < shown["steps"].as_u64().unwrap(),
        "{from} of {shown}"
    );
    let calm = ["--set", "generator.update.lr=1e-4", "--set", "discriminator.update.lr=1e-4"];
    place.done(&[&["train", "--from", from, "--out", "calm"], &calm[..]].concat());
    assert_eq!(place.show("calm")["outcome"], "done");
}

#[test]
fn numbers_that_are_not_finite_are_told() {
    let place = Place::new();
    run(&place);
    // A state of before there were sums and names of classes, with its numbers broken.
    let mut bytes = place.checkpoint("run", 40);
    let find = |text: &[u8]| bytes.windows(text.len()).position(|part| part == text).unwrap();
    let (sum, names) = (find(b"sha256"), find(b"class_names"));
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize + 8;
    bytes[sum..sum + 6].copy_from_slice(b"no_sum");
    bytes[names..names + 11].copy_from_slice(b"other_words");
    for number in bytes[header..].chunks_exact_mut(4) {
        number.copy_from_slice(&f32::NAN.to_le_bytes());
    }
    place.write(LAST, &bytes);
    for command in [["sample", "run", "--out", "x.npy"], ["export", "run", "--out", "x.safetensors"]] {
        let ran = place.done(&command);
        assert!(
            ran.err.contains("warning: average.generator.")
                && ran.err.contains("of step 40 holds numbers that are not finite"),
            "{}",
            ran.err
        );
    }
}

/// A plan of before there were scores and a reading that chooses the best lacks both.
#[test]
fn a_run_of_an_earlier_version_goes_on() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let plan = std::fs::read_to_string(place.at("run/plan.toml")).unwrap();
    let mut old: toml::Table = plan.parse().unwrap();
    assert!(old.remove("scores").is_some(), "{plan}");
    assert!(old["checkpoint"].as_table_mut().unwrap().remove("best_by").is_some(), "{plan}");
    place.write("run/plan.toml", old.to_string().as_bytes());
    place.done(&["train", "--resume", "run", "--steps", "45"]);
    place.run(&["train", "--resume", "run", "--steps", "50", "--set", "scores.fid={}"]).refused("scores.fid");
}
