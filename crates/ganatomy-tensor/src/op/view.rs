//! Views: the same elements under another shape, order or repetition.

use crate::shape::Shape;
use crate::trace::Tensor;

/// A permutation is undone by its inverse.
pub(super) fn permute_vjp(order: &[usize], g: &Tensor) -> Tensor {
    let mut inverse = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        inverse[from] = to;
    }
    g.permute(&inverse)
}

/// A broadcast is undone by summing over the axes that it stretched.
pub(super) fn broadcast_vjp(input: &Shape, g: &Tensor) -> Tensor {
    let missing = g.shape().len() - input.len();
    let stretched = |axis: usize| axis < missing || (input[axis - missing] == 1 && g.shape()[axis] != 1);
    let axes: Vec<usize> = (0..g.shape().len()).filter(|&axis| stretched(axis)).collect();
    g.sum(&axes).reshape(input)
}
