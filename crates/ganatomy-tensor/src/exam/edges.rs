//! Sizes at the edge: tensors without elements, axes of length one, and images that only look alike.

use super::{Inputs, KEY, check_close, numbers, run};
use crate::cpu::Level;
use crate::{ConvGeometry, Cpu, Program, Tensor, Trace, grad, interpret};

/// Compares outputs with the interpreter, at every level, on one thread and on two.
pub(super) fn check(what: &str, outputs: &[Tensor]) {
    let trace = outputs[0].trace();
    let names: Vec<String> = (0..outputs.len()).map(|i| format!("out{i}")).collect();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(outputs).collect();
    let nodes = trace.graph().nodes;
    let values = |(i, node): (usize, &crate::trace::Node)| match &node.op {
        crate::Op::Input(name) => Some((name.clone(), numbers(node.shape.numel(), i, (-1.0, 1.0)))),
        _ => None,
    };
    let inputs: Inputs<f64> = nodes.iter().enumerate().filter_map(values).collect();
    let tensors: Vec<&Tensor> = outputs.iter().collect();
    let truth = interpret(&tensors, &inputs, KEY).unwrap();
    for (level, threads) in Level::available().into_iter().flat_map(|level| [(level, 1), (level, 2)]) {
        let found = run(&Cpu::with_level(threads, level), trace, &named, &inputs);
        for ((name, found), truth) in names.iter().zip(&found).zip(&truth) {
            check_close(&format!("{what} ({level}) {name}"), found, truth, 1e-11);
        }
    }
}

/// A scalar of a tensor and its gradients, as outputs beside the tensor itself.
fn with_slopes(y: &Tensor, inputs: &[&Tensor]) -> Vec<Tensor> {
    let mut all = vec![y.clone()];
    all.extend(grad(&y.square().sum_all(), inputs));
    all
}

#[test]
fn equals_share_the_gradient_of_their_extremum() {
    let trace = Trace::new();
    let x = trace.input("x", [2, 3]);
    let inputs = Inputs::from([("x".to_owned(), vec![2.0, 2.0, 1.0, 0.0, 5.0, 0.0])]);
    for (y, expected) in
        [(x.max(&[1]), [0.5, 0.5, 0.0, 0.0, 1.0, 0.0]), (x.min(&[1]), [0.0, 0.0, 1.0, 0.5, 0.0, 0.5])]
    {
        let slope = &grad(&y.sum_all(), &[&x])[0];
        let found = run(&Cpu::new(1), &trace, &[("slope", slope)], &inputs);
        check_close("slope", &found[0], &expected, 1e-15);
    }
}

#[test]
fn products_without_rows_columns_depth_or_batch() {
    for (a, b) in [([8, 4], [4, 0]), ([0, 4], [4, 5]), ([8, 0], [0, 5]), ([0, 0], [0, 0]), ([1, 4], [4, 0])] {
        let trace = Trace::new();
        let (x, w) = (trace.input("x", a), trace.input("w", b));
        check("product", &with_slopes(&x.matmul(&w).tanh(), &[&x, &w]));
        check("transposed product", &with_slopes(&w.transpose().matmul(&x.transpose()), &[&x, &w]));
    }
    let trace = Trace::new();
    let (x, w) = (trace.input("x", [0, 8, 4]), trace.input("w", [0, 4, 3]));
    check("batch", &with_slopes(&x.matmul(&w), &[&x, &w]));
}

#[test]
fn convolutions_of_no_images_or_channels() {
    for (x, w) in [
        ([2, 6, 6, 3], [4, 4, 3, 0]),
        ([2, 6, 6, 0], [4, 4, 0, 5]),
        ([0, 6, 6, 3], [4, 4, 3, 5]),
        ([1, 6, 0, 1], [1, 4, 1, 1]),
    ] {
        let trace = Trace::new();
        let (x, w) = (trace.input("x", x), trace.input("w", w));
        let geometry = ConvGeometry { pad: [1, 2], ..ConvGeometry::strided(2, 1) };
        let y = x.conv2d(&w, &geometry);
        check("convolution", &with_slopes(&y, &[&x, &w]));
        let back = y.conv2d_input_grad(&w, &geometry, x.shape());
        check("transposed convolution", &with_slopes(&back, &[&x, &w]));
        check("weight gradient", &[x.conv2d_weight_grad(&y, &geometry, w.shape())]);
    }
}

