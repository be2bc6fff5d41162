//! Forks: runs that begin at another run's checkpoint.

use ganatomy_record::{CheckpointFile, Checkpoints, Event, Outcome, RunFolder, Which};
use ganatomy_tensor::Cpu;

use super::{SMALL, plan, session, state};
use crate::{Session, Training, train};

/// A run of 20 steps in a folder, and its checkpoint after 10.
fn parent(home: &tempfile::TempDir, text: &str) -> (RunFolder, CheckpointFile) {
    let folder = RunFolder::create(&home.path().join("parent"), false, "", "").unwrap();
    let text = format!("steps = 20\ncheckpoint.every_steps = 10\n{text}");
    let session = Session::in_folder(folder.clone(), Cpu::new(1));
    train(plan(&text).unwrap(), session, &mut Vec::new()).unwrap();
    let file = Which::Step(10).of(&folder).unwrap();
    (folder, file)
}

fn fork(text: &str, parent: &CheckpointFile) -> Training {
    let session = Session { parent: Some(parent.clone()), ..session() };
    Training::new(plan(&format!("steps = 20\n{text}")).unwrap(), session).unwrap()
}

#[test]
fn with_the_same_spec_a_fork_is_the_run_itself() {
    let home = tempfile::tempdir().unwrap();
    let (folder, file) = parent(&home, SMALL);
    let mut same = fork(SMALL, &file);
    let inherited = same.inherited().unwrap();
    assert!(inherited.step == 10 && inherited.anew.is_empty() && inherited.dropped.is_empty(), "{inherited}");
    same.advance(10).unwrap();
    let whole = Session { resume: true, ..Session::in_folder(folder, Cpu::new(1)) };
    let whole = Training::new(plan(&format!("steps = 20\n{SMALL}")).unwrap(), whole).unwrap();
    assert!(whole.step() == 20 && state(&same) == state(&whole));
}

#[test]
fn what_has_no_place_is_dropped_and_what_is_new_starts_anew() {
    let home = tempfile::tempdir().unwrap();
    let (_folder, file) = parent(&home, &format!("{SMALL}average.kind = \"none\"\n"));
    let wide = SMALL.replace(
        "discriminator = { hidden = [6] }",
        "discriminator = { hidden = [7], update = { kind = \"sgd\" } }",
    );
    let run = fork(&wide, &file);
    let text = run.inherited().unwrap().to_string();
    assert!(
        text.contains("after 10 steps; carried over: discriminator, generator (4 tensors), step, "),
        "{text}"
    );
    assert!(text.contains("; starts anew: average (4 tensors), discriminator (3 tensors)"), "{text}");
    assert!(text.contains("; dropped: discriminator (3 tensors), update.discriminator."), "{text}");
    // A new average begins at the generator that it is to be the average of.
    assert_eq!(
        run.tensor("average.generator.out.weight").unwrap(),
        run.tensor("generator.out.weight").unwrap()
    );
    // Moments mean something together: where one has another shape, all of that player's begin anew.
    let wider =
        fork(&SMALL.replace("discriminator = { hidden = [6] }", "discriminator = { hidden = [7] }"), &file);
    let carried = &wider.inherited().unwrap().carried;
    let moments = |who: &str| {
        carried
            .iter()
            .any(|name| name.starts_with(&format!("update.{who}.")) && !name.ends_with(".lr_factor"))
    };
    assert!(moments("generator") && !moments("discriminator"), "{carried:?}");
    let other_data = fork(&format!("{SMALL}data.kind = \"grid\"\n"), &file).inherited().unwrap().to_string();
    assert!(other_data.contains("; the parent's data was ring"), "{other_data}");
}

