//! The programs of a run: the step, the gradients' norms, sampling, and the discriminator's surface.

use ganatomy_tensor::{Bound, Cpu, Distribution, Program, Store, Tensor, Trace, TraceError, grad};

use crate::average;
use crate::game::{Call, Generator, Given, Memory, Who};
use crate::network::Values;
use crate::plan::Plan;
use crate::scheme::{Batch, Play};

/// What comes before the name of a reading that a program leaves in the store.
const READING: &str = "reading.";

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
        let (readings, values): (Vec<Reading>, Vec<Tensor>) =
            readings.into_iter().map(|(name, value)| (Reading::new(name), value)).unzip();
        let kept = readings.iter().map(|reading| reading.place.as_str()).zip(&values);
        let outputs: Vec<(&str, &Tensor)> = state.iter().map(|(n, t)| (n.as_str(), t)).chain(kept).collect();
        let program = Program::compile(trace, &outputs)?;
        Ok(Traced { program, readings })
    }

    /// The names of the readings.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().map(|reading| reading.name.as_str())
    }

    /// The readings of the last run. Every step asks, so nothing is allocated.
    pub fn read<'a>(&'a self, store: &'a Store<f32>) -> impl Iterator<Item = (&'a str, f64)> {
        self.readings.iter().filter_map(|reading| {
            let array = store.get(&reading.place).ok()?;
            Some((reading.name.as_str(), f64::from(*array.values().first()?)))
        })
    }
}

impl Reading {
    fn new(name: String) -> Reading {
        Reading { place: format!("{READING}{name}"), name }
    }
}

/// One step: every move of the scheme, the generator's average, and the losses.
pub(crate) fn step(plan: &Plan) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let (state, readings) = trace_step(plan, &trace);
    Traced::compile(&trace, state, readings)
}

/// The step's new state and its readings.
fn trace_step(plan: &Plan, trace: &Trace) -> (Values, Vec<(String, Tensor)>) {
    let memory = Memory::new(trace);
    let mut play = Play::new(trace, &memory, plan.board());
    plan.scheme.step(&mut play);
    let (players, mut state) = play.finish();
    if !plan.average.is_none() {
        let steps_done = trace.input("step", []);
        state.extend(average::step(&*plan.average, players.of(Who::GENERATOR), &steps_done));
    }
    state.extend(players.into_values());
    (state, memory.readings().into_iter().collect())
}

/// Norms of all players' gradients, and of G's loss by its output, on a batch of their own.
pub(crate) fn gradient_norms(plan: &Plan) -> Result<Traced, TraceError> {
    let (trace, mut readings) = (Trace::new(), Vec::new());
    let memory = Memory::new(&trace);
    let play = Play::new(&trace, &memory, plan.board());
    let (batch, leaves) = (Batch::outside("probe"), play.leaves());
    for who in play.order() {
        let objective = play.objective(&batch, &leaves, who);
        if let (Who::GENERATOR, Some(samples)) = (who, &objective.samples) {
            let slope = grad(&objective.loss, &[samples]).remove(0);
            readings.push(("generator/output_gradient_norm".into(), slope.square().sum_all().sqrt()));
        }
        let gradient = play.slope(&batch, &leaves, who, objective);
        let squares = gradient.by_parameter.values().map(|g| g.square().sum_all());
        let norm = squares.reduce(|sum, square| sum + square).map(|sum| sum.sqrt());
        readings.extend(norm.map(|norm| (format!("{}/gradient_norm", who.name()), norm)));
    }
    Traced::compile(&trace, Values::new(), readings)
}

/// Where generated items are left in the store.
pub(crate) const SAMPLES: &str = "samples";
/// Where latent points are put for [`sampling`] when they are not drawn.
pub(crate) const LATENT: &str = "latent";
/// Where the channels that the generator is told are put for [`sampling`] when latent points are.
pub(crate) const TOLD: &str = "told";
/// The told channels that samples are asked for when latent points are drawn: state, so that a run's folder holds them.
pub(crate) const KEPT: &str = "remedy.image-conditioning.kept";

/// A batch of generated items, from drawn latent points or from given ones. A generator that is told classes is asked for
/// drawn ones, or for one after another; one that is told channels, for those that are kept, or for given ones.
pub(crate) fn sampling(
    generator: &Generator,
    batch: usize,
    averaged: bool,
    drawn: bool,
) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let own = |d: &crate::network::Declared| {
        let source = if averaged { average::name(&d.name) } else { d.name.clone() };
        (d.name.clone(), trace.input(&source, d.shape.clone()))
    };
    let values: Values = generator.player.declared.iter().map(own).collect();
    let z = if drawn {
        generator.noise.draw(&trace, "sample", batch)
    } else {
        trace.input(LATENT, [batch, generator.noise.z_dims])
    };
    let labels = (generator.n_classes > 0).then(|| {
        if drawn {
            return trace.random(Distribution::Integer(generator.n_classes as u32), "sample.class", [batch]);
        }
        let cycle: Vec<f64> = (0..batch).map(|i| (i % generator.n_classes) as f64).collect();
        trace.literal([batch], &cycle)
    });
    let name = if drawn { KEPT } else { TOLD };
    let image = generator.told_shape().map(|[h, w, n]| trace.input(name, [batch, h, w, n]));
    let given = Given { labels: labels.as_ref(), image: image.as_ref() };
    let (items, _) = generator.make(&values, &z, given, &Call::sampling("sample"));
    Program::compile(&trace, &[(SAMPLES, &items)])
}

