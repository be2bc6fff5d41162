//! The three maps of a convolution as one plain loop over (image, output pixel, tap, channels).

use super::sum::Sum;
use crate::element::Element;
use crate::op::{ConvGeometry, ConvPass};
use crate::shape::Shape;

/// Runs one pass; operands and shapes in the order of the op's inputs.
pub(super) fn run<E: Element>(
    pass: ConvPass,
    geometry: &ConvGeometry,
    args: [&[E]; 2],
    shapes: [&Shape; 2],
    out: &Shape,
) -> Vec<E> {
    // The shapes of images, weights and output, whichever of them are operands.
    let (x, w, y) = match pass {
        ConvPass::Forward => (shapes[0], shapes[1], out),
        ConvPass::InputGrad => (out, shapes[1], shapes[0]),
        ConvPass::WeightGrad => (shapes[0], out, shapes[1]),
    };
    let mut sums = vec![Sum::default(); out.numel()];
    let (left, right) = (args[0], args[1]);
    each_run(geometry, x, w, y, |at_x, at_w, at_y, n| match pass {
        ConvPass::Forward => add(&mut sums[at_y..][..n], left[at_x], &right[at_w..][..n]),
        ConvPass::WeightGrad => add(&mut sums[at_w..][..n], left[at_x], &right[at_y..][..n]),
        ConvPass::InputGrad => {
            for (a, b) in left[at_y..][..n].iter().zip(&right[at_w..][..n]) {
                sums[at_x] = sums[at_x].with(a.to_f64() * b.to_f64());
            }
        }
    });
    sums.into_iter().map(|sum| E::from_f64(sum.value())).collect()
}

/// Adds a number times a row to a row of sums.
pub(super) fn add<E: Element>(sums: &mut [Sum], by: E, row: &[E]) {
    let by = by.to_f64();
    sums.iter_mut().zip(row).for_each(|(sum, x)| *sum = sum.with(by * x.to_f64()));
}

/// Calls `run` with the places in `x`, `w` and `y` of every product of the convolution: of so many neighbours in `w`
/// and `y` with one and the same number of `x`.
pub(crate) fn each_run(
    geometry: &ConvGeometry,
    x: &Shape,
    w: &Shape,
    y: &Shape,
    mut run: impl FnMut(usize, usize, usize, usize),
) {
    let (c_group, out_group) = (w[2], w[3] / geometry.groups);
    let positions = y[0] * y[1] * y[2];
    for position in 0..positions {
        let (image, oy, ox) = (position / (y[1] * y[2]), position / y[2] % y[1], position % y[2]);
        for tap in 0..w[0] * w[1] {
            let (ky, kx) = (tap / w[1], tap % w[1]);
            let row = oy * geometry.stride[0] + ky * geometry.dilation[0];
            let col = ox * geometry.stride[1] + kx * geometry.dilation[1];
            let (Some(iy), Some(ix)) = (row.checked_sub(geometry.pad[0]), col.checked_sub(geometry.pad[1]))
            else {
                continue;
            };
            if iy >= x[1] || ix >= x[2] {
                continue;
            }
            let pixel = ((image * x[1] + iy) * x[2] + ix) * x[3];
            for group in 0..geometry.groups {
                let out = group * out_group;
                for c in 0..c_group {
                    let at_x = pixel + group * c_group + c;
                    run(at_x, (tap * c_group + c) * w[3] + out, position * y[3] + out, out_group);
                }
            }
        }
    }
}
