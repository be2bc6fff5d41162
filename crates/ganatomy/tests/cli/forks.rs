//! Runs that go on differently: forks, kept schedules, and checkpoints chosen by name.

use crate::place::Place;

#[test]
fn a_fork_begins_at_another_runs_checkpoint_with_a_changed_spec() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let before = place.checkpoint("run", 40);
    let ran = place.done(&[
        "train",
        "--from",
        "run@30",
        "--set",
        "generator.update.kind=sgd",
        "--steps",
        "50",
        "--out",
        "fork",
    ]);
    assert!(
        ran.err.contains("note: forked from run/checkpoints/step-00000030.safetensors, after 30 steps"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("left out, as it belonged to what was replaced: generator.update.beta1 = "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("; dropped: update.generator."), "{}", ran.err);
    let plan = place.read("fork/plan.toml");
    assert!(plan.contains("parent_step = 30\n") && plan.contains("/here/run\"\n"), "{plan}");
    assert!(place.read("fork/events.jsonl").contains("forked from"));
    assert_eq!(place.show("fork")["steps"], 50);
    assert!(place.checkpoint("run", 40) == before);
    // It is a run like any other: it goes on, is sampled, and is forked again.
    place.done(&["train", "--resume", "fork", "--steps", "55"]);
    place.done(&["sample", "fork", "--out", "x.png"]);
    place.done(&["train", "--from", "fork@best", "--steps", "60", "--with", "lsgan"]);
    assert!(place.read("runs/small-lsgan-0/plan.toml").contains("kind = \"least-squares\""));
    // With nothing changed, it is the run itself.
    place.done(&["train", "--from", "run@30", "--out", "same"]);
    assert!(place.checkpoint("same", 40) == before);
}

#[test]
fn forks_that_cannot_begin_are_refused() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let tree = place.tree();
    let refused = |arguments: &[&str], text: &str| {
        place.run(&[&["train", "--from"], arguments].concat()).refused(text);
        assert_eq!(place.tree(), tree, "{arguments:?}");
    };
    refused(
        &["run"],
        "run at step 40 has made 40 steps, so a run that begins there must have more: steps is 40",
    );
    refused(&["run@35", "--steps", "50"], "run has no checkpoint of step 35; it has those of steps ");
    refused(&["run@last"], "--from is written RUN, RUN@STEP or RUN@best, found run@last");
    refused(&["none"], "cannot open the run none");
    refused(&["run", "--steps", "50", "--out", "run", "--overwrite"], "a run cannot take the place of run");
    refused(&["run", "--steps", "50", "--set", "batch=0"], "batch must be a whole number");
    refused(&["run", "--steps", "50", "--out", "run/samples/x"], "is one of the own files of the run ");
    // What a resume may not change, a fork may, and the refusal says so.
    let ran = place.run(&["train", "--resume", "run", "--set", "batch=9"]);
    ran.refused("run cannot be resumed with another spec: batch was 8 and is now 9; a new run can begin at its checkpoint with ");
    assert!(ran.err.ends_with("train --from run --set batch=9\n"), "{}", ran.err);
}

#[test]
fn a_prolonged_schedule_is_said_or_kept() {
    let place = Place::new();
    let schedule = ["--set", "generator.update.schedule.kind=linear"];
    place.done(&[&["train", "small.toml", "--out", "run"], &schedule[..]].concat());
    let dry =
        |arguments: &[&str]| place.done(&[&["train"], arguments, &["--steps", "80", "--dry-run"]].concat());
    let said =
        "the learning rates' schedules now end at step 80 instead of 40; --keep-schedule keeps their end";
    for from in [["--resume", "run"], ["--from", "run"]] {
        assert!(dry(&from).err.contains(said));
        let kept = dry(&[&from[..], &["--keep-schedule"]].concat());
        assert!(
            !kept.err.contains("schedules") && kept.out.contains("\nschedule_steps = 40 "),
            "{}",
            kept.out
        );
    }
    place.done(&["train", "--resume", "run", "--steps", "60", "--keep-schedule"]);
    assert!(place.read("run/spec.toml").contains("schedule_steps = 40"));
    assert!(!dry(&["--resume", "run"]).err.contains("schedules"));
    place.done(&["train", "--resume", "run", "--steps", "61"]);
}

#[test]
fn a_named_recipe_does_not_take_a_run_further() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--steps", "12", "--out", "run"]);
    place.done(&["train", "small.toml", "--resume", "run"]);
    assert_eq!(place.show("run")["steps"], 12);
}

#[test]
fn an_edited_spec_is_refused() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--steps", "5", "--out", "run"]);
    let spec = place.read("run/spec.toml");
    let resume = || place.run(&["train", "--resume", "run", "--steps", "8"]);
    for (old, new, text) in [
        (
            "hidden = [8]",
            "hidden = [9]",
            ": generator.hidden was [8] and is now [9], and a resumed run keeps its spec",
        ),
        ("steps = 5", "steps = 50", ": steps was 5 and is now 50"),
        ("n = 4", "n = 4\nmine = 1", ": samples.mine was not there and is now 1"),
        ("z_dims = 2\n", "", " since the run began, and a resumed run keeps its spec"),
    ] {
        place.write("run/spec.toml", spec.replacen(old, new, 1).as_bytes());
        let ran = resume();
        ran.refused(&format!(
            "run/spec.toml was edited since the run began{}",
            text.trim_start_matches(" since the run began")
        ));
        assert!(
            ran.err.contains("begin a new run at its checkpoint with ")
                && ran.err.contains("train --from run")
        );
    }
    // Comments and the order of things are no edit.
    place.write("run/spec.toml", format!("# mine\n{spec}").as_bytes());
    assert_eq!(resume().code, Some(0));
}
