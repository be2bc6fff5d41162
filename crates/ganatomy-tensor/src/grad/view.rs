//! Derivatives of views and concatenation: they move elements, and cotangents back.

use crate::shape::Shape;
use crate::trace::Tensor;

/// A permutation is undone by its inverse.
pub(super) fn permute(order: &[usize], g: &Tensor) -> Tensor {
    let mut inverse = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        inverse[from] = to;
    }
    g.permute(&inverse)
}

/// A broadcast is undone by summing over the axes that it stretched.
pub(super) fn broadcast(input: &Shape, g: &Tensor) -> Tensor {
    let missing = g.shape().len() - input.len();
    let stretched = |axis: usize| axis < missing || (input[axis - missing] == 1 && g.shape()[axis] != 1);
    let axes: Vec<usize> = (0..g.shape().len()).filter(|&axis| stretched(axis)).collect();
    g.sum(&axes).reshape(input)
}

/// Each part of a concatenation gets its slice.
pub(super) fn concat(axis: usize, inputs: &[Tensor], g: &Tensor) -> Vec<Option<Tensor>> {
    let mut start = vec![0; g.shape().len()];
    let mut cut = |x: &Tensor| {
        let part = g.slice(&start, x.shape());
        start[axis] += x.shape()[axis];
        Some(part)
    };
    inputs.iter().map(&mut cut).collect()
}
