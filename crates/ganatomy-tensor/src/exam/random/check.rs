//! One program compiled, run twice on one thread and on two, and judged after each step.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::numbers;
use super::judge::{Span, spans};
use crate::cpu::{CheckedProgram, Native};
use crate::{Bound, Cpu, Key, Op, Program, Shape, Store, Tensor, Trace};

/// How many elements were compared, and how many could be anything.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::exam) struct Tally {
    pub judged: usize,
    pub anything: usize,
}

/// Devices of one and of more threads, on which a program must have the same bits.
#[derive(Clone, Copy, Debug)]
pub(in crate::exam) struct Devices<'a> {
    pub alone: &'a Cpu,
    pub together: Option<&'a Cpu>,
}

/// The values of an input: whole numbers for an index, some of them outside its table.
fn values<E: Native>(name: &str, shape: &Shape) -> Vec<E> {
    let salt: usize = name.bytes().map(usize::from).fold(7, |h, b| (h * 31 + b) % 9973);
    let below = name.split_once('_').and_then(|(_, n)| n.parse::<f64>().ok());
    let raw = numbers(shape.numel(), salt, below.map_or((-1.5, 1.7), |n| (-0.3, n + 0.3)));
    raw.iter().map(|x| E::from_f64(if below.is_some() { x.floor() } else { *x })).collect()
}

/// What is wrong with a program in one element type, if anything is; a panic is too.
pub(super) fn examine<E: Native>(
    trace: &Trace,
    outputs: &[(&str, &Tensor)],
    devices: Devices<'_>,
) -> Result<Tally, String> {
    let run = || steps::<E>(trace, outputs, devices);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        Err(format!("it panics: {}", text.unwrap_or_else(|| "no word".to_owned())))
    })
}

/// A program on every device, and checked, each on a store of its own.
struct Lanes<'a, E> {
    bound: Vec<(&'a Cpu, Store<E>, Bound<E>)>,
    checked: (Store<E>, CheckedProgram<E>),
}

impl<'a, E: Native> Lanes<'a, E> {
    fn new(program: &Program, devices: Devices<'a>, state: &State<E>) -> Result<Self, String> {
        let mut given = Store::<E>::new();
        for (name, shape) in program.inputs() {
            given.insert(name, shape, state[name].clone()).map_err(|e| e.to_string())?;
        }
        let mut bound = Vec::new();
        for cpu in [Some(devices.alone), devices.together].into_iter().flatten() {
            let mut store = given.clone();
            let program = program.bind(cpu, &mut store).map_err(|e| e.to_string())?;
            bound.push((cpu, store, program));
        }
        let phases = CheckedProgram::new(program, devices.alone.level(), &mut given)?;
        Ok(Lanes { bound, checked: (given, phases) })
    }

    fn run(&mut self, key: Key) -> Result<(), String> {
        for (cpu, store, bound) in &mut self.bound {
            bound.run(cpu, store, key).map_err(|e| e.to_string())?;
        }
        let (store, phases) = &mut self.checked;
        phases.run(store, key)
    }

    /// What one thread has computed, and all others too.
    fn agreed(&self, what: &str, name: &str) -> Result<&[E], String> {
        let values = |store: &'_ Store<E>| store.get(name).map(|a| a.values().to_vec()).unwrap_or_default();
        let one = self.bound[0].1.get(name).map(|a| a.values()).unwrap_or_default();
        if !self.bound[1..].iter().all(|lane| same_bits(one, &values(&lane.1))) {
            return Err(format!("{what}: two threads have other bits than one"));
        }
        if !same_bits(one, &values(&self.checked.0)) {
            return Err(format!("{what}: a kernel reads what it does not say"));
        }
        Ok(one)
    }
}

type State<E> = BTreeMap<String, Vec<E>>;

fn steps<E: Native>(
    trace: &Trace,
    outputs: &[(&str, &Tensor)],
    devices: Devices<'_>,
) -> Result<Tally, String> {
    let program = Program::compile(trace, outputs).map_err(|error| error.to_string())?;
    let graph = trace.graph();
    let mut state = State::<E>::new();
    for node in &graph.nodes {
        if let Op::Input(name) = &node.op {
            state.insert(name.clone(), values(name, &node.shape));
        }
    }
    let mut lanes = Lanes::new(&program, devices, &state)?;
    let wanted: Vec<&Tensor> = outputs.iter().map(|(_, tensor)| *tensor).collect();
    // Without state and draws the second step must have the bits of the first.
    let changes = graph.nodes.iter().any(|node| match &node.op {
        Op::Input(name) => outputs.iter().any(|(output, _)| output == name),
        op => matches!(op, Op::Random(..)),
    });
    let (mut tally, mut judged, mut first) = (Tally::default(), Vec::new(), Vec::new());
    for step in 0..2 {
        let key = Key { seed: 3, step };
        lanes.run(key)?;
        if step == 0 || changes {
            judged = spans(&graph, &wanted, &state, key)?;
        }
        for (i, (name, tensor)) in outputs.iter().enumerate() {
            let what = format!("{name} in step {step}");
            let found = lanes.agreed(&what, name)?;
            if step == 0 || changes {
                compare(&what, found, &judged[tensor.id], &mut tally)?;
                first.push(found.to_vec());
            } else if !same_bits(found, &first[i]) {
                return Err(format!("{what}: other bits than in the step before, from the same numbers"));
            }
        }
        for (name, values) in &mut state {
            if let Ok(array) = lanes.bound[0].1.get(name) {
                *values = array.values().to_vec();
            }
        }
    }
    Ok(tally)
}

/// Are these the same numbers bit for bit, all NaN taken for one?
fn same_bits<E: Native>(a: &[E], b: &[E]) -> bool {
    let bits = |x: &E| if x.to_f64().is_nan() { f64::NAN.to_bits() } else { x.to_f64().to_bits() };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| bits(a) == bits(b))
}

fn compare<E: Native>(what: &str, found: &[E], spans: &[Span], tally: &mut Tally) -> Result<(), String> {
    if found.len() != spans.len() {
        return Err(format!("{what}: {} elements, not {}", found.len(), spans.len()));
    }
    for (i, (x, span)) in found.iter().zip(spans).enumerate() {
        if !span.holds(x.to_f64()) {
            return Err(format!("{what}[{i}] is {x}, but must lie in {:e} ..= {:e}", span.lo, span.hi));
        }
        if span.is_known() { tally.judged += 1 } else { tally.anything += 1 }
    }
    Ok(())
}
