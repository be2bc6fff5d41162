//! Derivatives of matrix products and convolutions: linear maps, whose adjoints are maps of the same kind.

use crate::op::{ConvGeometry, ConvPass};
use crate::trace::Tensor;

/// With `C = A B`: `dA = G Bᵀ` and `dB = Aᵀ G`, and the same with sides swapped when transposed.
pub(super) fn matmul(left: bool, right: bool, inputs: &[Tensor], g: &Tensor) -> Vec<Option<Tensor>> {
    let (a, b) = (&inputs[0], &inputs[1]);
    let da = if left { b.product(g, right, true) } else { g.product(b, false, !right) };
    let db = if right { g.product(a, true, left) } else { a.product(g, !left, false) };
    vec![Some(da), Some(db)]
}

/// Each map's derivatives are the other two maps.
pub(super) fn conv(
    pass: ConvPass,
    geometry: &ConvGeometry,
    inputs: &[Tensor],
    g: &Tensor,
) -> Vec<Option<Tensor>> {
    let (a, b) = (&inputs[0], &inputs[1]);
    let (da, db) = match pass {
        ConvPass::Forward => {
            (g.conv2d_input_grad(b, geometry, a.shape()), a.conv2d_weight_grad(g, geometry, b.shape()))
        }
        ConvPass::InputGrad => (g.conv2d(b, geometry), g.conv2d_weight_grad(a, geometry, b.shape())),
        ConvPass::WeightGrad => (b.conv2d_input_grad(g, geometry, a.shape()), a.conv2d(g, geometry)),
    };
    vec![Some(da), Some(db)]
}
