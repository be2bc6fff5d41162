//! Studies of forks, carried out.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ganatomy_data::DataContext;
use ganatomy_record::{Checkpoints, Recorder, RunFolder, RunSpec, Which};
use ganatomy_tensor::{Cpu, Device, DeviceError, Precision, Room};
use ganatomy_train::{Plan, Registry, Session, train};
use toml::Table;

use super::{Site, work};
use crate::answer::Answer;
use crate::answer::testing::Bare;
use crate::file::{Written, parse};
use crate::store::{Address, Mode, Store};
use crate::{Expanded, Ground, Results, State, Study, StudyError};

const PARENT: &str = "steps = 30\nbatch = 8\nseed = 3\ngenerator = { z_dims = 2, hidden = [6] }\n\
    discriminator = { hidden = [6], update.schedule.kind = \"linear\" }\nsamples.every_steps = 0\n\
    checkpoint = { every_steps = 10, keep_last = 5 }\nprobes.modes.every_steps = 10\n";

const STUDY: &str = "name = \"s\"\nfrom = \"parent@10\"\nbudget = { steps = 20 }\nseeds = [3, 4]\n\
    score = { reading = \"samples/n_modes\" }\n[[arm]]\nname = \"control\"\n[[arm]]\nname = \"wide\"\n\
    set = [\"discriminator.hidden=[7]\"]\n[[arm]]\nname = \"r1\"\nset = [\"remedies.r1.gamma=1\"]\n\
    [[arm]]\nname = \"new\"\nanew = true\n";

/// A run in a folder, up to its last step.
fn parent(home: &Path) -> RunFolder {
    let plan = Plan::new(&RunSpec::parse(PARENT, "test").unwrap(), &DataContext::default()).unwrap();
    let table = plan.resolved().table.to_string();
    let folder = RunFolder::create(&home.join("parent"), false, PARENT, &table).unwrap();
    let session = Session::in_folder(folder.clone(), Cpu::new(1));
    train(plan, session, &mut Recorder::new(&folder, "here", || 0.0, None)).unwrap();
    folder
}

fn expanded(home: &Path, text: &str) -> Result<Expanded, StudyError> {
    let registry = Registry::builtin();
    let ground = Ground { registry: &registry, data: None, cache: "".into() };
    let file = parse(text, "study", None)?;
    Expanded::new(Study::new(Written { file, folder: home.to_owned(), origin: "study".to_owned() })?, &ground)
}

fn store(home: &Path, expanded: &Expanded) -> Result<Store, StudyError> {
    std::fs::create_dir_all(home.join("s")).unwrap();
    let mut store = Store::open(&Address::Sqlite(home.join("s/study.sqlite")), Mode::Make)?;
    expanded.begin(&mut store, None, &home.join("s"))?;
    Ok(store)
}

fn carry_out(home: &Path) -> Result<(), StudyError> {
    carry_out_on(home, None)
}

fn carry_out_on(home: &Path, device: Option<(Arc<dyn Device>, Table)>) -> Result<(), StudyError> {
    let registry = Registry::builtin();
    let site = Site {
        device,
        address: Address::Sqlite(home.join("s/study.sqlite")),
        folder: home.join("s"),
        worker: "one".to_owned(),
        registry: &registry,
        data: None,
        spare_data: None,
        cache: "".into(),
        host: "here".to_owned(),
        version: "0".to_owned(),
        threads: 1,
        now: || 0.0,
        clock: || Arc::new(|| 0.0),
        stop: Arc::new(AtomicBool::new(false)),
    };
    work(&site).map(|_| ())
}

fn last(run: &Path) -> Vec<u8> {
    let folder = RunFolder::open(run).unwrap();
    std::fs::read(Which::Latest.of(&folder).unwrap().path).unwrap()
}

#[test]
fn an_untreated_fork_with_the_same_seed_is_the_run_going_on() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    parent(home);
    let expanded = expanded(home, STUDY).unwrap();
    let anew: Vec<bool> =
        expanded.study.arms.iter().map(|arm| arm.fork.as_ref().is_some_and(|fork| fork.anew)).collect();
    assert_eq!(anew, [false, true, false, true]);
    let mut store = store(home, &expanded).unwrap();
    carry_out(home).unwrap();
    let run = |arm: &str, seed: u64| home.join(format!("s/runs/{arm}/0-seed-{seed}"));
    // The same bits, although the parent's schedule goes on for as many steps as it was to make.
    assert!(last(&run("control", 3)) == last(&home.join("parent")));
    assert!(last(&run("control", 4)) != last(&run("control", 3)), "another seed, other batches and noise");
    assert!(last(&run("r1", 3)) != last(&run("control", 3)));
    let ends =
        |arm: &str| Checkpoints::latest(&RunFolder::open(&run(arm, 3)).unwrap()).unwrap().unwrap().step;
    assert_eq!(["control", "wide", "r1", "new"].map(ends), [30, 20, 30, 20]);
    let plan = |arm: &str| std::fs::read_to_string(run(arm, 3).join("plan.toml")).unwrap();
    assert!(plan("r1").contains("parent_step = 10") && !plan("wide").contains("parent_step"));
    let results = Results::read(&mut store).unwrap();
    let told = |row: &crate::Row| (row.state, row.steps);
    assert!(results.runs.iter().all(|row| told(row) == (State::Done, 20)), "{:?}", results.runs);
    let answer = Answer::of(&results, &Bare).unwrap();
    assert_eq!(
        (answer.steps, answer.forks.iter().flatten().filter(|fork| fork.anew).count()),
        (vec![20; 4], 2)
    );
}

