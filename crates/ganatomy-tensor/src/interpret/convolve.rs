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
    each_term(geometry, x, w, y, |at_x, at_w, at_y| {
        let (into, left, right) = match pass {
            ConvPass::Forward => (at_y, args[0][at_x], args[1][at_w]),
            ConvPass::InputGrad => (at_x, args[0][at_y], args[1][at_w]),
            ConvPass::WeightGrad => (at_w, args[0][at_x], args[1][at_y]),
        };
        sums[into] = sums[into].with(left.to_f64() * right.to_f64());
    });
    sums.into_iter().map(|sum| E::from_f64(sum.value())).collect()
}

/// Calls `term` with the places in `x`, `w` and `y` of every product of the convolution.
pub(crate) fn each_term(
    geometry: &ConvGeometry,
    x: &Shape,
    w: &Shape,
    y: &Shape,
    mut term: impl FnMut(usize, usize, usize),
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
            for out in 0..w[3] {
                let group = out / out_group;
                for c in 0..c_group {
                    let at_x = ((image * x[1] + iy) * x[2] + ix) * x[3] + group * c_group + c;
                    term(at_x, (tap * c_group + c) * w[3] + out, position * y[3] + out);
                }
            }
        }
    }
}
