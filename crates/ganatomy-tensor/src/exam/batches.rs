//! Products of several batches with one matrix: joined where possible, and right in both cases.

use super::{Inputs, KEY, check_close, numbers, run};
use crate::{ConvGeometry, Cpu, Program, Tensor, Trace, grad, interpret};

/// The products, copies and moves of a program, by their names in its costs.
fn count(outputs: &[(&str, &Tensor)], what: &str) -> usize {
    let program = Program::compile(outputs[0].1.trace(), outputs).unwrap();
    program.kernel_costs().iter().filter(|cost| cost.what.starts_with(what)).count()
}

/// Runs a program and compares every output with the interpreter.
fn check(outputs: &[(&str, &Tensor)]) {
    let trace = outputs[0].1.trace();
    let program = Program::compile(trace, outputs).unwrap();
    let values = |(i, (name, shape)): (usize, (&str, &crate::Shape))| {
        (name.to_owned(), numbers(shape.numel(), i, (-1.0, 1.0)))
    };
    let inputs: Inputs<f64> = program.inputs().into_iter().enumerate().map(values).collect();
    let tensors: Vec<&Tensor> = outputs.iter().map(|(_, tensor)| *tensor).collect();
    let truth = interpret(&tensors, &inputs, KEY).unwrap();
    for threads in [1, 2] {
        let found = run(&Cpu::new(threads), trace, outputs, &inputs);
        for (((name, _), found), truth) in outputs.iter().zip(&found).zip(&truth) {
            check_close(name, found, truth, 1e-11);
        }
    }
}

/// Two batches through two layers with the same weights, and the weights' gradients.
fn two_batches(trace: &Trace, rows: [usize; 2]) -> Vec<Tensor> {
    let (w0, b0) = (trace.input("w0", [32, 64]), trace.input("b0", [64]));
    let w1 = trace.input("w1", [64, 80]);
    let apply = |x: &Tensor| (x.matmul(&w0) + &b0).relu().matmul(&w1).tanh();
    let a = apply(&trace.normal("a", [rows[0], 32]));
    let b = apply(&trace.normal("b", [rows[1], 32]));
    let loss = a.square().sum_all() - (&b * 2.0).softplus().sum_all();
    let mut all = grad(&loss, &[&w0, &b0, &w1]);
    all.extend([loss, a, b]);
    all
}

#[test]
fn layers_applied_to_two_batches_are_one_product_each() {
    for rows in [[128, 128], [128, 96], [67, 129]] {
        let trace = Trace::new();
        let all = two_batches(&trace, rows);
        let outputs: Vec<(&str, &Tensor)> = ["dw0", "db0", "dw1", "loss"].into_iter().zip(&all).collect();
        // Forward twice, backward once, and the gradients of two weights.
        assert_eq!(count(&outputs, "matmul"), 5);
        check(&outputs);
        let names = ["dw0", "db0", "dw1", "loss", "a", "b"];
        check(&names.into_iter().zip(&all).collect::<Vec<_>>());
    }
}

#[test]
fn a_layer_applied_to_its_own_result_stays_two_products() {
    let trace = Trace::new();
    let (x, w) = (trace.input("x", [128, 64]), trace.input("w", [64, 64]));
    let once = x.matmul(&w).tanh();
    let twice = once.matmul(&w).tanh();
    let other = trace.input("y", [128, 64]).matmul(&w).tanh();
    assert_eq!(count(&[("twice", &twice)], "matmul"), 2);
    assert_eq!(count(&[("twice", &twice), ("other", &other)], "matmul"), 2);
    check(&[("twice", &twice), ("other", &other), ("once", &once)]);
}

#[test]
fn of_joins_that_wait_for_each_other_only_one_is_made() {
    let trace = Trace::new();
    let (v, w) = (trace.input("v", [64, 64]), trace.input("w", [64, 64]));
    let (x, y) = (trace.input("x", [128, 64]), trace.input("y", [128, 64]));
    // x goes through v and then w, y through w and then v: joining one pair excludes the other.
    let a = x.matmul(&v).tanh().matmul(&w);
    let b = y.matmul(&w).tanh().matmul(&v);
    assert_eq!(count(&[("a", &a), ("b", &b)], "matmul"), 3);
    check(&[("a", &a), ("b", &b)]);
}

