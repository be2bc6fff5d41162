//! Runs that are driven by hand: sent, forked, slowed down, stored, and never lost.

use ganatomy_game::step::Who;
use ganatomy_record::{Checkpoints, RunFolder, RunWriter, Which, read_whole, write_whole};
use ganatomy_tensor::{Cpu, Store};

use super::{SMALL, plan, session, state};
use crate::{Session, TrainError, Training, train};

fn training(text: &str) -> Training {
    Training::new(plan(text).unwrap(), session()).unwrap()
}

#[test]
fn runs_are_owned_and_may_be_sent() {
    fn sent<T: Send + 'static>(value: T) -> T {
        std::thread::spawn(move || value).join().unwrap()
    }
    let mut training = sent(training(SMALL));
    assert_eq!(sent(session()).version, training.session().version);
    assert_eq!(training.advance(1).unwrap(), None);
}

#[test]
fn a_fork_goes_on_exactly() {
    let replay = format!("{SMALL}[remedies]\nreplay.capacity = 20\n[scheme]\nkind = \"optimistic\"\n");
    let imle = "batch = 4\ngame = { kind = \"imle\", n_data = 10, staleness = 2 }\ngenerator = { hidden = [8], z_dims = 3 }\n";
    for text in [SMALL, &replay, imle] {
        let mut training = training(text);
        training.advance(7).unwrap();
        let mut fork = training.fork().unwrap();
        assert_eq!((fork.step(), state(&fork)), (7, state(&training)), "{text}");
        training.advance(9).unwrap();
        fork.advance(9).unwrap();
        assert!(state(&fork) == state(&training), "{text}");
    }
}

#[test]
fn a_learning_rate_has_a_factor_that_is_state() {
    let mut training = training(SMALL);
    let own = |training: &mut Training, who| training.tensors_of(who).unwrap();
    training.set_lr_factor(Who::DISCRIMINATOR, 0.0).unwrap();
    let before = [Who::GENERATOR, Who::DISCRIMINATOR].map(|who| own(&mut training, who));
    training.advance(2).unwrap();
    assert_eq!(training.lr_factor(Who::DISCRIMINATOR).unwrap(), 0.0);
    assert_ne!(own(&mut training, Who::GENERATOR), before[0]);
    assert_eq!(own(&mut training, Who::DISCRIMINATOR), before[1]);
    // Half the factor is half the first step of plain descent.
    let moved = |factor: f64| {
        let sgd = "{ update = { kind = \"sgd\", lr = 0.1 }, hidden = [] }";
        let mut run = self::training(&format!("batch = 8\ngenerator = {sgd}\ndiscriminator = {sgd}\n"));
        let before = run.tensor("discriminator.out.weight").unwrap().to_vec();
        run.set_lr_factor(Who::DISCRIMINATOR, factor).unwrap();
        run.advance(1).unwrap();
        let after = run.tensor("discriminator.out.weight").unwrap();
        after.iter().zip(&before).map(|(a, b)| f64::from(a - b)).collect::<Vec<_>>()
    };
    for (whole, half) in moved(1.0).iter().zip(moved(0.5)) {
        assert!((whole - 2.0 * half).abs() < 1e-6 * whole.abs().max(1.0), "{whole} and {half}");
    }
    assert!(matches!(training.set_lr_factor(Who::new("critic"), 1.0), Err(TrainError::NoPlayer { .. })));
    let by_name = training.set("update.generator.lr_factor", &[-1.0]);
    assert!(matches!(by_name, Err(TrainError::Factor { .. })), "{by_name:?}");
    let nobody = training.gradient(Who::new("critic"), 0);
    assert!(matches!(nobody, Err(TrainError::NoPlayer { .. })), "{nobody:?}");
    for wrong in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
        assert!(matches!(training.set_lr_factor(Who::GENERATOR, wrong), Err(TrainError::Factor { .. })));
    }
}

#[test]
fn the_count_of_steps_is_not_set_by_hand() {
    let mut training = training(SMALL);
    assert!(training.state_names().contains(&"step"));
    let error = training.set("step", &[5.0]).unwrap_err();
    assert!(error.is_request());
    assert_eq!(error.to_string(), "step counts the steps and cannot be set");
}

fn folder(home: &tempfile::TempDir) -> RunFolder {
    RunFolder::create(&home.path().join("run"), false, "", "").unwrap()
}

#[test]
fn a_run_driven_by_hand_keeps_its_checkpoints_and_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let text = format!("steps = 20\ncheckpoint.every_steps = 5\n{SMALL}");
    let folder = folder(&home);
    let begin = |resume| {
        let session = Session { resume, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        Training::new(plan(&text).unwrap(), session).unwrap()
    };
    let mut run = begin(false);
    run.set_lr_factor(Who::GENERATOR, 0.5).unwrap();
    run.advance(12).unwrap();
    assert_eq!(Checkpoints::latest(&folder).unwrap().unwrap().step, 10);
    assert!(run.checkpoint().unwrap().ends_with(".safetensors"));
    let mut again = begin(true);
    assert_eq!((again.step(), again.lr_factor(Who::GENERATOR).unwrap()), (12, 0.5));
    run.advance(8).unwrap();
    again.advance(8).unwrap();
    assert!(state(&run) == state(&again));
    assert_eq!(Checkpoints::latest(&folder).unwrap().unwrap().step, 20);
}