#[test]
fn a_fork_says_where_it_comes_from_and_needs_its_parent_no_more() {
    let home = tempfile::tempdir().unwrap();
    let (_folder, file) = parent(&home, SMALL);
    let folder = RunFolder::create(&home.path().join("fork"), false, "", "").unwrap();
    let begin =
        |resume, parent| Session { resume, parent, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
    let plan = || plan(&format!("steps = 20\ncheckpoint.every_steps = 0\n{SMALL}")).unwrap();
    // Killed before its first checkpoint, it begins at its parent again.
    let again = Training::new(plan(), begin(true, Some(file.clone()))).unwrap();
    assert!(again.step() == 10 && again.inherited().is_some());
    let mut events = Vec::new();
    assert_eq!(train(plan(), begin(false, Some(file)), &mut events).unwrap(), Outcome::Done);
    assert!(matches!(events[0], Event::Started { step: 10, .. }), "{:?}", events[0]);
    let noted = |event: &Event| matches!(event, Event::Note { step: 10, text, .. } if text.starts_with("forked from "));
    assert!(events.iter().any(noted), "{events:?}");
    let steps: Vec<u64> = Checkpoints::list(&folder).unwrap().iter().map(|file| file.step).collect();
    assert_eq!(steps, [10, 20]);
    std::fs::remove_file(&Checkpoints::list(&folder).unwrap()[1].path).unwrap();
    let resumed = Training::new(plan(), begin(true, None)).unwrap();
    assert!(resumed.step() == 10 && resumed.inherited().is_none());
}

#[test]
fn a_prolonged_run_may_keep_its_schedule() {
    let update = "{ kind = \"sgd\", lr = 0.1, schedule = { kind = \"linear\" } }";
    let text = SMALL.replace("hidden", &format!("update = {update}, hidden"));
    let run = |steps: &str| {
        let mut run = Training::new(plan(&format!("{steps}\n{text}")).unwrap(), session()).unwrap();
        run.advance(8).unwrap();
        state(&run)
    };
    let whole = run("steps = 10");
    assert!(run("steps = 20\nschedule_steps = 10") == whole);
    assert!(run("steps = 20") != whole);
}

#[test]
fn the_state_of_the_best_reading_is_kept_whatever_the_cadence() {
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
    let text = format!(
        "steps = 30\ncheckpoint = {{ every_steps = 0, keep_last = 1 }}\n{SMALL}[probes.modes]\nevery_steps = 3\n"
    );
    let mut events = Vec::<Event>::new();
    let session = Session::in_folder(folder.clone(), Cpu::new(1));
    train(plan(&text).unwrap(), session, &mut events).unwrap();
    let readings = events.iter().filter_map(|event| match event {
        Event::Readings { step, values, .. } => Some((*step, *values.get("samples/quality_kl")?)),
        _ => None,
    });
    let scores: Vec<(u64, f64)> = readings.collect();
    let (step, score) = *scores.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    let (best, kept) = Checkpoints::best(&folder).unwrap().unwrap();
    assert!(
        scores.len() == 10 && (best.step, kept.score) == (step, score),
        "{best:?} {kept:?} of {scores:?}"
    );
    // The same run without a folder ends at the same bits.
    let mut bare = Training::new(plan(&text).unwrap(), self::session()).unwrap();
    bare.advance(30).unwrap();
    let last = Session { resume: true, ..Session::in_folder(folder, Cpu::new(1)) };
    assert!(state(&Training::new(plan(&text).unwrap(), last).unwrap()) == state(&bare));
}

/// A parameter after some steps of a fork, and before.
fn moved(text: &str, file: &CheckpointFile, n_steps: u64) -> [Vec<f32>; 2] {
    let mut run = fork(text, file);
    let weights = |run: &Training| run.tensor("discriminator.out.weight").unwrap().to_vec();
    let before = weights(&run);
    run.advance(n_steps).unwrap();
    [before, weights(&run)]
}

fn assert_near(found: &[f32], expected: &[f32]) {
    let apart = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < 1e-6, "{found:?} is {apart} from {expected:?}");
}

#[test]
fn what_a_fork_adds_begins_where_the_fork_does() {
    let home = tempfile::tempdir().unwrap();
    let sgd = SMALL.replace("hidden", "update = { kind = \"sgd\", lr = 0.01 }, hidden");
    let (_folder, file) = parent(&home, &sgd);
    let [start, plain] = moved(&sgd, &file, 2);
    // Half the way back to where the fork began, not to zero.
    let scheme = "scheme = { kind = \"lookahead-minimax\", k = 2 }\n";
    let half: Vec<f32> = start.iter().zip(&plain).map(|(a, b)| a + 0.5 * (b - a)).collect();
    assert_near(&moved(&format!("{scheme}{sgd}"), &file, 2)[1], &half);
    // Nothing is remembered yet: the first move is an ordinary one.
    let of = |kind: &str| moved(&format!("scheme.kind = \"{kind}\"\n{sgd}"), &file, 1)[1].clone();
    assert_near(&of("optimistic"), &of("simultaneous"));
    let history = format!("{sgd}[remedies.historical-averaging]\nweight = 100.0\n");
    assert_near(&moved(&history, &file, 1)[1], &moved(&sgd, &file, 1)[1]);
    // Adam's first move is its learning rate, as its count of moves begins with its moments.
    let adam = sgd.replace("sgd", "adam");
    let [start, first] = moved(&adam, &file, 1);
    let largest = start.iter().zip(&first).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!((0.005..0.0101).contains(&largest), "{largest}");
}
