//! One program compiled, run twice on one thread and on two, and judged after each step.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::numbers;
use super::judge::{Span, spans};
use crate::cpu::{Level, Native, checked_run};
use crate::{Cpu, Key, Op, Program, Shape, Store, Tensor, Trace};

/// How many elements were compared, and how many could be anything.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::exam) struct Tally {
    pub judged: usize,
    pub anything: usize,
}

/// Devices of one and of two threads.
#[derive(Debug)]
pub(in crate::exam) struct Devices([Cpu; 2]);

impl Devices {
    pub fn new(level: Level) -> Devices {
        Devices([1, 2].map(|threads| Cpu::with_level(threads, level)))
    }
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
    devices: &Devices,
) -> Result<Tally, String> {
    let run = || steps::<E>(trace, outputs, devices);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        Err(format!("it panics: {}", text.unwrap_or_else(|| "no word".to_owned())))
    })
}

fn steps<E: Native>(trace: &Trace, outputs: &[(&str, &Tensor)], devices: &Devices) -> Result<Tally, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let program = Program::compile(trace, outputs).map_err(|e| text(&e))?;
    let graph = trace.graph();
    let mut state: BTreeMap<String, Vec<E>> = BTreeMap::new();
    for node in &graph.nodes {
        if let Op::Input(name) = &node.op {
            state.insert(name.clone(), values(name, &node.shape));
        }
    }
    let mut lanes = Vec::new();
    let mut checked = Store::<E>::new();
    for cpu in &devices.0 {
        let mut store = Store::<E>::new();
        for (name, shape) in program.inputs() {
            store.insert(name, shape, state[name].clone()).map_err(|e| text(&e))?;
        }
        checked = store.clone();
        let bound = program.bind(cpu, &mut store).map_err(|e| text(&e))?;
        lanes.push((cpu, store, bound));
    }
    let mut tally = Tally::default();
    for step in 0..2 {
        let key = Key { seed: 3, step };
        for (cpu, store, bound) in &mut lanes {
            bound.run(cpu, store, key).map_err(|e| text(&e))?;
        }
        checked_run(&program, devices.0[0].level(), &mut checked, key)?;
        let spans = spans(&graph, &state, key)?;
        for (name, tensor) in outputs {
            let [one, two] =
                [0, 1].map(|lane| lanes[lane].1.get(name).map(|a| a.values()).unwrap_or_default());
            let alone = checked.get(name).map(|a| a.values()).unwrap_or_default();
            let bits = |x: &E| (x.to_f64().to_bits(), x.to_f64().is_nan());
            if !one.iter().zip(two).all(|(a, b)| bits(a) == bits(b) || bits(a).1 && bits(b).1) {
                return Err(format!("{name} in step {step}: two threads have other bits than one"));
            }
            if !one.iter().zip(alone).all(|(a, b)| bits(a) == bits(b) || bits(a).1 && bits(b).1) {
                return Err(format!("{name} in step {step}: a kernel reads what it does not say"));
            }
            compare(&format!("{name} in step {step}"), one, &spans[tensor.id], &mut tally)?;
        }
        for (name, values) in &mut state {
            if let Ok(array) = lanes[0].1.get(name) {
                *values = array.values().to_vec();
            }
        }
    }
    Ok(tally)
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
