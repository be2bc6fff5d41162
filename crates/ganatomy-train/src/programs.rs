//! The programs of a run: the step, the gradients' norms, sampling, and the judge.

use std::collections::BTreeMap;

use ganatomy_game::average;
use ganatomy_game::game::{Call, Generator, Given};
use ganatomy_game::step::{Batch, Board, Declared, Memory, Play, Values, Who, Work};
use ganatomy_tensor::{Bound, Cpu, Program, Store, StoreError, Tensor, Trace, TraceError, grad};

use crate::rules::Rules;
use crate::state::STEP;

/// What comes before the name of a reading that a program leaves in the store.
const READING: &str = "reading.";

/// Which members of a population have not ended: a number for each, not zero.
pub(crate) const ALIVE: &str = "population.alive";

/// Is this output a reading?
pub(crate) fn is_reading(name: &str) -> bool {
    name.starts_with(READING)
}

/// A program and the readings it leaves.
pub(crate) struct Traced {
    pub program: Program,
    readings: Vec<Reading>,
}

/// What a reading is called, and where the program leaves it in the store.
struct Reading {
    name: String,
    place: String,
}

impl Traced {
    fn compile(trace: &Trace, state: Values, readings: Vec<(String, Tensor)>) -> Result<Traced, TraceError> {
        let known = readings.iter().map(|(name, _)| Reading::new(name.clone())).collect();
        let owned = written(state, readings);
        let outputs: Vec<(&str, &Tensor)> =
            owned.iter().map(|(name, value)| (name.as_str(), value)).collect();
        Ok(Traced { program: Program::compile(trace, &outputs)?, readings: known })
    }

    /// The names of the readings.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().map(|reading| reading.name.as_str())
    }

    /// The readings of the last run. Every step asks, so nothing is allocated.
    pub fn read<'a>(&'a self, store: &'a Store<f32>) -> impl Iterator<Item = (&'a str, f64)> {
        self.read_of(store, 0)
    }

    /// As [`Traced::read`], of one member of a population.
    pub fn read_of<'a>(
        &'a self,
        store: &'a Store<f32>,
        member: usize,
    ) -> impl Iterator<Item = (&'a str, f64)> {
        self.readings.iter().filter_map(move |reading| {
            let array = store.get(&reading.place).ok()?;
            Some((reading.name.as_str(), f64::from(*array.values().get(member)?)))
        })
    }
}

impl Reading {
    fn new(name: String) -> Reading {
        Reading { place: format!("{READING}{name}"), name }
    }
}

/// Everything that a program writes, by its place in the store.
pub(crate) fn written(state: Values, readings: Vec<(String, Tensor)>) -> Vec<(String, Tensor)> {
    let kept = readings.into_iter().map(|(name, value)| (Reading::new(name).place, value));
    state.into_iter().chain(kept).collect()
}

/// One step: every move of the scheme, the generator's average, and the losses. Every penalty of a period is due.
pub(crate) fn step(rules: &Rules) -> Result<Traced, TraceError> {
    step_where(rules, &rules.game.periods())
}

/// A step in which exactly these of the game's periods are due.
pub(crate) fn step_where(rules: &Rules, due: &[u64]) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let (state, readings) = trace_step(rules, Board { due: Some(due), ..rules.board() }, &trace);
    Traced::compile(&trace, state, readings)
}

/// The step's new state and its readings.
pub(crate) fn trace_step(rules: &Rules, board: Board<'_>, trace: &Trace) -> (Values, Vec<(String, Tensor)>) {
    let memory = Memory::new(trace);
    let mut play = Play::new(trace, &memory, board);
    rules.scheme.step(&mut play);
    let (players, mut state) = play.finish();
    if rules.averages() {
        let steps_done = trace.input(STEP, []);
        state.extend(average::step(&*rules.average, players.of(Who::GENERATOR), &steps_done));
    }
    state.extend(players.into_values());
    (state, memory.readings().into_iter().collect())
}