#[test]
fn sums_of_weight_gradients_are_one_product_unless_a_term_is_read() {
    let trace = Trace::new();
    let input = |name: &str, n: usize| trace.normal(name, [128, n]).tanh();
    let term = |i: usize| {
        let (x, d) = (input(&format!("x{i}"), 64), input(&format!("d{i}"), 80));
        x.permute(&[1, 0]).matmul(&d)
    };
    let terms = [term(0), term(1), term(2)];
    let sum = &terms[0] + &terms[1] + &terms[2];
    assert_eq!(count(&[("sum", &sum)], "matmul"), 1);
    assert_eq!(count(&[("sum", &sum)], "concat"), 0);
    check(&[("sum", &sum)]);
    assert_eq!(count(&[("sum", &sum), ("term", &terms[1])], "matmul"), 2);
    check(&[("sum", &sum), ("term", &terms[1])]);
}

#[test]
fn small_convolutions_of_two_batches_are_joined() {
    let trace = Trace::new();
    let w = trace.input("w", [3, 3, 16, 32]);
    let geometry = ConvGeometry::strided(2, 1);
    let apply = |name: &str, n: usize| trace.normal(name, [n, 8, 8, 16]).conv2d(&w, &geometry).relu();
    let (a, b) = (apply("a", 8), apply("b", 12));
    let loss = a.square().sum_all() - b.softplus().sum_all();
    let slope = grad(&loss, &[&w]).remove(0);
    assert_eq!(count(&[("dw", &slope)], "conv2d"), 2);
    check(&[("dw", &slope), ("a", &a), ("b", &b)]);
}

#[test]
fn results_of_kernels_are_concatenated_in_place() {
    let trace = Trace::new();
    let (x, y) = (trace.input("x", [64, 16]).tanh(), trace.input("y", [32, 16]).tanh());
    let rolled = |t: &Tensor| t.permute(&[1, 0]).matmul(t);
    let joined = rolled(&x.concat(&[&y], 0));
    assert_eq!(count(&[("joined", &joined)], "concat"), 0);
    check(&[("joined", &joined)]);
    // Named tensors have memory of their own; an operand has one place only.
    let out = rolled(&x.concat(&[&y], 0));
    assert_eq!(count(&[("out", &out), ("y", &y)], "concat"), 1);
    check(&[("out", &out), ("new y", &y)]);
    let twice = rolled(&x.concat(&[&x, &y], 0));
    check(&[("twice", &twice)]);
    let other = rolled(&y.concat(&[&x], 0));
    check(&[("joined", &joined), ("other", &other), ("twice", &twice)]);
    let nested = rolled(&x.concat(&[&y], 0).concat(&[&(&y * 2.0)], 0));
    check(&[("nested", &nested), ("joined", &joined)]);
    // Parts that do not start on a cache line, and parts along an inner axis.
    let odd = trace.input("z", [3, 5]).tanh().concat(&[&trace.input("u", [4, 5]).exp()], 0);
    let inner = x.slice(&[0, 0], [32, 16]).concat(&[&y], 1);
    check(&[("odd", &rolled(&odd)), ("inner", &rolled(&inner))]);
}

#[test]
fn an_operand_read_once_more_keeps_its_values() {
    let trace = Trace::new();
    let x = trace.input("x", [64, 64]);
    let (a, b) = (x.matmul(&trace.input("v", [64, 64])).tanh(), x.exp());
    let joined = a.concat(&[&b], 0);
    let product = joined.matmul(&trace.input("w", [64, 32]));
    // `a` and the whole are read again after passes that could overwrite them.
    let late = (&joined * 2.0).sum(&[1]) + product.sum(&[1]);
    let again = (&a + &b).square() * product.sum_all();
    check(&[("late", &late), ("again", &again), ("product", &product)]);
}