#[test]
fn another_runs_checkpoints_are_never_lost() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(&home);
    let text = format!("steps = 6\n{SMALL}");
    let begin = |resume| {
        let session = Session { resume, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        Training::new(plan(&text).unwrap(), session)
    };
    let steps = || Checkpoints::list(&folder).unwrap().iter().map(|file| file.step).collect::<Vec<_>>();
    let mut run = begin(false).unwrap();
    // Beyond its plan a run goes on, and is found again where it was.
    run.advance(9).unwrap();
    run.checkpoint().unwrap();
    let before = steps();
    assert_eq!(before.last(), Some(&9));
    let refusal = begin(false).unwrap_err();
    assert!(
        refusal.is_request() && refusal.to_string().contains("holds checkpoints of a run already"),
        "{refusal}"
    );
    let again = begin(true).unwrap();
    assert_eq!((again.step(), again.tensor("step").unwrap(), steps()), (9, &[9.0][..], before));
}

#[test]
fn schedules_stay_at_their_end_beyond_the_plan() {
    for kind in ["linear", "cosine"] {
        let update = format!("{{ kind = \"sgd\", lr = 0.1, schedule = {{ kind = \"{kind}\" }} }}");
        let text = format!("steps = 5\n{SMALL}").replace("hidden", &format!("update = {update}, hidden"));
        let mut run = training(&text);
        run.advance(5).unwrap();
        let end = run.parameters().unwrap();
        run.advance(5).unwrap();
        // Both fall to zero: what moves after the end would be a learning rate below it.
        let moved = run.parameters().unwrap().iter().zip(&end).fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
        assert!(moved < 1e-5, "{kind}: moved by {moved}");
    }
}

#[test]
fn checkpoints_of_before_there_were_factors_are_read() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(&home);
    let mut run =
        Training::new(plan(SMALL).unwrap(), Session::in_folder(folder.clone(), Cpu::new(1))).unwrap();
    run.advance(3).unwrap();
    run.checkpoint().unwrap();
    let file = Checkpoints::latest(&folder).unwrap().unwrap().path;
    let mut old = Store::<f32>::new();
    let mut about = old.load_safetensors(&read_whole(&file).unwrap()).unwrap();
    // Nor had they a checksum, or the classes' names, which came before it.
    let is_new = |line: &&str| ["sha256", "class_"].iter().any(|key| line.starts_with(key));
    for text in about.values_mut() {
        let lines: Vec<&str> = text.lines().filter(|line| !is_new(line)).collect();
        *text = lines.join("\n");
    }
    let bytes = old.to_safetensors(|name| !name.ends_with(".lr_factor"), &about).unwrap();
    write_whole(&file, &bytes).unwrap();
    let session = Session { resume: true, ..Session::in_folder(folder, Cpu::new(1)) };
    let resumed = Training::new(plan(SMALL).unwrap(), session).unwrap();
    assert!((resumed.step(), state(&resumed)) == (3, state(&run)));
}

#[test]
fn a_damaged_checkpoint_is_refused_and_the_one_before_it_named() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(&home);
    let text = format!("checkpoint.every_steps = 2\n{SMALL}");
    let mut run =
        Training::new(plan(&text).unwrap(), Session::in_folder(folder.clone(), Cpu::new(1))).unwrap();
    run.advance(4).unwrap();
    let file = Checkpoints::latest(&folder).unwrap().unwrap().path;
    let whole = read_whole(&file).unwrap();
    let check = |bytes: &[u8], why: &str| {
        write_whole(&file, bytes).unwrap();
        let session = Session { resume: true, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let error = Training::new(plan(&text).unwrap(), session).unwrap_err().to_string();
        let text = format!("is damaged: {why}; the last whole one before it is that of step 2");
        assert!(error.ends_with(&text), "{error}");
    };
    let mut flipped = whole.clone();
    let last = flipped.len() - 3;
    flipped[last] ^= 0x10;
    check(&flipped, "its numbers are not those that were written");
    check(&whole[..whole.len() / 2], "it is not a whole safetensors file");
    check(&[], "it is not a whole safetensors file");
    // What the file says about itself is summed too.
    let step = whole.windows(8).position(|part| part == b"step = 4").unwrap() + 7;
    let mut other = whole.clone();
    other[step] = b'5';
    check(&other, "its numbers are not those that were written");
    // The earlier one goes on, and is all that is left then.
    let session =
        Session { resume: true, which: Which::Step(2), ..Session::in_folder(folder.clone(), Cpu::new(1)) };
    let mut again = Training::new(plan(&text).unwrap(), session).unwrap();
    assert_eq!((again.step(), Checkpoints::list(&folder).unwrap().len()), (2, 1));
    again.advance(2).unwrap();
    assert!(read_whole(&file).unwrap() == whole);
}

#[test]
fn a_run_whose_checkpoints_are_gone_is_not_begun_anew() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(&home);
    let text = format!("steps = 4\n{SMALL}");
    let begin = |resume| Session { resume, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
    let mut sink = RunWriter::open(&folder, 1e9, "box").unwrap();
    train(plan(&text).unwrap(), begin(false), &mut sink).unwrap();
    for file in Checkpoints::list(&folder).unwrap() {
        std::fs::remove_file(file.path).unwrap();
    }
    let error = Training::new(plan(&text).unwrap(), begin(true)).unwrap_err().to_string();
    assert!(error.contains("has stored checkpoints up to step 4, and none of them is left"), "{error}");
}

#[test]
fn what_needs_a_folder_says_so() {
    let session = Session { resume: true, ..session() };
    let error = Training::new(plan(SMALL).unwrap(), session).unwrap_err();
    assert_eq!(error.to_string(), "going on with a run needs a run folder, and this run has none");
    let error = training(SMALL).checkpoint().unwrap_err();
    assert_eq!(error.to_string(), "a checkpoint needs a run folder, and this run has none");
}
