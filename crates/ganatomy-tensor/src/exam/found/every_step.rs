//! Every kind of step, as `print` writes it.

use super::check;
use crate::exam::random::{slope, table};
use crate::{Binary, ConvGeometry, Distribution, Scalar, Trace, Unary, jvp};

#[test]
fn every_step() {
    let t = Trace::new();
    let a0 = t.input("x1", [2, 3]);
    let a1 = t.input("i2_2", [4]);
    let a2 = a0.gather(&a1);
    let a3 = a2.scatter_add(&a1, 2);
    let a4 = t.full([2, 3], -0.5);
    let a5 = table(&t, [2, 3], 7);
    let a6 = t.random(Distribution::Integer(5), "p1", [2, 3]);
    let a7 = a3.unary(Unary::LeakyRelu(Scalar(0.2)));
    let a8 = a7.binary(Binary::Add, &a4);
    let a9 = a6.select(&a8, &a5);
    let a10 = a5.stop_gradient();
    let a11 = a9.product(&a10, false, true);
    let a12 = a11.reshape([1, 2, 2, 1]);
    let a13 = t.input("x3", [1, 2, 1, 1]);
    let a14 = a12.conv2d(&a13, &ConvGeometry { stride: [1, 2], pad: [0, 1], dilation: [1, 1], groups: 1 });
    let a15 = a14.conv2d_input_grad(
        &a13,
        &ConvGeometry { stride: [1, 2], pad: [0, 1], dilation: [1, 1], groups: 1 },
        &[1, 2, 2, 1].into(),
    );
    let a16 = a12.conv2d_weight_grad(
        &a14,
        &ConvGeometry { stride: [1, 2], pad: [0, 1], dilation: [1, 1], groups: 1 },
        &[1, 2, 1, 1].into(),
    );
    let a17 = a15.max(&[2, 0]);
    let a18 = a11.mean(&[0]);
    let a19 = a11.argmin(1);
    let a20 = a0.permute(&[1, 0]);
    let a21 = a18.broadcast([3, 2]);
    let a22 = a20.slice(&[1, 0], [2, 2]);
    let a23 = a22.pad_into(&[0, 1], [2, 3]);
    let a24 = a23.concat(&[&a0], 0);
    let a25 = a24.normalize(&[1], 1e-2).0;
    let a26 = slope(&a25, &a0);
    let a27 = jvp(&[&a8], &[&a0], &[&a4]).remove(0);
    check(
        &t,
        &[("out0", &a16), ("out1", &a17), ("out2", &a19), ("out3", &a21), ("out4", &a26), ("out5", &a27)],
    );
}
