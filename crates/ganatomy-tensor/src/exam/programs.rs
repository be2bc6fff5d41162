//! Whole programs: state in place, threads, memory, dead code, and mistakes.

use super::{Inputs, KEY, check_close, numbers, run};
use crate::cpu::{Key, Level};
use crate::{ConvGeometry, Cpu, Program, Store, Tensor, Trace, grad, interpret, jvp, vjp};

/// A two-layer network with batch norm, its loss, and one Adam-like step: names with new values.
fn training_step(trace: &Trace, width: usize, batch: usize) -> Vec<(String, Tensor)> {
    let x = trace.normal("x", [batch, 6]);
    let shapes: [(&str, Vec<usize>); 4] =
        [("w0", vec![6, width]), ("b0", vec![width]), ("w1", vec![width, 1]), ("b1", vec![1])];
    let params: Vec<Tensor> = shapes.iter().map(|(name, shape)| trace.input(name, shape.clone())).collect();
    let hidden = x.matmul(&params[0]) + &params[1];
    let hidden = hidden.normalize(&[0], 1e-5).0.leaky_relu(0.2);
    let out = hidden.matmul(&params[2]) + &params[3];
    let loss = (out - x.sum(&[1]).reshape([batch, 1])).softplus().mean_all();
    let gradients = grad(&loss, &params.iter().collect::<Vec<_>>());
    let mut outputs = vec![("loss".to_owned(), loss)];
    for ((name, _), (p, g)) in shapes.iter().zip(params.iter().zip(&gradients)) {
        let m = trace.input(&format!("{name}.m"), p.shape());
        let v = trace.input(&format!("{name}.v"), p.shape());
        let next_m = &m * 0.9 + g * 0.1;
        let next_v = &v * 0.99 + g.square() * 0.01;
        let next = p - &next_m * 0.01 / (next_v.sqrt() + 1e-8);
        outputs.push(((*name).to_owned(), next));
        outputs.push((format!("{name}.m"), next_m));
        outputs.push((format!("{name}.v"), next_v));
    }
    outputs
}

fn state_of(program: &Program) -> Inputs<f32> {
    let values = |(i, (name, shape)): (usize, (&str, &crate::Shape))| {
        let raw = numbers(shape.numel(), i, if name.ends_with(".v") { (0.0, 1.0) } else { (-0.5, 0.5) });
        (name.to_owned(), raw.iter().map(|&x| x as f32).collect())
    };
    program.inputs().into_iter().enumerate().map(values).collect()
}

fn steps(cpu: &Cpu, width: usize, batch: usize, n: u64) -> Vec<Vec<f32>> {
    let trace = Trace::new();
    let outputs = training_step(&trace, width, batch);
    let named: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, t)| (name.as_str(), t)).collect();
    let program = Program::compile(&trace, &named).unwrap();
    let mut store = Store::<f32>::new();
    for (name, values) in state_of(&program) {
        let shape = program.inputs().into_iter().find(|(known, _)| *known == name).unwrap().1.clone();
        store.insert(&name, shape, values).unwrap();
    }
    let mut bound = program.bind(cpu, &mut store).unwrap();
    for step in 0..n {
        bound.run(cpu, &mut store, Key { seed: 9, step }).unwrap();
    }
    store.iter().map(|(_, array)| array.values().to_vec()).collect()
}

