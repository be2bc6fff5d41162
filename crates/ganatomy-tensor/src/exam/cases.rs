//! The cases: each op on small awkward shapes, with inputs kept away from its kinks.

use crate::{ConvGeometry, Distribution, Tensor};

/// An operand of a case.
pub(super) struct Input {
    pub shape: &'static [usize],
    pub range: (f64, f64),
    /// Whole numbers only.
    pub whole: bool,
    /// Is the op differentiable by it?
    pub smooth: bool,
}

/// An op applied to operands.
pub(super) struct Case {
    pub name: &'static str,
    pub inputs: &'static [Input],
    pub build: fn(&[Tensor]) -> Tensor,
}

const fn real(shape: &'static [usize]) -> Input {
    Input { shape, range: (-1.5, 1.7), whole: false, smooth: true }
}
const fn positive(shape: &'static [usize]) -> Input {
    Input { shape, range: (0.3, 2.0), whole: false, smooth: true }
}
const fn index(shape: &'static [usize], below: f64) -> Input {
    Input { shape, range: (0.0, below), whole: true, smooth: false }
}

const M: Input = real(&[5, 7]);
const P: Input = positive(&[5, 7]);

macro_rules! case {
    ($name:literal, [$($input:expr),*], $build:expr) => {
        Case { name: $name, inputs: { const INPUTS: &[Input] = &[$($input),*]; INPUTS }, build: $build }
    };
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = elementwise();
    all.extend(views());
    all.extend(linear());
    all.extend(reductions());
    all
}

fn elementwise() -> Vec<Case> {
    vec![
        case!("neg", [M], |x| -&x[0]),
        case!("exp", [M], |x| x[0].exp()),
        case!("log", [P], |x| x[0].log()),
        case!("log1p", [P], |x| x[0].log1p()),
        case!("sqrt", [P], |x| x[0].sqrt()),
        case!("rsqrt", [P], |x| x[0].rsqrt()),
        case!("abs", [M], |x| x[0].abs() * &x[0]),
        case!("sign", [M], |x| x[0].sign() * &x[0]),
        case!("tanh", [M], |x| x[0].tanh()),
        case!("sigmoid", [M], |x| x[0].sigmoid()),
        case!("softplus", [M], |x| x[0].softplus()),
        case!("leaky_relu", [M], |x| x[0].leaky_relu(0.2).square()),
        case!("relu", [M], |x| x[0].relu() * &x[0]),
        case!("falling leaky_relu", [M], |x| x[0].leaky_relu(-0.3).square()),
        case!("floor", [P], |x| x[0].floor() * &x[0]),
        case!("add", [M, M], |x| (&x[0] + &x[1]) * &x[1]),
        case!("sub", [M, real(&[7])], |x| (&x[0] - &x[1]).square()),
        case!("mul", [M, real(&[5, 1])], |x| &x[0] * &x[1] * &x[0]),
        case!("div", [M, P], |x| &x[0] / &x[1]),
        case!("pow", [P, real(&[])], |x| x[0].pow(&x[1])),
        case!("powf", [P], |x| x[0].powf(2.5) + x[0].powf(2.0) + x[0].powf(-0.5)),
        case!("maximum", [M, real(&[1, 7])], |x| x[0].maximum(&x[1]).square()),
        case!("minimum", [M, M], |x| x[0].minimum(&x[1]).square()),
        case!("gt", [M, M], |x| x[0].gt(&x[1]) * &x[0]),
        case!("ge", [M], |x| x[0].ge(0.25) * &x[0]),
        case!("eq", [M], |x| x[0].eq(&x[0]) * x[0].square()),
        case!("select", [M, M, P], |x| x[0].gt(0.1).select(x[1].square(), x[2].log())),
        case!("stop_gradient", [M], |x| &x[0] * (&x[0] * 3.0).floor().stop_gradient()),
        case!("literal", [M], |x| &x[0] * x[0].trace().literal([7], &[1.0, 2.0, -3.0, 0.5, 0.0, 4.0, 1.5])),
        case!("constant", [M], |x| (&x[0] * 0.0 + 3.0) * x[0].square() / 4.0 - 1.0),
        case!("uniform", [real(&[3, 201])], |x| {
            let u = x[0].trace().uniform("a", [3, 201]);
            (&x[0] * u).tanh()
        }),
        case!("normal", [real(&[3, 201])], |x| (&x[0] * x[0].trace().normal("b", [3, 201])).tanh()),
        case!("integer", [real(&[300])], |x| &x[0]
            * x[0].trace().random(Distribution::Integer(7), "c", [300])),
        case!("long chain", [real(&[3, 1400]), real(&[1400])], |x| {
            ((&x[0] * &x[1]).tanh() + (&x[0] - &x[1]).sigmoid()).softplus() * &x[1]
        }),
    ]
}

