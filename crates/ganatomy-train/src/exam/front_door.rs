//! What someone outside does first: networks, data and probes of their own, and runs that they drive themselves.

use ganatomy_data::{BatchKey, DataContext, Dataset, Images, Points};
use ganatomy_game::game::{GameSpec, Generator, Ingredients, Row as GameRow};
use ganatomy_game::network::{Init, Network, NetworkSpec, Row, Scope};
use ganatomy_game::step::{Game, Objective, Player, Players, Turn, Who};
use ganatomy_record::{Checkpoints, Direction, Entry, RunFolder, RunSpec, read_whole, write_whole};
use ganatomy_tensor::{Cpu, Store, Tensor};

use super::{plan, session};
use crate::look::Live;
use crate::probe::{Probe, ProbeKind, ProbeSpec, Site};
use crate::{Plan, PlanError, Registry, Session, TrainError, Training};

const SMALL: &str = "batch = 8\ngenerator = { hidden = [6], z_dims = 2 }\ndiscriminator = { hidden = [6] }\n";

fn training(text: &str) -> Training {
    Training::new(plan(text).unwrap(), session()).unwrap()
}

/// The first line of an error, without its place.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.split_once(": ").map_or(line, |(_, rest)| rest).to_owned()
}

/// A network that hands to its scope only what it is asked to.
#[derive(Clone)]
struct Bare {
    shows: &'static str,
    out: Vec<usize>,
}

impl NetworkSpec for Bare {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        let out = if self.shows == "a wrong item" { vec![item[0] + 1] } else { item.to_vec() };
        Ok(Box::new(Bare { out, ..self.clone() }))
    }
    fn discriminator(&self, _: &[usize]) -> Result<Box<dyn Network>, String> {
        let out = if self.shows == "two logits" { vec![2] } else { vec![] };
        Ok(Box::new(Bare { out, ..self.clone() }))
    }
}

impl Network for Bare {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let (batch, n_out) = (x.shape()[0], self.out.iter().product());
        let shape = [x.shape()[1], n_out];
        let shown = self.shows == "everything";
        let w = if shown {
            scope.weight("w", shape, Init::He(1.0))
        } else {
            scope.param("w", shape, Init::He(1.0))
        };
        let h = if shown && self.out.is_empty() { scope.hidden(x) } else { x.clone() };
        let out = h.matmul(&w).reshape([&[batch], &self.out[..]].concat());
        if shown && self.out.is_empty() { scope.logits(out, x) } else { out }
    }
    fn mixes_batch(&self) -> bool {
        false
    }
}

fn with_network(shows: &'static str, more: &str) -> Result<Plan, PlanError> {
    let mut registry = Registry::builtin();
    registry.networks.push(Row::new("bare", "mine", move |_| Ok(Box::new(Bare { shows, out: vec![] }))));
    let text = format!("batch = 8\ngenerator.kind = \"bare\"\ndiscriminator.kind = \"bare\"\n{more}");
    Plan::with_registry(&RunSpec::parse(&text, "test").unwrap(), &DataContext::default(), &registry)
}

#[test]
fn a_network_that_gives_a_remedy_no_place_is_refused() {
    let check = |remedy: &str, expected: &str| {
        let on = format!("remedies.{remedy} = {{}}\n");
        assert!(with_network("everything", &on).is_ok(), "{remedy}");
        assert_eq!(sentence(&with_network("nothing", &on).err().unwrap()), expected);
    };
    check(
        "spectral-norm",
        "remedies.spectral-norm would do nothing: the discriminator's network makes no weight with `Scope::weight`",
    );
    for remedy in ["feature-matching", "minibatch-stddev", "minibatch-discrimination"] {
        let hidden = "the discriminator's network does not hand its last hidden layer to `Scope::hidden`";
        check(remedy, &format!("remedies.{remedy} would do nothing: {hidden}"));
    }
    let classes = "data.kind = \"ring\"\n";
    assert!(with_network("nothing", classes).is_ok(), "without remedies nothing is needed");
}

#[test]
fn players_that_answer_a_wrong_shape_are_refused() {
    let check = |shows: &'static str, expected: &str| {
        assert_eq!(sentence(&with_network(shows, "").err().unwrap()), expected);
    };
    check(
        "a wrong item",
        "generator.kind must answer items of the data's shape, [2, 2] for 2 items, found [2, 3]",
    );
    check("two logits", "discriminator.kind must answer one logit an item, [2] for 2 items, found [2, 2]");
}

/// Two points, the second of a class that the set does not have.
struct Wrong;

impl Dataset for Wrong {
    fn item_shape(&self) -> &[usize] {
        &[2]
    }
    fn n_classes(&self) -> usize {
        3
    }
    fn fill(&self, _: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        out.fill(0.0);
        labels.fill(3);
    }
    fn fingerprint(&self) -> String {
        "wrong".to_owned()
    }
}

fn with_data(text: &str, data: impl Dataset + 'static) -> Result<Plan, PlanError> {
    Plan::with_data(&RunSpec::parse(text, "test").unwrap(), data, &Registry::builtin())
}

#[test]
fn data_in_memory_are_trained_on_or_refused() {
    let points = || Points::new(vec![[0.0, 1.0]; 20]).unwrap();
    let mut training = Training::new(with_data(SMALL, points()).unwrap(), session()).unwrap();
    assert_eq!(training.advance(3).unwrap(), None);
    let images = Images::new([4, 4, 1], vec![7; 16 * 20]).unwrap();
    assert_eq!(with_data(SMALL, images).unwrap().data().item_shape(), [4, 4, 1]);
    let refused = |text: &str, data| with_data(text, data).err().map(|error| sentence(&error)).unwrap();
    let twice = refused("data.kind = \"ring\"\n", points());
    assert_eq!(twice, "data must be left out: the data is given in memory");
    let large = with_data("batch = 64\n", points()).err().unwrap().to_string();
    assert!(large.contains("has 20 items"), "{large}");
    let wrong = with_data(SMALL, Wrong).err().unwrap();
    assert_eq!(sentence(&wrong), "data has items of class 3, but says that it has 3 classes");
}