#[test]
fn views_moves_and_sums_of_nothing() {
    let trace = Trace::new();
    let (none, some) = (trace.input("none", [0, 3]), trace.input("some", [2, 3]));
    let index = trace.input("index", [0]);
    check("concat", &with_slopes(&none.concat(&[&some, &none], 0).exp(), &[&none, &some]));
    check("concat of nothing", &[none.concat(&[&none], 0), none.concat(&[&none], 1)]);
    check("pad", &with_slopes(&none.exp().pad_into(&[1, 0], [4, 3]), &[&none]));
    check("gather of none", &with_slopes(&some.gather(&index), &[&some]));
    check("scatter of none", &with_slopes(&none.scatter_add(&index, 4), &[&none]));
    check("sums", &[none.sum(&[0]), none.sum(&[1]), none.sum_all(), none.max(&[1]), none.argmax(1)]);
    check("mean", &[none.mean(&[1]), none.normalize(&[1], 1e-3).0]);
    check(
        "views",
        &[
            none.permute(&[1, 0]),
            none.reshape([3, 0, 7]),
            some.slice(&[2, 1], [0, 2]),
            trace.normal("n", [0]),
            trace.input("one", [3, 1]).broadcast([3, 0]),
            none.clone(),
        ],
    );
    let literal = trace.literal([0, 2], &[]);
    check("literal", &[literal.clone(), literal.matmul(&some) + 1.0]);
    let program = Program::compile(&trace, &[("out", &none.exp())]).unwrap();
    assert_eq!((program.n_kernels(), program.outputs()[0].1[..] == [0, 3]), (0, true));
}

/// State without elements is state.
#[test]
fn an_empty_state_is_replaced_by_an_empty_one() {
    let trace = Trace::new();
    let (none, some) = (trace.input("none", [0]), trace.input("some", [2]));
    let outputs = [("none", &(&none + 1.0)), ("some", &(&some + none.sum_all()))];
    let inputs: Inputs<f32> = [("none".to_owned(), vec![]), ("some".to_owned(), vec![1.0, 2.0])].into();
    assert_eq!(run(&Cpu::new(2), &trace, &outputs, &inputs), [vec![], vec![1.0, 2.0]]);
}

#[test]
fn axes_of_length_one_do_not_hide_those_between() {
    for shape in
        [vec![2, 3, 1], vec![1, 3, 2], vec![2, 1, 3, 1], vec![3, 1, 2, 1, 2], vec![1, 4, 1], vec![1, 1]]
    {
        let rank = shape.len();
        for axes in
            (1..1 << rank).map(|bits: u32| (0..rank).filter(|i| bits >> i & 1 == 1).collect::<Vec<_>>())
        {
            let trace = Trace::new();
            let x = trace.input("x", shape.clone());
            let mut outputs = with_slopes(&x.exp().sum(&axes), &[&x]);
            outputs.extend([x.max(&axes), x.min(&axes), x.mean_kept(&axes)]);
            outputs.extend(grad(&x.max(&axes).exp().sum_all(), &[&x]));
            // The gradient of a stretching is a sum over the axes that were stretched.
            let small = trace.input("small", x.shape().with_ones(&axes));
            outputs.extend(grad(&(small.broadcast(&shape[..]).tanh() * &x).sum_all(), &[&small]));
            check(&format!("{shape:?} over {axes:?}"), &outputs);
        }
    }
}

/// Rows of equal length in memory, but images of 4 x 6 and of 6 x 4 pixels.
#[test]
fn weight_gradients_of_unlike_images_are_not_joined() {
    for (first, second, kernel) in
        [([2, 4, 6, 1], [2, 6, 4, 1], [3, 3, 1, 4]), ([1, 4, 9, 2], [3, 6, 6, 2], [1, 1, 2, 3])]
    {
        let trace = Trace::new();
        let whole = trace.input("x", [first[0] + second[0], first[1] * first[2] * first[3]]);
        let w = trace.input("w", kernel);
        let row = whole.shape()[1];
        let of = |start: usize, shape: [usize; 4]| {
            let images = whole.slice(&[start, 0], [shape[0], row]).reshape(shape);
            images.conv2d(&w, &ConvGeometry::strided(1, 1)).square().sum_all()
        };
        let loss = of(0, first) + of(first[0], second);
        check("unlike images", &grad(&loss, &[&w, &whole]));
    }
}
