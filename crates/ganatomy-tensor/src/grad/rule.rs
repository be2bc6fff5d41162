//! The derivative of each primitive operation, again as nodes of the graph.

use super::{elementwise, linear, reduction, view};
use crate::op::Op;
use crate::trace::Tensor;

/// The cotangents of the inputs, given the output's: `None` where no gradient flows.
pub(super) fn cotangents(op: &Op, inputs: &[Tensor], out: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    match op {
        Op::Unary(f) => vec![elementwise::unary(*f, &inputs[0], out, g)],
        Op::Binary(f) => elementwise::binary(*f, &inputs[0], &inputs[1], out, g),
        Op::Select => elementwise::select(&inputs[0], g),
        Op::MatMul { left_transposed, right_transposed } => {
            linear::matmul(*left_transposed, *right_transposed, inputs, g)
        }
        Op::Conv(pass, geometry) => linear::conv(*pass, geometry, inputs, g),
        Op::Reduce(kind, axes) => vec![reduction::reduce(*kind, axes, &inputs[0], out, g)],
        Op::Reshape => vec![Some(g.reshape(inputs[0].shape()))],
        Op::Permute(order) => vec![Some(view::permute(order, g))],
        Op::Broadcast => vec![Some(view::broadcast(inputs[0].shape(), g))],
        Op::Slice(start) => vec![Some(g.pad_into(start, inputs[0].shape()))],
        Op::Pad(start) => vec![Some(g.slice(start, inputs[0].shape()))],
        Op::Concat(axis) => view::concat(*axis, inputs, g),
        Op::Gather => vec![Some(g.scatter_add(&inputs[1], inputs[0].shape()[0])), None],
        Op::ScatterAdd => vec![Some(g.gather(&inputs[1])), None],
        Op::Normalize(axes) => reduction::normalize(axes, inputs, out, g),
        Op::Nearness => vec![None, Some(inputs[1].nearness_grad(g))],
        Op::NearnessGrad => vec![Some(g.clone()), None, None],
        Op::StopGradient => vec![None],
        Op::ArgReduce(..) => vec![None],
        Op::Input(_) | Op::Constant(_) | Op::Literal(_) | Op::Random(..) | Op::RandomOf(..) => vec![],
    }
}
