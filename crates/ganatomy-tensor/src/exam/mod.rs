//! The exam of every op: derivatives against finite differences, and the compiled program
//! against the plain interpreter, at every SIMD level and for any number of threads.

use std::collections::{BTreeMap, BTreeSet};

use crate::cpu::{CheckedProgram, Key, Level, Native};
use crate::{Cpu, Program, Store, Tensor, Trace, grad, interpret};

mod batches;
mod cases;
mod edges;
mod found;
mod mistakes;
mod population;
mod programs;
mod random;

use cases::{Case, cases};

const KEY: Key = Key { seed: 3, step: 5 };
/// Relative error of central differences in doubles.
const DIFFERENCE_TOLERANCE: f64 = 2e-6;
const F64_TOLERANCE: f64 = 1e-11;
const F32_TOLERANCE: f64 = 4e-5;

type Inputs<E> = BTreeMap<String, Vec<E>>;

/// Fixed, uneven numbers from a range.
fn numbers(n: usize, salt: usize, (low, high): (f64, f64)) -> Vec<f64> {
    let fraction = |i: usize| ((i * 7919 + salt * 104_729 + 13) as f64 * 0.618_033_988_749_895).fract();
    (0..n).map(|i| low + (high - low) * fraction(i)).collect()
}

struct Traced {
    trace: Trace,
    inputs: Vec<Tensor>,
    /// The op itself, and scalars whose gradients are its first and second derivatives.
    output: Tensor,
    first: Tensor,
    gradients: Vec<Tensor>,
    second: Tensor,
    hessians: Vec<Tensor>,
}

/// `first = sum(w f(x))`, `second = sum_i sum(v_i d first / d x_i)`.
fn traced(case: &Case) -> Traced {
    let trace = Trace::new();
    let inputs: Vec<Tensor> =
        case.inputs.iter().enumerate().map(|(i, input)| trace.input(&format!("x{i}"), input.shape)).collect();
    let output = (case.build)(&inputs);
    let weighted = |t: &Tensor, salt: usize| {
        let weights = trace.literal(t.shape(), &numbers(t.shape().numel(), salt, (-1.0, 1.0)));
        (t * weights).sum_all()
    };
    let first = weighted(&output, 1);
    let smooth: Vec<&Tensor> =
        inputs.iter().zip(case.inputs).filter(|(_, input)| input.smooth).map(|(x, _)| x).collect();
    let gradients = grad(&first, &smooth);
    let zero = trace.zeros([]);
    let second = gradients.iter().enumerate().fold(zero, |sum, (i, g)| sum + weighted(g, 2 + i));
    let hessians = grad(&second, &smooth);
    Traced { trace, output, first, gradients, second, hessians, inputs }
}

fn values_of(case: &Case) -> Inputs<f64> {
    let value = |(i, input): (usize, &cases::Input)| {
        let numel = input.shape.iter().product();
        let raw = numbers(numel, 11 + i, input.range);
        (format!("x{i}"), if input.whole { raw.iter().map(|x| x.floor()).collect() } else { raw })
    };
    case.inputs.iter().enumerate().map(value).collect()
}

fn scalar(of: &Tensor, inputs: &Inputs<f64>) -> f64 {
    interpret(&[of], inputs, KEY).unwrap()[0][0]
}

