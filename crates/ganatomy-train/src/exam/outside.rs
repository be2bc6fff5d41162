//! Ideas from outside: networks, games, data and probes, used or refused with the reason.

use ganatomy_data::{BatchKey, DataContext, Dataset, Images, Points};
use ganatomy_game::game::{GameSpec, Generator, Ingredients, Row as GameRow};
use ganatomy_game::network::{Init, Network, NetworkSpec, Row, Scope};
use ganatomy_game::step::{Game, Objective, Player, Players, Turn, Who};
use ganatomy_record::{Direction, Entry, RunSpec};
use ganatomy_tensor::Tensor;

use super::{SMALL, session, state};
use crate::look::Live;
use crate::probe::{Probe, ProbeKind, ProbeSpec, Site};
use crate::{Plan, PlanError, Registry, TrainError, Training};

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
fn two_probes_that_report_one_reading_are_refused() {
    let mut registry = Registry::builtin();
    for name in ["first", "second"] {
        let entry = Entry::<dyn ProbeSpec>::new(name, "mine", |_| Ok(Box::new(Fragile { until: 9 })));
        registry.probes.push(ProbeKind::new(entry, 2, 16));
    }
    let probe = |more: &str| {
        let spec = RunSpec::parse(&format!("{SMALL}{more}"), "test").unwrap();
        let plan = Plan::with_registry(&spec, &DataContext::default(), &registry).unwrap();
        Training::new(plan, session()).unwrap().probe()
    };
    let error = probe("").unwrap_err();
    assert!(error.is_request());
    assert_eq!(
        error.to_string(),
        "the probe first and the probe second both report mine/logit; probes.second.every_steps = 0 turns the \
         latter off"
    );
    assert!(probe("probes.second.every_steps = 0\n").is_ok());
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