/// What a step costs, on any machine.
pub(crate) fn work(rules: &Rules) -> Work {
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let mut play = Play::new(&trace, &memory, rules.board());
    rules.scheme.step(&mut play);
    play.work()
}

/// Norms of all players' gradients, and of G's loss by its output, on a batch of their own.
pub(crate) fn gradient_norms(board: Board<'_>) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let readings = norms(&trace, board);
    Traced::compile(&trace, Values::new(), readings)
}

fn norms(trace: &Trace, board: Board<'_>) -> Vec<(String, Tensor)> {
    let (memory, mut readings) = (Memory::new(trace), Vec::new());
    let play = Play::new(trace, &memory, board);
    let (batch, leaves) = (Batch::outside("probe"), play.leaves());
    for who in play.order() {
        let objective = play.objective(&batch, &leaves, who);
        if let (Who::GENERATOR, Some(samples)) = (who, &objective.samples) {
            let slope = grad(&objective.loss, &[samples]).remove(0);
            readings.push(("generator/output_gradient_norm".into(), slope.square().sum_all().sqrt()));
        }
        let gradient = play.slope(&batch, &leaves, who, objective);
        let squares: Vec<(&str, Tensor)> =
            gradient.by_parameter.iter().map(|(name, g)| (name.as_str(), g.square().sum_all())).collect();
        let norm = squares.iter().map(|(_, square)| square.clone()).reduce(|sum, square| sum + square);
        readings.extend(norm.map(|norm| (format!("{}/gradient_norm", who.name()), norm.sqrt())));
        readings.extend(layer_norms(who, &squares));
        let numels = gradient.by_parameter.values().map(|g| g.shape().numel());
        let n = numels.sum::<usize>() as f64;
        let zeros = gradient.by_parameter.values().map(|g| g.eq(0.0).sum_all());
        let share = zeros.reduce(|sum, zeros| sum + zeros).map(|zeros| zeros / n);
        readings.extend(share.map(|share| (format!("{}/zero_gradient", who.name()), share)));
    }
    readings
}

/// The norm of each layer's gradient, weight and bias together, of the squared norms by parameter.
fn layer_norms(who: Who, squares: &[(&str, Tensor)]) -> Vec<(String, Tensor)> {
    let mut layers = BTreeMap::<&str, Tensor>::new();
    for (name, square) in squares {
        let own = name.split_once('.').map_or(*name, |(_, own)| own);
        let layer = own.rsplit_once('.').map_or(own, |(layer, _)| layer);
        let sum = layers.get(layer).map_or_else(|| square.clone(), |sum| sum + square);
        layers.insert(layer, sum);
    }
    let named = |layer: &str| format!("{}/layer_gradient/{layer}", who.name());
    layers.into_iter().map(|(layer, sum)| (named(layer), sum.sqrt())).collect()
}

/// The names of the readings of [`gradient_norms`].
pub(crate) fn gradient_norms_names(board: Board<'_>) -> Vec<String> {
    norms(&Trace::new(), board).into_iter().map(|(name, _)| name).collect()
}

/// D's objective on a batch of its own, its logits and its accuracies.
pub(crate) fn judgement(board: Board<'_>) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let play = Play::new(&trace, &memory, board);
    let batch = Batch::outside("held-out");
    let objective = play.objective(&batch, &play.leaves(), Who::DISCRIMINATOR);
    // Names of their own: those of the step are its own.
    let renamed = |name: String| name.replacen("discriminator/", "held_out/", 1);
    let mut readings = vec![("held_out/loss".to_owned(), objective.loss)];
    readings.extend(objective.readings.into_iter().map(|(name, value)| (renamed(name), value)));
    Traced::compile(&trace, Values::new(), readings)
}

