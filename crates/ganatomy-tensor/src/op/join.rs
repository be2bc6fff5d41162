//! Concatenation along an axis; each operand's cotangent is its slice.

use crate::trace::Tensor;

pub(super) fn vjp(axis: usize, inputs: &[Tensor], g: &Tensor) -> Vec<Option<Tensor>> {
    let mut start = vec![0; g.shape().len()];
    let mut cut = |x: &Tensor| {
        let part = g.slice(&start, x.shape());
        start[axis] += x.shape()[axis];
        Some(part)
    };
    inputs.iter().map(&mut cut).collect()
}