/// Where given items, and the judge's logits of them, are in the store.
pub(crate) const JUDGED: [&str; 2] = ["judged.items", "judged.logits"];

/// The judge's logits of given items, where the game has a judge of single items.
pub(crate) fn opinion(plan: &Plan, n: usize) -> Result<Option<Program>, TraceError> {
    let trace = Trace::new();
    let shape: Vec<usize> = [n].iter().chain(&plan.generator.item).copied().collect();
    let items = trace.input(JUDGED[0], shape);
    let logits = plan.game.opinion(&trace, &items);
    logits.map(|logits| Program::compile(&trace, &[(JUDGED[1], &logits)])).transpose()
}

/// Is this input filled before each run, or state that may not be there yet?
fn is_batch(name: &str) -> bool {
    ["real.", "labels.", "matched.", "remedy.", "loss.", "game.", "judged.", "look."]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// Binds a program, making zeros of the inputs that are filled before each run.
pub(crate) fn bind(
    program: &Program,
    cpu: &Cpu,
    store: &mut Store<f32>,
) -> Result<Bound<f32>, ganatomy_tensor::StoreError> {
    for (name, shape) in program.inputs() {
        if is_batch(name) || [LATENT, TOLD].contains(&name) {
            store.place(name, shape)?;
        }
    }
    program.bind(cpu, store)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::RunSpec;
    use ganatomy_tensor::cpu::{Key, Level};
    use ganatomy_tensor::interpret;

    use super::*;
    use crate::data::keyed::Keyed;
    use crate::data::{DataContext, Silent};

    const TOLERANCE: f32 = 2e-3;

    /// A whole step of a run, compiled, against the plain interpreter.
    fn check(spec: &str, fresh: bool) {
        let spec = RunSpec::parse(spec, "test").unwrap();
        let context =
            DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
        let plan = Plan::new(&spec, &context).unwrap();
        let trace = Trace::new();
        let (mut all, readings) = trace_step(&plan, &trace);
        all.extend(readings);
        let outputs: Vec<(&str, &Tensor)> = all.iter().map(|(name, t)| (name.as_str(), t)).collect();
        let program = Program::compile(&trace, &outputs).unwrap();
        let mut random = Keyed::new(&[5]);
        let inputs: BTreeMap<String, Vec<f32>> = program
            .inputs()
            .iter()
            .map(|(name, shape)| {
                let positive = name.ends_with("square") || name.ends_with("variance");
                if fresh && !name.starts_with("real.") {
                    let initial = crate::train::initial(&plan).unwrap();
                    let known = initial.get(name).map(|array| array.values().to_vec());
                    return ((*name).to_owned(), known.unwrap_or_else(|_| vec![0.0; shape.numel()]));
                }
                let number = || if positive { 0.5 + random.uniform() } else { 0.3 * random.normal() };
                ((*name).to_owned(), std::iter::repeat_with(number).take(shape.numel()).collect())
            })
            .collect();
        let key = Key { seed: 1, step: 2 };
        let tensors: Vec<&Tensor> = outputs.iter().map(|(_, t)| *t).collect();
        let truth = interpret(&tensors, &inputs, key).unwrap();
        for level in Level::available() {
            let cpu = Cpu::with_level(2, level);
            let mut store = Store::<f32>::new();
            for (name, shape) in program.inputs() {
                store.insert(name, shape, inputs[name].clone()).unwrap();
            }
            let mut bound = program.bind(&cpu, &mut store).unwrap();
            bound.run(&cpu, &mut store, key);
            for ((name, _), truth) in outputs.iter().zip(&truth) {
                let found = store.get(name).unwrap().values();
                let largest = truth.iter().fold(1.0f32, |m, x| m.max(x.abs()));
                let error = found
                    .iter()
                    .zip(truth)
                    .map(|(a, b)| (a - b).abs())
                    .fold(0.0f32, |m, e| if e.is_nan() { f32::INFINITY } else { m.max(e) });
                assert!(error <= TOLERANCE * largest, "{name} ({level}): error {error}, largest {largest}");
            }
        }
    }

    #[test]
    fn a_player_moves_as_if_its_opponent_stood_still() {
        let spec = RunSpec::parse("batch = 4", "test").unwrap();
        let context =
            DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
        let plan = Plan::new(&spec, &context).unwrap();
        let trace = Trace::new();
        let (state, _) = trace_step(&plan, &trace);
        // A step whose gradients flowed through the other's update would need second derivatives.
        let slope =
            grad(&state["generator.out.bias"].sum_all(), &[&trace.input("update.discriminator.t", [])]);
        let inputs = BTreeMap::from([("update.discriminator.t".to_owned(), vec![1.0f64])]);
        let found = interpret(&[&slope[0]], &inputs, Key::default()).unwrap();
        assert_eq!(found[0][0], 0.0);
    }

    #[test]
    fn whole_steps_agree_with_the_interpreter() {
        check("batch = 8", false);
        check(
            "batch = 8\n[generator]\nnorm = \"batch\"\n[discriminator]\nnorm = \"layer\"\n[scheme]\nd_steps = 2",
            false,
        );
        let images = "batch = 4\n[data]\nkind = \"glyphs\"\nsize = 16\n";
        for network in ["infogan", "dcgan"] {
            let own = format!("kind = \"{network}\"\nwidth = 4\n");
            let spec = format!("{images}[generator]\n{own}z_dims = 5\n[discriminator]\n{own}");
            check(&spec, false);
            // As training starts, where moments are zero.
            check(&spec, true);
        }
    }
}