fn views() -> Vec<Case> {
    vec![
        case!("reshape", [real(&[4, 6])], |x| x[0].reshape([2, 12]).tanh().reshape([3, 8])),
        case!("permute", [real(&[2, 3, 4])], |x| x[0].permute(&[2, 0, 1]).tanh()),
        case!("permuted twice", [real(&[2, 3, 4])], |x| {
            x[0].permute(&[2, 0, 1]).permute(&[1, 2, 0]).exp() + &x[0]
        }),
        case!("reshape of a permutation", [real(&[2, 3, 4])], |x| x[0]
            .permute(&[1, 0, 2])
            .reshape([3, 8])
            .tanh()),
        case!("sum with its own transpose", [real(&[6, 6])], |x| {
            let y = x[0].exp();
            y.permute(&[1, 0]) + &y
        }),
        case!("part of a long vector", [real(&[40])], |x| x[0].slice(&[3], [30]).tanh()),
        case!("broadcast", [real(&[3, 1, 4])], |x| x[0].broadcast([2, 3, 5, 4]).tanh() * &x[0]),
        case!("slice", [real(&[4, 5])], |x| x[0].slice(&[1, 2], [2, 3]).tanh()),
        case!("slice of rows", [real(&[6, 5])], |x| x[0].slice(&[2, 0], [3, 5]).square()),
        case!("pad", [real(&[2, 3])], |x| x[0].exp().pad_into(&[1, 2], [4, 6]).tanh()),
        case!("concat", [real(&[2, 3]), real(&[2, 5])], |x| x[0].concat(&[&x[1]], 1).tanh()),
        case!("concat of rows", [real(&[2, 3]), real(&[4, 3])], |x| {
            let joined = x[0].concat(&[&x[1]], 0).exp();
            joined.slice(&[1, 0], [4, 3]) * &x[1]
        }),
        case!("gather", [real(&[4, 3]), index(&[6], 4.0)], |x| x[0].gather(&x[1]).square()),
        case!("scatter_add", [real(&[6, 3]), index(&[6], 4.0)], |x| x[0].scatter_add(&x[1], 4).square()),
    ]
}

