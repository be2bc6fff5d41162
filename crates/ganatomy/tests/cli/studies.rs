//! Studies: every run is done exactly once and alike, whatever dies; what is wrong is said before anything starts.

use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::place::Place;

/// Two arms, so small that a run takes a moment.
const STUDY: &str = r#"name = "two"
base = "small.toml"
set = ["checkpoint.every_steps=50", "probes.modes.every_steps=50", "samples.every_steps=0"]
budget = { steps = 300 }
seeds = 4

[score]
reading = "samples/reverse_kl"
better = "lower"
also = ["samples/n_modes"]

[[arm]]
name = "ns gan"

[[arm]]
name = "wgan"
with = ["wgan"]

[runs]
lease_secs = 2
most_attempts = 50
"#;

const RUNS: [&str; 2] = ["ns gan", "wgan"];

fn place(study: &str) -> Place {
    let place = Place::new();
    place.write("study.toml", study.as_bytes());
    place
}

fn status(place: &Place, study: &str) -> Value {
    serde_json::from_str(&place.done(&["study", "status", study, "--json"]).out).unwrap()
}

/// Runs in a state, of all arms.
fn count(status: &Value, state: &str) -> u64 {
    let counts = status["counts"].as_array().unwrap().iter();
    counts.filter(|count| count["state"] == state).map(|count| count["runs"].as_u64().unwrap()).sum()
}

/// What every run has recorded, apart from times, and its last checkpoint. (A worker that is killed between storing a checkpoint and removing
/// an old one leaves one more.)
fn records(place: &Place, study: &str) -> Vec<(Value, Vec<u8>)> {
    let runs =
        RUNS.iter().flat_map(|arm| (0..4).map(move |seed| format!("{study}/runs/{arm}/0-seed-{seed}")));
    runs.map(|run| {
        let mut shown = place.show(&run);
        for name in ["run", "wall_secs", "checkpoints"] {
            shown[name].take();
        }
        (shown, place.checkpoint(&run, 300))
    })
    .collect()
}

fn signal(name: &str, pid: u32) {
    // One that has just ended cannot be signalled.
    let _ = Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
}

/// The processes that one has begun.
fn children(parent: u32) -> Vec<u32> {
    let listed = Command::new("pgrep").args(["-P", &parent.to_string()]).output().unwrap();
    String::from_utf8(listed.stdout).unwrap().lines().map(|pid| pid.parse().unwrap()).collect()
}

/// Kills a worker every so often for a while.
fn murder(parent: &Child, every: Duration, kills: usize) {
    for i in 0..kills {
        sleep(every);
        let workers = children(parent.id());
        if let Some(worker) = workers.get(i % workers.len().max(1)) {
            signal("-KILL", *worker);
        }
    }
}

#[test]
fn whoever_is_killed_every_run_is_done_once_and_as_if_nobody_had_been() {
    let place = place(STUDY);
    place.done(&["study", "run", "study.toml", "--out", "whole", "--launch", "local:2"]);
    let ran = place.run(&["study", "run", "study.toml", "--out", "whole"]);
    assert!(ran.err.contains("begun before"), "{}", ran.err);
    // Workers die; then the one that looks after them does, and its workers leave; then workers die again.
    let mut first = place.start(&["study", "run", "study.toml", "--out", "hit", "--launch", "local:2"]);
    murder(&first, Duration::from_millis(150), 3);
    first.kill().unwrap();
    first.wait().unwrap();
    let second = place.start(&["study", "run", "study.toml", "--out", "hit", "--launch", "local:3"]);
    murder(&second, Duration::from_millis(120), 4);
    let ended = second.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let after = status(&place, "hit");
    assert_eq!((count(&after, "done"), after["ended"].as_bool()), (8, Some(true)), "{after}");
    for (hit, whole) in records(&place, "hit").into_iter().zip(records(&place, "whole")) {
        assert_eq!(hit.0, whole.0);
        assert!(hit.1 == whole.1, "the last checkpoints differ");
    }
    answered(&place);
}

/// The same scores give the same answer, and runs of a study stand side by side.
fn answered(place: &Place) {
    let answer = |study: &str| -> Value {
        let out = place.done(&["study", "report", study, "--json"]).out;
        assert!(place.read(&format!("{study}/report.html")).contains("</html>"));
        serde_json::from_str(&out).unwrap()
    };
    let (hit, whole) = (answer("hit"), answer("whole"));
    for part in ["arms", "pairs", "conclusion", "runs"] {
        assert_eq!(hit[part], whole[part], "{part}");
    }
    assert_eq!(place.read("hit/runs.csv").lines().count(), 9);
    let compared = place.done(&["compare", "hit", "--json", "--out", "side.html"]).out;
    let compared: Value = serde_json::from_str(&compared).unwrap();
    assert_eq!(compared["runs"].as_array().unwrap().len(), 8);
    assert!(
        compared["differing"]["loss.kind"].is_array() && place.read("side.html").contains("scheme.d_steps")
    );
    let ran = place.run(&["compare", "hit", "whole", "hit", "whole"]);
    assert!(ran.code == Some(2) && ran.err.contains("32 runs were named"), "{}", ran.err);
}