/// A game with a player that has no table in the spec.
struct Third;

impl GameSpec for Third {
    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        let critic = Player { who: Who::new("critic"), declared: vec![] };
        Ok(Box::new(Three { generator: parts.generator, critic }))
    }
}

struct Three {
    generator: Generator,
    critic: Player,
}

impl Game for Three {
    fn players(&self) -> Vec<&Player> {
        vec![&self.critic, &self.generator.model.player]
    }
    fn objective(&self, turn: &Turn<'_>, _: &Players, _: Who) -> Objective {
        Objective::of(turn.trace.zeros([]))
    }
}

#[test]
fn a_player_without_an_update_is_refused() {
    let mut registry = Registry::builtin();
    registry.games.push(GameRow::new("three", "mine", |_| Ok(Box::new(Third))));
    let spec = RunSpec::parse("game.kind = \"three\"\n", "test").unwrap();
    let error = Plan::with_registry(&spec, &DataContext::default(), &registry).err().unwrap();
    let why = "game.kind has a player \"critic\", but only discriminator and generator can be trained";
    assert_eq!(sentence(&error), why);
}

#[test]
fn a_name_that_stands_twice_is_refused_before_anything_is_read() {
    let mut registry = Registry::builtin();
    registry.networks.push(Row::new("mlp", "mine", |_| Err(unreachable())));
    let spec = RunSpec::parse("", "test").unwrap();
    let error = Plan::with_registry(&spec, &DataContext::default(), &registry).err().unwrap();
    assert!(matches!(error, PlanError::Registry(_)), "{error}");
}

fn unreachable() -> ganatomy_record::SpecError {
    panic!("a row of a refused registry was read")
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

/// Everything that a run's state holds, to the bit.
fn state(training: &Training) -> Vec<(String, Vec<u32>)> {
    let bits = |name: &&str| training.tensor(name).unwrap().iter().map(|x| x.to_bits()).collect();
    training.state_names().iter().map(|name| ((*name).to_owned(), bits(name))).collect()
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
    // Nor had they a checksum.
    for text in about.values_mut() {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("checksum")).collect();
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
        assert!(
            error.contains(&format!("is damaged: {why}; without this file the run goes on from ")),
            "{error}"
        );
        assert!(error.ends_with("step-00000002.safetensors"), "{error}");
    };
    let mut flipped = whole.clone();
    let last = flipped.len() - 3;
    flipped[last] ^= 0x10;
    check(&flipped, "its numbers are not those that were written");
    check(&whole[..whole.len() / 2], "it is not a whole safetensors file");
    check(&[], "it is not a whole safetensors file");
}

#[test]
fn what_needs_a_folder_says_so() {
    let session = Session { resume: true, ..session() };
    let error = Training::new(plan(SMALL).unwrap(), session).unwrap_err();
    assert_eq!(error.to_string(), "going on with a run needs a run folder, and this run has none");
    let error = training(SMALL).checkpoint().unwrap_err();
    assert_eq!(error.to_string(), "a checkpoint needs a run folder, and this run has none");
}

/// A probe with a field, which fails from a step on with an error of its own.
#[derive(Clone)]
struct Fragile {
    until: u64,
}

impl ProbeSpec for Fragile {
    fn build(&self, _: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        Ok(Some(Box::new(self.clone())))
    }
}

impl Probe for Fragile {
    fn readings(&self) -> Vec<(String, Direction)> {
        vec![("mine/logit".to_owned(), Direction::None)]
    }
    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        if live.step() > self.until {
            return Err(TrainError::Other(format!("nothing after step {}", self.until).into()));
        }
        let items = live.samples(live.n_samples(), 1)?;
        let logits = live.judge(&items)?.unwrap_or_default();
        assert_eq!(live.gradient(Who::DISCRIMINATOR, 1)?.len(), 2 * 6 + 6 + 6 + 1);
        Ok(vec![("mine/logit".to_owned(), logits.iter().map(|c| f64::from(*c)).sum::<f64>())])
    }
}

#[test]
fn a_probe_has_fields_samples_a_judge_gradients_and_errors_of_its_own() {
    let mut registry = Registry::builtin();
    let entry = Entry::<dyn ProbeSpec>::new("fragile", "mine", |fields| {
        Ok(Box::new(Fragile { until: fields.count("until", "last step", 9, 0..=99)? }))
    });
    registry.probes.push(ProbeKind::new(entry, 2, 16));
    assert_eq!(registry.fields("probe", "fragile").len(), 3);
    let text = format!("{SMALL}[probes.fragile]\nuntil = 2\n");
    let plan =
        Plan::with_registry(&RunSpec::parse(&text, "test").unwrap(), &DataContext::default(), &registry);
    let mut run = Training::new(plan.unwrap(), session()).unwrap();
    run.advance(2).unwrap();
    let before = state(&run);
    assert!(run.probe().unwrap()["mine/logit"].is_finite());
    assert!(state(&run) == before, "a probe leaves no trace");
    run.advance(1).unwrap();
    assert_eq!(run.probe().unwrap_err().to_string(), "nothing after step 2");
}