fn linear() -> Vec<Case> {
    vec![
        case!("matmul", [real(&[5, 7]), real(&[7, 3])], |x| x[0].matmul(&x[1]).tanh()),
        case!("left transposed", [real(&[7, 5]), real(&[7, 3])], |x| x[0].product(&x[1], true, false).tanh()),
        case!("right transposed", [real(&[5, 7]), real(&[3, 7])], |x| x[0]
            .matmul(&x[1].transpose())
            .square()),
        case!("both transposed", [real(&[7, 5]), real(&[3, 7])], |x| x[0].product(&x[1], true, true).tanh()),
        case!("batched matmul", [real(&[2, 4, 3]), real(&[2, 3, 5])], |x| x[0].matmul(&x[1]).tanh()),
        case!("matmul with bias", [real(&[9, 4]), real(&[4, 6]), real(&[6])], |x| {
            (x[0].matmul(&x[1]) + &x[2]).leaky_relu(0.2)
        }),
        case!("outer product", [real(&[9, 1]), real(&[1, 6])], |x| x[0].matmul(&x[1]).tanh()),
        case!("matrix times column", [real(&[9, 5]), real(&[5, 1])], |x| x[0].matmul(&x[1]).tanh()),
        case!("conv2d", [real(&[2, 5, 6, 3]), real(&[3, 3, 3, 4])], |x| {
            x[0].conv2d(&x[1], &ConvGeometry::strided(1, 1)).tanh()
        }),
        case!("strided conv2d", [real(&[2, 6, 6, 2]), real(&[4, 4, 2, 3])], |x| {
            x[0].conv2d(&x[1], &ConvGeometry::strided(2, 1)).tanh()
        }),
        case!("dilated grouped conv2d", [real(&[1, 7, 6, 4]), real(&[2, 3, 2, 6])], |x| {
            let geometry = ConvGeometry { stride: [2, 1], pad: [1, 2], dilation: [2, 1], groups: 2 };
            x[0].conv2d(&x[1], &geometry).tanh()
        }),
        case!("conv2d_input_grad", [real(&[2, 3, 3, 3]), real(&[4, 4, 2, 3])], |x| {
            x[0].conv2d_input_grad(&x[1], &ConvGeometry::strided(2, 1), &[2, 6, 6, 2].into()).tanh()
        }),
        case!("conv2d_weight_grad", [real(&[2, 6, 5, 2]), real(&[2, 3, 2, 3])], |x| {
            let geometry = ConvGeometry { stride: [2, 2], pad: [1, 0], ..Default::default() };
            x[0].conv2d_weight_grad(&x[1], &geometry, &[4, 3, 2, 3].into()).tanh()
        }),
    ]
}

fn reductions() -> Vec<Case> {
    vec![
        case!("sum", [real(&[3, 4, 5])], |x| x[0].tanh().sum(&[1]).square()),
        case!("sum of rows", [real(&[40, 3])], |x| x[0].square().sum(&[0]).square()),
        case!("sum of columns", [real(&[3, 40])], |x| x[0].square().sum(&[1]).square()),
        case!("sum of outer and inner", [real(&[3, 4, 5])], |x| x[0].exp().sum(&[0, 2]).square()),
        case!("mean", [real(&[6, 5])], |x| x[0].tanh().mean_all() * x[0].mean(&[0])),
        case!("max", [real(&[4, 6])], |x| x[0].max(&[1]).square()),
        case!("min", [real(&[4, 6])], |x| x[0].min(&[0]).square()),
        case!("argmax", [real(&[4, 6])], |x| x[0].argmax(1) * x[0].sum(&[1])),
        case!("argmin", [real(&[4, 6])], |x| x[0].argmin(0) * x[0].sum(&[0])),
        case!("normalize", [real(&[6, 4])], |x| x[0].normalize(&[0], 1e-3).0.tanh()),
        case!("normalized images", [real(&[3, 2, 2, 4]), positive(&[4]), real(&[4])], |x| {
            let (y, _, _) = x[0].normalize(&[0, 1, 2], 1e-3);
            (y * &x[1] + &x[2]).leaky_relu(0.2).square()
        }),
        case!("normalized rows", [real(&[4, 9])], |x| x[0].normalize(&[1], 1e-3).0.tanh()),
        case!("nearness", [real(&[2, 3, 5])], |x| x[0].nearness().square()),
        case!("nearness of many", [real(&[1, 2, 19])], |x| x[0].nearness().log()),
        case!("nearness_grad", [real(&[2, 2, 6])], |x| crate::grad(
            &x[0].nearness().square().sum_all(),
            &[&x[0]]
        )
        .remove(0)),
        case!("gradient penalty", [real(&[6, 3]), real(&[3, 8]), real(&[8, 1])], |x| {
            let out = x[0].matmul(&x[1]).tanh().matmul(&x[2]).sum_all();
            let slope = crate::grad(&out, &[&x[0]]).remove(0);
            let norm = (slope.square().sum(&[1]) + 1e-6).sqrt();
            (norm - 1.0).square().mean_all()
        }),
    ]
}