#[test]
fn a_worker_that_slept_for_longer_than_its_lease_changes_nothing() {
    let place = place(&STUDY.replace("steps = 300", "steps = 1500").replace("seeds = 4", "seeds = 1"));
    place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1", "--dry-run"]);
    // Begun, and left at once by its workers.
    let mut run = place.start(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    place.wait_for("s/runs/ns gan/0-seed-0/events.jsonl", "\"started\"");
    signal("-INT", run.id());
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert_eq!(count(&status(&place, "s"), "waiting"), 2, "given back");
    let mut slow = place.start(&["study", "worker", "s", "--name", "slow"]);
    place.wait_for("s/runs/ns gan/0-seed-0/events.jsonl", "\"resumed\"");
    signal("-STOP", slow.id());
    place.done(&["study", "worker", "s", "--name", "quick"]);
    let before = status(&place, "s");
    assert_eq!(count(&before, "done"), 2, "{before}");
    signal("-CONT", slow.id());
    assert!(slow.wait().unwrap().success());
    assert_eq!(status(&place, "s"), before);
    // The one asleep still held the folder of its run.
    assert_eq!(place.show("s/runs/ns gan/0-seed-0-try-2")["outcome"], "done");
}

#[test]
fn stages_failures_and_pruned_runs_are_counted_as_what_they_are() {
    let study = r#"name = "stages"
base = "small.toml"
budget = { images = 640 }
[score]
reading = "generator/loss"
better = "lower"
collapsed = "samples/n_modes > 100"
[space]
lr = { choice = [1e-3, 1e30], fields = ["generator.update.lr", "discriminator.update.lr"] }
[[arm]]
name = "one"
[[arm]]
name = "five"
set = ["scheme.d_steps=5"]
[[stage]]
name = "search"
draw = "grid"
seeds = [7]
[[stage]]
name = "answer"
best_of = ["search"]
seeds = 2
"#;
    let place = place(study);
    place.done(&["study", "run", "study.toml", "--launch", "local:2"]);
    let after = status(&place, "studies/stages");
    let of = |stage: &str, state: &str| -> u64 {
        let counts = after["counts"].as_array().unwrap().iter();
        let own = counts.filter(|count| count["stage"] == stage && count["state"] == state);
        own.map(|count| count["runs"].as_u64().unwrap()).sum()
    };
    let found = [of("search", "done"), of("search", "failed"), of("answer", "done"), of("answer", "failed")];
    assert_eq!(found, [2, 2, 4, 0], "{after}");
    // 640 images at 8 a batch and one batch for each of two moves, or six.
    for (arm, steps) in [("one", 40), ("five", 13)] {
        let run = place.show(&format!("studies/stages/runs/answer/{arm}/0-seed-0"));
        assert_eq!(run["steps"], steps);
        let spec = place.read(&format!("studies/stages/runs/answer/{arm}/0-seed-0/spec.toml"));
        assert!(spec.contains("lr = 0.001"), "{spec}");
    }
}

#[test]
fn a_rule_that_stops_early_is_reported() {
    let stop = "[stop]\nrule = \"halving\"\nrungs = [0.2, 0.4]\nmin_runs = 2\neta = 2\n";
    let place = place(&format!("{}{stop}", STUDY.replace("also = [\"samples/n_modes\"]", "")));
    place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    let after = status(&place, "s");
    assert!(count(&after, "pruned") > 0 && count(&after, "done") > 0, "{after}");
    assert_eq!(count(&after, "pruned") + count(&after, "done"), 8);
}

#[test]
fn what_is_wrong_is_said_before_anything_starts() {
    let check = |study: &str, expected: &str| {
        let place = place(study);
        let ran = place.run(&["study", "run", "study.toml", "--out", "s"]);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
        assert!(!place.at("s").exists(), "something was written: {expected}");
    };
    check("name = 3", "study.toml: line 1: invalid type");
    check(&STUDY.replace("wgan\"]", "wgann\"]"), "study.toml: arm \"wgan\": there is no recipe \"wgann\"");
    check(&STUDY.replace("steps = 300", "gradients = 1"), "its budget buys no step: one takes 2 gradients");
    check(&STUDY.replace("reverse_kl", "reverse_k"), "did you mean \"samples/reverse_kl\"?");
    check(&STUDY.replace("better = \"lower\"\n", ""), "score.better must say which");
    check(&STUDY.replace("[runs]", "[space]\nlr = { log = [1, 0] }\n[runs]"), "space.lr must go from");
    check(&STUDY.replace("[runs]", "[space]\nbatc = { choice = [8, 9] }\n[runs]"), "unknown key \"batc\"");
    check(&STUDY.replace("small.toml", "other.toml"), "cannot read the spec");
}

#[test]
fn a_study_that_was_begun_keeps_its_file() {
    let place = place(STUDY);
    let run = ["study", "run", "study.toml", "--out", "s", "--launch", "local:1"];
    let mut begun = place.start(&run);
    place.wait_for("s/runs/ns gan/0-seed-0/events.jsonl", "\"started\"");
    // Whoever opens it to read never stands in the way.
    status(&place, "s");
    signal("-TERM", begun.id());
    assert_eq!(begun.wait().unwrap().code(), Some(1));
    place.write("study.toml", STUDY.replace("seeds = 4", "seeds = 5").as_bytes());
    let ran = place.run(&run);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("seeds was 4, and is 5 now") && ran.err.contains("--out DIR"), "{}", ran.err);
    // What changes no result may change.
    place.write("study.toml", format!("question = \"Why?\"\n{STUDY}").as_bytes());
    place.done(&run);
    // A folder that has vanished counts, and its run is not done again.
    std::fs::remove_dir_all(place.at("s/runs")).unwrap();
    let begun = Instant::now();
    place.done(&run);
    assert_eq!(count(&status(&place, "s"), "done"), 8);
    assert!(begun.elapsed() < Duration::from_secs(20) && !place.at("s/runs").exists());
}

