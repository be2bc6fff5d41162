//! The programs of a run: the step, the gradients' norms, sampling, and the discriminator's surface.

use ganatomy_tensor::{Bound, Cpu, Program, Store, Tensor, Trace, TraceError, grad};

use crate::game::{Players, Turn, Who};
use crate::network::{Mode, Values};
use crate::plan::Plan;
use crate::remedy::ema;
use crate::scheme::Play;

/// What comes before the name of a reading that a program leaves in the store.
const READING: &str = "reading.";

/// A program and the readings it leaves.
pub(crate) struct Traced {
    pub program: Program,
    pub readings: Vec<String>,
}

impl Traced {
    fn compile(trace: &Trace, state: Values, readings: Vec<(String, Tensor)>) -> Result<Traced, TraceError> {
        let kept: Vec<(String, Tensor)> =
            readings.iter().map(|(name, value)| (format!("{READING}{name}"), value.clone())).collect();
        let outputs: Vec<(&str, &Tensor)> =
            state.iter().map(|(n, t)| (n.as_str(), t)).chain(kept.iter().map(|(n, t)| (n.as_str(), t))).collect();
        let program = Program::compile(trace, &outputs)?;
        Ok(Traced { program, readings: readings.into_iter().map(|(name, _)| name).collect() })
    }

    /// The readings of the last run.
    pub fn read(&self, store: &Store<f32>) -> Vec<(String, f64)> {
        let value = |name: &String| {
            let array = store.get(&format!("{READING}{name}")).ok()?;
            Some((name.clone(), f64::from(*array.values().first()?)))
        };
        self.readings.iter().filter_map(value).collect()
    }

    /// The real batches the program wants, in order.
    pub fn real_batches(&self) -> Vec<String> {
        let named = self.program.inputs().into_iter().map(|(name, _)| name);
        named.filter(|name| name.starts_with("real.")).map(str::to_owned).collect()
    }
}

/// One step: every move of the scheme, the generator's average, and the losses.
pub(crate) fn step(plan: &Plan) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let mut play = Play::new(&trace, &plan.game, &plan.updates, plan.batch, plan.steps);
    plan.scheme.step(&mut play);
    let (players, mut state, readings) = play.finish();
    if plan.ema_decay > 0.0 {
        let steps_done = trace.input("step", []);
        state.extend(ema::step(&players.generator, &steps_done, plan.ema_decay));
    }
    state.extend(players.generator);
    state.extend(players.discriminator);
    Traced::compile(&trace, state, readings.into_iter().collect())
}

/// Norms of both players' gradients, and of G's loss by its output, on a batch of their own.
pub(crate) fn gradient_norms(plan: &Plan) -> Result<Traced, TraceError> {
    let trace = Trace::new();
    let game = &plan.game;
    let players =
        Players { generator: game.generator.inputs(&trace), discriminator: game.discriminator.inputs(&trace) };
    let turn = Turn { trace: &trace, purpose: "probe".into(), batch: plan.batch };
    let mut readings = Vec::new();
    for who in Who::BOTH {
        let objective = game.objective(&turn, &players, who);
        let own = players.of(who);
        let trained: Vec<&Tensor> = game.player(who).trained().filter_map(|d| own.get(&d.name)).collect();
        let squares = grad(&objective.loss, &trained).into_iter().map(|g| g.square().sum_all());
        let norm = squares.reduce(|sum, square| sum + square).map(|sum| sum.sqrt());
        readings.extend(norm.map(|norm| (format!("{}/gradient_norm", who.name()), norm)));
        if who == Who::Generator {
            let slope = grad(&objective.loss, &[&objective.samples]).remove(0);
            readings.push(("generator/output_gradient_norm".into(), slope.square().sum_all().sqrt()));
        }
    }
    Traced::compile(&trace, Values::new(), readings)
}

/// Where generated items are left in the store.
pub(crate) const SAMPLES: &str = "samples";
/// Where latent points are put for [`sampling`] when they are not drawn.
pub(crate) const LATENT: &str = "latent";

/// A batch of generated items, from drawn latent points or from given ones.
pub(crate) fn sampling(
    game: &crate::game::Adversarial,
    batch: usize,
    averaged: bool,
    drawn: bool,
) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let own = |d: &crate::network::Declared| {
        let source = if averaged { ema::name(&d.name) } else { d.name.clone() };
        (d.name.clone(), trace.input(&source, d.shape.clone()))
    };
    let values: Values = game.generator.declared.iter().map(own).collect();
    let z = if drawn {
        game.noise.draw(&trace, "sample", batch)
    } else {
        trace.input(LATENT, [batch, game.noise.z_dims])
    };
    let (items, _) = game.generator.apply(&trace, &values, Mode::Sample, "sample", &z);
    Program::compile(&trace, &[(SAMPLES, &items)])
}

/// Where the points of the surface, and the logits there, are in the store.
pub(crate) const SURFACE: [&str; 2] = ["surface.points", "surface.logits"];

/// The discriminator's logits at given items.
pub(crate) fn surface(plan: &Plan, n: usize) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let shape: Vec<usize> = [n].iter().chain(&plan.game.item).copied().collect();
    let values = plan.game.discriminator.inputs(&trace);
    let points = trace.input(SURFACE[0], shape);
    let (logits, _) = plan.game.discriminator.apply(&trace, &values, Mode::Sample, "surface", &points);
    Program::compile(&trace, &[(SURFACE[1], &logits)])
}

/// Binds a program, making zeros of the inputs that are filled before each run.
pub(crate) fn bind(
    program: &Program,
    cpu: &Cpu,
    store: &mut Store<f32>,
) -> Result<Bound<f32>, ganatomy_tensor::StoreError> {
    for (name, shape) in program.inputs() {
        if name.starts_with("real.") || name == LATENT || name == SURFACE[0] {
            store.place(name, shape)?;
        }
    }
    program.bind(cpu, store)
}