/// A device that is gone.
#[derive(Debug)]
struct Lost;

impl Device for Lost {
    fn name(&self) -> String {
        "lost".to_owned()
    }

    fn room(&self, _: Precision) -> Result<Box<dyn Room>, DeviceError> {
        Err("it has fallen off the bus".into())
    }
}

#[test]
fn a_device_that_is_lost_is_no_failure_of_a_run() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    parent(home);
    let mut store = store(home, &expanded(home, STUDY).unwrap()).unwrap();
    let error = carry_out_on(home, Some((Arc::new(Lost), Table::new()))).unwrap_err();
    assert!(format!("{error:?}").contains("it has fallen off the bus"), "{error:?}");
    let states = |store: &mut Store| Results::read(store).unwrap().runs.into_iter().map(|row| row.state);
    assert!(states(&mut store).all(|state| state == State::Waiting));
    carry_out(home).unwrap();
    assert!(states(&mut store).all(|state| state == State::Done));
}

#[test]
fn a_parent_that_changes_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = parent(home);
    let first = expanded(home, STUDY).unwrap();
    store(home, &first).unwrap();
    let other = expanded(home, &STUDY.replace("@10", "@20")).unwrap();
    let said = store(home, &other).err().unwrap().to_string();
    assert!(said.contains("arm \"control\" began at ") && said.contains("parent@20 now"), "{said}");
    let file = Which::Step(10).of(&folder).unwrap().path;
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let said = carry_out(home).unwrap_err().to_string();
    assert!(said.contains("is not what it was when the study was begun"), "{said}");
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    carry_out(home).unwrap();
}

#[test]
fn arms_that_cannot_be_forks_are_refused() {
    let home = tempfile::tempdir().unwrap();
    parent(home.path());
    let check = |old: &str, new: &str, expected: &str| {
        assert!(STUDY.contains(old));
        let error = expanded(home.path(), &STUDY.replacen(old, new, 1)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("parent@10", "parent@15", "it has those of steps 10, 20");
    check("parent@10", "parent@last", "from is written RUN, RUN@STEP or RUN@best, found parent@last");
    check("parent@10", "none@10", "cannot open the run");
    check(
        "\"control\"",
        "\"control\"\nfrom = \"parent\"\nbase = \"ring\"",
        "from and base exclude each other",
    );
    check("anew = true", "anew = true\nbase = \"ring\"", "anew says that a fork begins at the first step");
}

const SMALL: &str = "batch = 16\ngenerator = { z_dims = 2, hidden = [8] }\ndiscriminator = { hidden = [8] }\n\
    samples.every_steps = 0\nprobes.modes = { every_steps = 10, n_samples = 100 }\n";

/// Two arms that differ in a number, one whose runs diverge, and one that is another game.
const NUMBERS: &str = "name = \"s\"\nbase = \"small.toml\"\nbudget = { steps = 30 }\nseeds = [1, 2, 3]\n\
    score = { reading = \"generator/loss\", better = \"lower\" }\n[[arm]]\nname = \"slow\"\nset = [\"generator.update.lr=1e-4\"]\n\
    [[arm]]\nname = \"fast\"\nset = [\"generator.update.lr=3e-3\"]\n[[arm]]\nname = \"wild\"\n\
    set = [\"generator.update.lr=1e30\"]\n[[arm]]\nname = \"hinge\"\nset = [\"loss.kind=hinge\"]\n";

/// Carries the study out with so many runs together at most.
fn carried_out(together: u32) -> (Vec<crate::Row>, usize) {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    std::fs::write(home.join("small.toml"), SMALL).unwrap();
    let text = format!("{NUMBERS}[runs]\ntogether = {together}\n");
    let mut store = store(home, &expanded(home, &text).unwrap()).unwrap();
    carry_out(home).unwrap();
    let results = Results::read(&mut store).unwrap();
    let says = |row: &crate::Row| {
        let run = home.join("s").join(row.folder.as_deref().unwrap()).join("events.jsonl");
        std::fs::read_to_string(run).unwrap().contains("one of a population of")
    };
    let n_together = results.runs.iter().filter(|row| says(row)).count();
    (results.runs, n_together)
}

#[test]
fn runs_together_end_as_they_do_one_by_one() {
    let (alone, none) = carried_out(1);
    let (by_itself, not_here) = carried_out(0);
    assert_eq!((none, not_here), (0, 0), "a processor makes them one by one");
    assert!(alone == by_itself, "to the bit");
    // Nine runs of three arms differ in numbers, and the three of hinge are another game: four, four, one and three.
    for (most, expected) in [(4, 11), (100, 12)] {
        let (together, n) = carried_out(most);
        assert_eq!(n, expected, "{most} at once");
        for (a, b) in together.iter().zip(&alone) {
            assert_eq!((a.state, a.steps, &a.why, &a.folder), (b.state, b.steps, &b.why, &b.folder));
            let is_close =
                |a: f64, b: f64| (a - b).abs() <= 1e-4 * (1.0 + b.abs()) || a.is_nan() && b.is_nan();
            assert!(a.score.is_some() == b.score.is_some());
            assert!(a.score.iter().zip(b.score).all(|(a, b)| is_close(*a, b)), "{a:?} is not {b:?}");
        }
        let failed = together.iter().filter(|row| row.state == State::Failed).count();
        assert_eq!(failed, 3, "the wild arm's");
    }
}