/// One run of one arm, with this at its end.
fn single(rest: &str) -> String {
    format!(
        "name = \"one\"\nbase = \"small.toml\"\nset = [\"checkpoint.every_steps=20\"]\nbudget = {{ steps = 2000 }}\nseeds = 1\n\
         score = {{ reading = \"samples/reverse_kl\", better = \"lower\" }}\n[[arm]]\nname = \"a\"\n{rest}"
    )
}

/// Begins the study, and stops it once it has stored a checkpoint.
fn begun(place: &Place) {
    let mut run = place.start(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    place.wait_for("s/runs/a/0-seed-0/events.jsonl", "step-00000020");
    for worker in children(run.id()) {
        signal("-TERM", worker);
    }
    assert_eq!(run.wait().unwrap().code(), Some(1), "a worker that is asked to stop does not end the study");
    assert_eq!(count(&status(place, "s"), "waiting"), 1);
}

#[test]
fn a_run_whose_folder_was_damaged_is_begun_anew() {
    for damage in ["checkpoints", "events.jsonl", "samples"] {
        let place = place(&single(""));
        begun(&place);
        let path = place.at("s/runs/a/0-seed-0").join(damage);
        match path.is_dir() {
            true if damage == "checkpoints" => {
                std::fs::read_dir(&path)
                    .unwrap()
                    .for_each(|file| std::fs::remove_file(file.unwrap().path()).unwrap());
            }
            true => std::fs::remove_dir_all(&path).unwrap(),
            false => std::fs::write(&path, "no event\n{}\n").unwrap(),
        }
        place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
        assert_eq!(count(&status(&place, "s"), "done"), 1, "{damage}");
    }
}

#[test]
fn the_runs_of_another_study_are_left_alone() {
    let place = place(&single(""));
    begun(&place);
    std::fs::remove_file(place.at("s/study.sqlite")).unwrap();
    place.write("study.toml", single("set = [\"generator.update.lr=0.5\"]\n").as_bytes());
    place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    assert!(!place.read("s/runs/a/0-seed-0/plan.toml").contains("lr = 0.5"));
    assert!(place.read("s/runs/a/0-seed-0-try-1/plan.toml").contains("lr = 0.5"));
    // What the study's file names counts too.
    place.write("small.toml", crate::place::SMALL.replace("batch = 8", "batch = 9").as_bytes());
    let ran = place.run(&["study", "run", "study.toml", "--out", "s"]);
    assert!(ran.code == Some(2) && ran.err.contains("batch was 8 and is now 9"), "{}", ran.err);
}

#[test]
fn a_score_that_is_no_number_is_worse_than_all_and_stops_nobody() {
    let stop = "set = [\"generator.update.lr=1e20\", \"probes.modes.every_steps=20\"]\n[stop]\nrule = \"median\"\nrungs = [0.1]\n";
    let place = place(&single(stop).replace("seeds = 1", "seeds = 2"));
    place.done(&["study", "run", "study.toml", "--out", "s", "--launch", "local:1"]);
    let after = status(&place, "s");
    assert_eq!(count(&after, "failed"), 2, "{after}");
    // A password is never shown, not even when the address is refused.
    let ran = place.run(&["study", "status", "postgres://me:s3cret@localhost/x#one"]);
    assert!(ran.code != Some(0) && !ran.err.contains("s3cret"), "{}", ran.err);
}
