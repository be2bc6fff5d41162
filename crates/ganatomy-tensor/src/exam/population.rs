//! Populations: every op made of several members at once gives what each member alone gives.

use std::sync::Arc;

use super::cases::{Case, cases};
use super::{F32_TOLERANCE, F64_TOLERANCE, Inputs, check_close, numbers};
use crate::cpu::{Key, Level, Native};
use crate::{Cpu, MemberError, Members, Program, Store, Tensor, Trace, grad, interpret};

const N: usize = 3;

/// A member's program of a case: its values and derivatives, with numbers of its own in constants and tables.
fn member(case: &Case, at: usize) -> (Trace, Vec<Tensor>) {
    let trace = Trace::new();
    let inputs: Vec<Tensor> =
        case.inputs.iter().enumerate().map(|(i, input)| trace.input(&format!("x{i}"), input.shape)).collect();
    let own = 1.0 + 0.25 * at as f64;
    let output = (case.build)(&inputs) * own;
    let weighted = |t: &Tensor, salt: usize| {
        let weights = trace.literal(t.shape(), &numbers(t.shape().numel(), salt, (-1.0, own)));
        // Half of a number that differs, and a number that does not: known before the program runs.
        (t * weights * (trace.full([], own) * 0.5 + 0.5).broadcast(t.shape())).sum_all()
    };
    let first = weighted(&output, 1);
    let smooth: Vec<&Tensor> =
        inputs.iter().zip(case.inputs).filter(|(_, input)| input.smooth).map(|(x, _)| x).collect();
    let gradients = grad(&first, &smooth);
    let second = gradients.iter().enumerate().fold(trace.zeros([]), |sum, (i, g)| sum + weighted(g, 2 + i));
    let hessians = grad(&second, &smooth);
    let outputs = [output, first, second].into_iter().chain(gradients).chain(hessians).collect();
    (trace, outputs)
}

fn named(outputs: &[Tensor]) -> Vec<(String, &Tensor)> {
    outputs.iter().enumerate().map(|(i, tensor)| (format!("out{i}"), tensor)).collect()
}

/// The population of some members, and what each of them gives alone.
fn population(all: &[(Trace, Vec<Tensor>)], seeds: &[u64]) -> Result<Program, MemberError> {
    let mut members: Option<Members> = None;
    for ((trace, outputs), &seed) in all.iter().zip(seeds) {
        let owned = named(outputs);
        let outputs: Vec<(&str, &Tensor)> =
            owned.iter().map(|(name, tensor)| (name.as_str(), *tensor)).collect();
        match &mut members {
            None => members = Some(Members::new(trace, &outputs, seed)?),
            Some(members) => members.add(trace, &outputs, seed)?,
        }
    }
    Ok(members.unwrap().program()?)
}

fn check<E: Native>(case: &Case, cpu: &Cpu, seeds: [u64; N], tolerance: f64) {
    let all: Vec<(Trace, Vec<Tensor>)> = (0..N).map(|at| member(case, at)).collect();
    let program = population(&all, &seeds).unwrap();
    let mut store = Store::<E>::new();
    let mut inputs: Vec<Inputs<E>> = vec![Inputs::new(); N];
    for (i, input) in case.inputs.iter().enumerate() {
        let numel = input.shape.iter().product();
        let raw = (0..N).map(|at| numbers(numel, 11 + i + 7 * at, input.range));
        let raw = raw
            .map(|own| own.iter().map(|x| E::from_f64(if input.whole { x.floor() } else { *x })).collect());
        let raw: Vec<Vec<E>> = raw.collect();
        let shape: Vec<usize> = [N].iter().chain(input.shape).copied().collect();
        store.insert(&format!("x{i}"), shape, raw.concat()).unwrap();
        inputs.iter_mut().zip(raw).for_each(|(inputs, raw)| drop(inputs.insert(format!("x{i}"), raw)));
    }
    program.bind(cpu, &mut store).unwrap().run(cpu, &mut store, Key { seed: seeds[0], step: 5 }).unwrap();
    for (at, ((_, outputs), inputs)) in all.iter().zip(&inputs).enumerate() {
        let key = Key { seed: seeds[at], step: 5 };
        let truth = interpret(&outputs.iter().collect::<Vec<_>>(), inputs, key).unwrap();
        for (i, truth) in truth.iter().enumerate() {
            let whole = store.get(&format!("out{i}")).unwrap().values();
            let found = &whole[at * truth.len()..][..truth.len()];
            check_close(&format!("{}, output {i} of member {at}", case.name), found, truth, tolerance);
        }
    }
}