/// Where generated items are left in the store.
pub(crate) const SAMPLES: &str = "samples";
/// Where given latent points are put for [`sampling`].
pub(crate) const LATENT: &str = "latent";
/// Where given channels are put for [`sampling`] from given latent points.
pub(crate) const GIVEN: &str = "given";
/// Channels of the data, for samples from drawn latent points: state, so that a run's folder holds them.
pub(crate) const KEPT: &str = "remedy.image-conditioning.kept";

/// Where the classes of generated items are left in the store.
pub(crate) const CLASSES: &str = "samples.class";
/// Where classes are asked for, counted from one: where a zero stands, none is.
pub(crate) const ASKED: &str = "asked.class";

/// A batch of generated items. Latent points are drawn, or put at [`LATENT`]. Classes are those at [`ASKED`]; where none is
/// asked for they are drawn with drawn points, else each follows the other. Channels are the kept ones with drawn points, else those at [`GIVEN`].
pub(crate) fn sampling(
    generator: &Generator,
    batch: usize,
    averaged: bool,
    drawn: bool,
) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let own = |d: &Declared| {
        let source = if averaged { average::name(&d.name) } else { d.name.clone() };
        (d.name.clone(), trace.input(&source, d.shape.clone()))
    };
    let values: Values = generator.model.player.declared.iter().map(own).collect();
    let z = if drawn {
        generator.noise.draw(&trace, "sample", batch)
    } else {
        trace.input(LATENT, [batch, generator.noise.z_dims])
    };
    let labels = (generator.n_classes > 0).then(|| {
        let free = if drawn {
            generator.draw_classes(&trace, "sample.class", batch)
        } else {
            let cycle: Vec<f64> = (0..batch).map(|i| (i % generator.n_classes) as f64).collect();
            trace.literal([batch], &cycle)
        };
        let asked = trace.input(ASKED, [batch]);
        asked.gt(0.5).select(&(&asked - 1.0), &free)
    });
    let name = if drawn { KEPT } else { GIVEN };
    let image = generator.given_shape().map(|[h, w, n]| trace.input(name, [batch, h, w, n]));
    let given = Given { labels: labels.as_ref(), image: image.as_ref() };
    let (items, _) = generator.make(&values, &z, given, &Call::sampling("sample"));
    let outputs: Vec<(&str, &Tensor)> =
        [(SAMPLES, &items)].into_iter().chain(labels.as_ref().map(|labels| (CLASSES, labels))).collect();
    Program::compile(&trace, &outputs)
}

/// Where given items, and the judge's logits of them, are in the store.
pub(crate) const JUDGED: [&str; 2] = ["judged.items", "judged.logits"];

/// The judge's logits of given items, where the game has a judge of single items.
pub(crate) fn opinion(rules: &Rules, n: usize) -> Result<Option<Program>, TraceError> {
    let trace = Trace::new();
    let logits = logits(&trace, rules, n);
    logits.map(|logits| Program::compile(&trace, &[(JUDGED[1], &logits)])).transpose()
}

/// Does the game have a judge of single items?
pub(crate) fn has_judge(rules: &Rules) -> bool {
    logits(&Trace::new(), rules, 1).is_some()
}

fn logits(trace: &Trace, rules: &Rules, n: usize) -> Option<Tensor> {
    let shape: Vec<usize> = [n].iter().chain(&rules.generator.item).copied().collect();
    rules.game.opinion(trace, &trace.input(JUDGED[0], shape))
}

/// Is this input filled before each run, or state that starts as zeros?
pub(crate) fn is_batch(name: &str) -> bool {
    ["real.", "labels.", "matched.", "remedy.", "loss.", "game.", "judged.", "look.", "population."]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// Binds a program, making zeros of the inputs that are filled before each run.
pub(crate) fn bind(program: &Program, cpu: &Cpu, store: &mut Store<f32>) -> Result<Bound<f32>, StoreError> {
    for (name, shape) in program.inputs() {
        if is_batch(name) || [LATENT, GIVEN, ASKED].contains(&name) {
            store.place(name, shape)?;
        }
    }
    program.bind(cpu, store)
}