#[test]
fn one_step_agrees_with_the_interpreter() {
    for (width, batch) in [(8, 16), (96, 520), (33, 7)] {
        let trace = Trace::new();
        let outputs = training_step(&trace, width, batch);
        let named: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, t)| (name.as_str(), t)).collect();
        let inputs = state_of(&Program::compile(&trace, &named).unwrap());
        let truth = interpret(&outputs.iter().map(|(_, t)| t).collect::<Vec<_>>(), &inputs, KEY).unwrap();
        for level in Level::available() {
            let found = run(&Cpu::with_level(2, level), &trace, &named, &inputs);
            for (((name, _), found), truth) in outputs.iter().zip(&found).zip(&truth) {
                check_close(&format!("{name} ({level}, {width}x{batch})"), found, truth, 1e-4);
            }
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads_and_repeat() {
    let one = steps(&Cpu::new(1), 96, 520, 5);
    for threads in [1, 2, 3] {
        assert!(one == steps(&Cpu::new(threads), 96, 520, 5), "{threads} threads gave other bits than one");
    }
}

/// All passes of a convolution large enough for fewer multiplications, each with work on its tiles.
#[test]
fn large_convolutions_and_their_gradients_agree_with_the_interpreter() {
    let geometry = ConvGeometry::strided(2, 1);
    for (size, channels) in [(16, [16, 40]), (14, [33, 17])] {
        let trace = Trace::new();
        let (x, w) = ([5, size, size, channels[0]], [4, 4, channels[0], channels[1]]);
        let (shapes, lens) = ([x, w], [x, w].map(|shape| shape.iter().product::<usize>()));
        let [x, w] = [0, 1].map(|i| trace.input(["x", "w"][i], shapes[i]));
        let y = x.conv2d(&w, &geometry).tanh();
        let g = grad(&y.square().sum_all(), &[&x, &w]);
        let outputs = [y, &g[0] * 0.5 + &x, &g[1] * 0.5 + &w];
        let inputs: Inputs<f32> = ["x", "w"]
            .into_iter()
            .zip(lens)
            .map(|(name, len)| {
                (name.to_owned(), numbers(len, len, (-0.1, 0.1)).iter().map(|&x| x as f32).collect())
            })
            .collect();
        let truth = interpret(&outputs.each_ref(), &inputs, KEY).unwrap();
        let named: Vec<(&str, &Tensor)> = ["y", "dx", "dw"].into_iter().zip(&outputs).collect();
        for level in Level::available() {
            let one = run(&Cpu::with_level(1, level), &trace, &named, &inputs);
            for ((name, found), truth) in ["y", "dx", "dw"].iter().zip(&one).zip(&truth) {
                check_close(&format!("{name} ({level}, {size})"), found, truth, 1e-5);
            }
            assert!(one == run(&Cpu::with_level(3, level), &trace, &named, &inputs), "{level}: threads");
        }
    }
}

#[test]
fn outputs_that_swap_inputs_see_the_old_values() {
    let trace = Trace::new();
    let (a, b) = (trace.input("a", [40]), trace.input("b", [40]));
    let sum = (&a + &b).sum_all();
    let rolled = a.slice(&[20], [20]).concat(&[&a.slice(&[0], [20])], 0);
    let outputs = [("a", &b), ("b", &rolled), ("sum", &sum)];
    let inputs: Inputs<f64> =
        [("a".to_owned(), numbers(40, 1, (0.0, 1.0))), ("b".to_owned(), numbers(40, 2, (0.0, 1.0)))].into();
    let truth = interpret(&[&b, &rolled, &sum], &inputs, KEY).unwrap();
    let found = run(&Cpu::new(2), &trace, &outputs, &inputs);
    for (found, truth) in found.iter().zip(&truth) {
        check_close("swapped", found, truth, 1e-12);
    }
}

#[test]
fn jacobian_products_agree_with_each_other() {
    let trace = Trace::new();
    let (x, w) = (trace.input("x", [4, 3]), trace.input("w", [3, 5]));
    let y = x.matmul(&w).tanh().square();
    let (u, v) = (trace.input("u", [4, 5]), trace.input("v", [4, 3]));
    let left = (jvp(&[&y], &[&x], &[&v]).remove(0) * &u).sum_all();
    let right = (vjp(&[&y], &[&x], &[&u]).remove(0) * &v).sum_all();
    let input = |name: &str, n, salt| (name.to_owned(), numbers(n, salt, (-1.0, 1.0)));
    let inputs: Inputs<f64> =
        [input("x", 12, 1), input("w", 15, 2), input("u", 20, 3), input("v", 12, 4)].into();
    let found = run(&Cpu::new(1), &trace, &[("left", &left), ("right", &right)], &inputs);
    check_close("u J v", &found[0], &found[1], 1e-12);
}

#[test]
fn a_gradient_that_is_not_used_is_not_computed() {
    let build = |all: bool| {
        let trace = Trace::new();
        let z = trace.normal("z", [64, 16]);
        let (g, d) = (trace.input("g", [16, 32]), trace.input("d", [32, 1]));
        let hidden = trace.input("h", [32, 32]);
        let loss = z.matmul(&g).relu().matmul(&hidden).relu().matmul(&d).softplus().mean_all();
        let slopes = grad(&loss, &[&g, &hidden, &d]);
        let names = ["dg", "dh", "dd"];
        let outputs: Vec<(&str, &Tensor)> =
            names.into_iter().zip(&slopes).take(if all { 3 } else { 1 }).collect();
        Program::compile(&trace, &outputs).unwrap().product_flops()
    };
    // Without dh = [32, 64] x [64, 32] and dd = [32, 64] x [64, 1].
    assert_eq!(build(true) - build(false), 2 * (32 * 64 * 32 + 32 * 64));
}

#[test]
fn nan_and_infinity_are_kept() {
    let trace = Trace::new();
    let x = trace.input("x", [4]);
    let outputs = [x.maximum(&(&x * 0.0)), x.relu(), x.softplus(), x.max(&[0]), x.sum(&[0]), &x * 0.0];
    let names = ["maximum", "relu", "softplus", "max", "sum", "zero times"];
    let named: Vec<(&str, &Tensor)> = names.into_iter().zip(&outputs).collect();
    let inputs: Inputs<f32> = [("x".to_owned(), vec![1.0, f32::NAN, 2.0, f32::INFINITY])].into();
    let found = run(&Cpu::new(1), &trace, &named, &inputs);
    for (i, name) in names.iter().enumerate().filter(|(_, name)| **name != "relu") {
        let at = if found[i].len() == 1 { 0 } else { 1 };
        assert!(found[i][at].is_nan(), "{name} hid a NaN: {:?}", found[i]);
    }
}

/// A value that several passes compute again has the same bits in all of them: the gradient of a maximum
/// compares it with the maximum.
#[test]
fn values_computed_again_have_the_same_bits() {
    let trace = Trace::new();
    let z = trace.input("z", [64, 48]);
    let scaled = &z * 0.3;
    let shifted = &scaled + 1.0;
    let loss = shifted.max(&[1]).sum_all() + scaled.square().sum_all();
    let slope = grad(&loss, &[&z]).remove(0);
    let raw = numbers(64 * 48, 3, (-1.0, 1.0));
    let inputs = Inputs::from([("z".to_owned(), raw.iter().map(|&x| x as f32).collect())]);
    let truth = interpret(&[&slope], &inputs, KEY).unwrap();
    for level in Level::available() {
        let found = run(&Cpu::with_level(2, level), &trace, &[("slope", &slope)], &inputs);
        check_close(&format!("slope of a maximum ({level})"), &found[0], &truth[0], 1e-5);
    }
}
