//! Every pass of every kind of convolution against plain loops in f64.

use crate::cpu::gemm::Micro;
use crate::cpu::gemm::tests::{compare, numbers};
use crate::cpu::level::Level;
use crate::cpu::product::Product;
use crate::cpu::spec::{ConvPass, ConvSpec};

/// Calls `each(x, w, y)` with the indices of every product of the convolution.
fn each_product(spec: &ConvSpec, mut each: impl FnMut(usize, usize, usize)) {
    let (cin, cout) = (spec.c_in / spec.groups, spec.c_out / spec.groups);
    for image in 0..spec.images {
        for (oy, ox) in pairs(spec.out_h(), spec.out_w()) {
            for (ky, kx) in pairs(spec.k_h, spec.k_w) {
                let (y, x) = (
                    oy * spec.stride[0] + ky * spec.dilation[0],
                    ox * spec.stride[1] + kx * spec.dilation[1],
                );
                let (y, x) = (y.wrapping_sub(spec.pad[0]), x.wrapping_sub(spec.pad[1]));
                if y >= spec.in_h || x >= spec.in_w {
                    continue;
                }
                for co in 0..spec.c_out {
                    for ci in 0..cin {
                        let pixel = (image * spec.in_h + y) * spec.in_w + x;
                        let out = (image * spec.out_h() + oy) * spec.out_w() + ox;
                        each(
                            pixel * spec.c_in + co / cout * cin + ci,
                            ((ky * spec.k_w + kx) * cin + ci) * spec.c_out + co,
                            out * spec.c_out + co,
                        );
                    }
                }
            }
        }
    }
}

fn pairs(rows: usize, cols: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |row| (0..cols).map(move |col| (row, col)))
}

fn check<E: Micro>(spec: &ConvSpec) {
    check_planned::<E>(spec, Product::conv);
}

/// Checks all three passes as planned by an engine.
pub(crate) fn check_planned<E: Micro>(
    spec: &ConvSpec,
    plan: impl Fn(&ConvSpec, ConvPass, Level) -> Product<E>,
) {
    let lens =
        [ConvPass::InputGrad, ConvPass::WeightGrad, ConvPass::Forward].map(|pass| spec.result_len(pass));
    let x = numbers::<E>(lens[0], 3);
    let w = numbers::<E>(lens[1], 4);
    let y = numbers::<E>(lens[2], 5);
    for pass in [ConvPass::Forward, ConvPass::InputGrad, ConvPass::WeightGrad] {
        let mut expected = vec![0.0; spec.result_len(pass)];
        let mut depth = vec![0; expected.len()];
        each_product(spec, |xi, wi, yi| {
            let (at, left, right) = match pass {
                ConvPass::Forward => (yi, x[xi], w[wi]),
                ConvPass::InputGrad => (xi, y[yi], w[wi]),
                ConvPass::WeightGrad => (wi, x[xi], y[yi]),
            };
            expected[at] += left.to_f64() * right.to_f64();
            depth[at] += 1;
        });
        let depth = depth.into_iter().max().unwrap_or(0);
        let (a, b) = match pass {
            ConvPass::Forward => (&x, &w),
            ConvPass::InputGrad => (&y, &w),
            ConvPass::WeightGrad => (&x, &y),
        };
        for level in Level::available() {
            let product = plan(spec, pass, level);
            compare(&format!("{level} {pass:?} {spec:?}"), &product, a, b, &expected, depth);
        }
    }
}

fn check_both(spec: ConvSpec) {
    check::<f32>(&spec);
    check::<f64>(&spec);
}

/// Square kernels on images of nearly square shape.
fn square(images: usize, size: usize, channels: [usize; 2], k: usize, rest: [usize; 3]) -> ConvSpec {
    let [stride, pad, dilation] = rest;
    ConvSpec {
        images,
        in_h: size,
        in_w: size,
        c_in: channels[0],
        k_h: k,
        k_w: k,
        c_out: channels[1],
        stride: [stride; 2],
        pad: [pad; 2],
        dilation: [dilation; 2],
        groups: 1,
    }
}

#[test]
fn strides_pads_and_dilations() {
    for stride in [1, 2, 3] {
        for pad in [0, 1, 3] {
            for dilation in [1, 2, 3] {
                for k in [1, 3, 4] {
                    check_both(square(2, 10, [3, 5], k, [stride, pad, dilation]));
                }
            }
        }
    }
}

#[test]
fn rectangles() {
    for (stride, pad, dilation) in
        [([1, 2], [1, 0], [1, 1]), ([3, 1], [0, 2], [2, 1]), ([2, 3], [2, 1], [1, 3])]
    {
        let spec = square(3, 9, [7, 2], 2, [1, 0, 1]);
        check_both(ConvSpec { in_w: 13, k_w: 5, stride, pad, dilation, ..spec });
    }
}

#[test]
fn groups() {
    for (groups, channels) in [(2, [4, 6]), (3, [3, 3]), (5, [10, 5]), (4, [64, 132])] {
        for stride in [1, 2] {
            let spec = square(2, 7, channels, 3, [stride, 1, 1]);
            check_both(ConvSpec { groups, ..spec });
        }
    }
}

#[test]
fn few_and_many_channels() {
    for channels in [[1, 64], [3, 40], [64, 1], [40, 3], [1, 1], [70, 90]] {
        check_both(square(2, 12, channels, 4, [2, 1, 1]));
        check_both(square(1, 9, channels, 5, [1, 2, 1]));
    }
}

#[test]
fn single_pixels() {
    check_both(square(5, 4, [20, 33], 4, [1, 0, 1]));
    check_both(square(5, 4, [33, 1], 4, [1, 0, 1]));
    check_both(square(7, 1, [9, 11], 1, [1, 0, 1]));
    check_both(square(7, 1, [9, 11], 3, [1, 1, 1]));
    check_both(square(3, 5, [6, 7], 4, [4, 0, 1]));
    check_both(square(1, 3, [2, 3], 5, [1, 1, 1]));
}

#[test]
fn several_blocks_of_everything() {
    check_both(square(5, 16, [35, 66], 4, [2, 1, 1]));
    check_both(square(4, 11, [66, 35], 3, [1, 1, 1]));
}