#[test]
fn members_together_give_what_each_gives_alone() {
    for case in cases() {
        // With one seed for all, what is drawn is drawn once; with several, each member has its own.
        for seeds in [[3, 3, 3], [3, 9, u64::MAX]] {
            check::<f64>(&case, &Cpu::new(2), seeds, F64_TOLERANCE);
        }
        for level in Level::available() {
            check::<f32>(&case, &Cpu::with_level(1, level), [1, 2, 3], 2.0 * F32_TOLERANCE);
        }
    }
}

/// A number that is small against what it is the difference of: known in doubles, as in a single program.
#[test]
fn numbers_are_worked_out_in_doubles() {
    let member = |beta: f64| {
        let trace = Trace::new();
        let x = trace.input("x", [2]);
        let share = 1.0 - trace.full([], beta);
        let out = &x * share.broadcast([2]);
        (trace, vec![out])
    };
    let program = population(&[member(0.999), member(0.9999)], &[0, 0]).unwrap();
    let (cpu, mut store) = (Cpu::new(1), Store::<f32>::new());
    store.insert("x", [2, 2], vec![1.0; 4]).unwrap();
    program.bind(&cpu, &mut store).unwrap().run(&cpu, &mut store, Key::default()).unwrap();
    let alone = |beta: f64| (1.0 - beta) as f32;
    let (a, b) = (alone(0.999), alone(0.9999));
    assert_eq!(store.get("out0").unwrap().values(), [a, a, b, b]);
}

/// A member that is no longer finite, and one whose index lies outside its table, leave the others alone.
#[test]
fn what_is_wrong_with_a_member_stays_with_it() {
    let member = || {
        let trace = Trace::new();
        let (table, index) = (trace.input("table", [4, 2]), trace.input("index", [3]));
        let rows = table.gather(&index);
        let back = rows.scatter_add(&index, 4);
        let out = rows.product(&back.sum(&[0]).reshape([2, 1]), false, false);
        (trace, vec![rows, back, out])
    };
    let program = population(&[member(), member(), member()], &[1, 2, 3]).unwrap();
    let table = |k: usize| numbers(8, k, (-1.0, 1.0));
    let (cpu, mut store) = (Cpu::new(1), Store::<f64>::new());
    let tables = [table(0), vec![f64::NAN; 8], table(2)];
    let index = [[0.0, 3.0, 1.0], [5.0, -1.0, f64::NAN], [4.0, 2.0, 2.0]];
    store.insert("table", [3, 4, 2], tables.concat()).unwrap();
    store.insert("index", [3, 3], index.concat()).unwrap();
    program.bind(&cpu, &mut store).unwrap().run(&cpu, &mut store, Key::default()).unwrap();
    let (trace, outputs) = member();
    drop(trace);
    for at in 0..3 {
        let inputs: Inputs<f64> =
            [("table".to_owned(), tables[at].clone()), ("index".to_owned(), index[at].to_vec())].into();
        let truth = interpret(&outputs.iter().collect::<Vec<_>>(), &inputs, Key::default()).unwrap();
        for (i, truth) in truth.iter().enumerate() {
            let found = &store.get(&format!("out{i}")).unwrap().values()[at * truth.len()..][..truth.len()];
            check_close(&format!("output {i} of member {at}"), found, truth, F64_TOLERANCE);
        }
    }
}

#[test]
fn another_program_is_no_member() {
    let member = |wide: usize, f: fn(&Tensor) -> Tensor| {
        let trace = Trace::new();
        let out = f(&trace.input("x", [wide]));
        (trace, vec![out])
    };
    let refused = |other: (Trace, Vec<Tensor>)| {
        population(&[member(2, Tensor::exp), other], &[0, 1]).unwrap_err().to_string()
    };
    let said = "it is another program than the first member's: ";
    assert_eq!(refused(member(3, Tensor::exp)), format!("{said}input [3] instead of [2]"));
    assert_eq!(refused(member(2, Tensor::tanh)), format!("{said}tanh instead of exp"));
    assert_eq!(refused(member(2, |x| x.exp().exp())), format!("{said}3 operations instead of 2"));
    let mistaken = refused(member(2, |x| x.matmul(x)));
    assert!(mistaken.starts_with("matmul cannot take shapes"), "{mistaken}");
}

/// As many numbers as there are members lie in one table, whatever shape they are stretched to.
#[test]
fn a_number_that_differs_is_kept_once_a_member() {
    let member = |lr: f64| {
        let trace = Trace::new();
        let out = trace.input("x", [100, 30]) * lr;
        (trace, vec![out])
    };
    let program = population(&[member(0.1), member(0.2)], &[0, 0]).unwrap();
    let tables = program.instructions().filter_map(|i| match i.op {
        crate::Op::Literal(values) => Some(Arc::clone(values)),
        _ => None,
    });
    assert_eq!(tables.map(|table| table.len()).collect::<Vec<_>>(), [2]);
}