/// Compares the graph's gradient with central differences of the scalar.
fn check_differences(case: &Case, what: &str, of: &Tensor, claimed: &[Tensor], inputs: &Inputs<f64>) {
    let step = 1e-5;
    let smooth = case.inputs.iter().enumerate().filter(|(_, input)| input.smooth).map(|(i, _)| i);
    for (i, gradient) in smooth.zip(claimed) {
        let found = &interpret(&[gradient], inputs, KEY).unwrap()[0];
        for (at, &found) in found.iter().enumerate() {
            let moved = |by: f64| {
                let mut inputs = inputs.clone();
                inputs.get_mut(&format!("x{i}")).unwrap()[at] += by;
                scalar(of, &inputs)
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            let error = (found - slope).abs() / (1.0 + slope.abs());
            assert!(
                error < DIFFERENCE_TOLERANCE,
                "{}: {what} derivative by x{i}[{at}] is {found}, differences say {slope} (error {error:e})",
                case.name
            );
        }
    }
}

/// Runs a compiled program on the given inputs.
fn run<E: Native>(cpu: &Cpu, trace: &Trace, outputs: &[(&str, &Tensor)], inputs: &Inputs<E>) -> Vec<Vec<E>> {
    let program = Program::compile(trace, outputs).unwrap();
    let mut store = Store::<E>::new();
    for (name, shape) in program.inputs() {
        store.insert(name, shape, inputs[name].clone()).unwrap();
    }
    let mut bound = program.bind(cpu, &mut store).unwrap();
    let mut checked = store.clone();
    bound.run(cpu, &mut store, KEY).unwrap();
    CheckedProgram::new(&program, cpu.level(), &mut checked).unwrap().run(&mut checked, KEY).unwrap();
    for (name, _) in outputs {
        let [a, b] = [&store, &checked].map(|store| store.get(name).unwrap().values());
        let same = |(a, b): (&E, &E)| a == b || a.to_f64().is_nan() && b.to_f64().is_nan();
        assert!(a.iter().zip(b).all(same), "{name}: a kernel reads what it does not say");
    }
    outputs.iter().map(|(name, _)| store.get(name).unwrap().values().to_vec()).collect()
}

fn check_close<E: Native>(what: &str, found: &[E], truth: &[E], tolerance: f64) {
    assert_eq!(found.len(), truth.len(), "{what}: lengths differ");
    let largest = truth.iter().map(|x| x.to_f64().abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
    for (i, (a, b)) in found.iter().zip(truth).enumerate() {
        let (a, b) = (a.to_f64(), b.to_f64());
        let same = a == b || a.is_nan() && b.is_nan();
        let error = (a - b).abs() / (1.0 + b.abs() + largest);
        assert!(same || error <= tolerance, "{what}[{i}]: {a} but the interpreter has {b} (error {error:e})");
    }
}

fn check_compiled<E: Native>(case: &Case, level: Level, threads: usize, tolerance: f64) {
    let traced = traced(case);
    let values = values_of(case);
    let inputs: Inputs<E> =
        values.iter().map(|(k, v)| (k.clone(), v.iter().map(|&x| E::from_f64(x)).collect())).collect();
    let mut outputs = vec![traced.output.clone(), traced.first.clone(), traced.second.clone()];
    outputs.extend(traced.gradients.iter().chain(&traced.hessians).cloned());
    let outputs: Vec<&Tensor> = outputs.iter().collect();
    let names: Vec<String> = (0..outputs.len()).map(|i| format!("out{i}")).collect();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(outputs.iter().copied()).collect();
    let found = run(&Cpu::with_level(threads, level), &traced.trace, &named, &inputs);
    let truth = interpret(&outputs, &inputs, KEY).unwrap();
    for (i, (found, truth)) in found.iter().zip(&truth).enumerate() {
        check_close(&format!("{} ({level}) output {i}", case.name), found, truth, tolerance);
    }
}

#[test]
fn first_and_second_derivatives_agree_with_finite_differences() {
    for case in cases() {
        let traced = traced(&case);
        let inputs = values_of(&case);
        check_differences(&case, "first", &traced.first, &traced.gradients, &inputs);
        check_differences(&case, "second", &traced.second, &traced.hessians, &inputs);
    }
}

#[test]
fn compiled_programs_agree_with_the_interpreter_at_every_level() {
    for case in cases() {
        for level in Level::available() {
            check_compiled::<f64>(&case, level, 1, F64_TOLERANCE);
            check_compiled::<f32>(&case, level, 1, F32_TOLERANCE);
        }
    }
}

#[test]
fn compiled_programs_agree_with_the_interpreter_on_two_threads() {
    for case in cases() {
        check_compiled::<f32>(&case, Level::detect(), 2, F32_TOLERANCE);
    }
}

#[test]
fn every_op_is_in_a_case() {
    let mut covered = BTreeSet::new();
    for case in cases() {
        let traced = traced(&case);
        assert!(!traced.inputs.is_empty() || case.inputs.is_empty());
        let graph = traced.trace.graph();
        assert!(graph.error.is_none(), "{}: {}", case.name, graph.error.unwrap());
        let upto = &graph.nodes[..=traced.output.id];
        covered.extend(upto.iter().map(|node| node.op.name()));
    }
    let missing: Vec<&str> =
        crate::op::all_names().into_iter().filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "no case covers {missing:?}");
}
