//! How a node's elements are found in memory: through views, down to a tensor that is stored.

use crate::op::Op;
use crate::trace::{Node, NodeId};

/// Where the elements of an iteration are in a stored tensor: element `i` of the row-major box
/// `dims` is at `offset + sum_d index_d stride_d`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    /// The stored tensor.
    pub base: NodeId,
    pub offset: usize,
    pub dims: Vec<usize>,
    pub strides: Vec<usize>,
}

impl Access {
    /// Is element `i` at place `offset + i`?
    pub fn is_linear(&self) -> bool {
        self.dims.len() == 1 && self.strides[0] == 1 || self.dims.is_empty()
    }

    /// Joins neighbouring axes that one stride can walk; drops axes of length one.
    fn collapse(mut self) -> Access {
        let (mut dims, mut strides): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for (&n, &stride) in self.dims.iter().zip(&self.strides).filter(|(n, _)| **n != 1) {
            match (dims.last_mut(), strides.last_mut()) {
                (Some(last), Some(outer)) if *outer == stride * n => {
                    *last *= n;
                    *outer = stride;
                }
                _ => {
                    dims.push(n);
                    strides.push(stride);
                }
            }
        }
        (self.dims, self.strides) = (dims, strides);
        self
    }
}

/// The first node that is not a reshape: the same elements in the same order.
pub(crate) fn strip(nodes: &[Node], mut id: NodeId) -> NodeId {
    while nodes[id].op == Op::Reshape {
        id = nodes[id].inputs[0];
    }
    id
}

/// The node that a chain of views shows the elements of.
pub(crate) fn base(nodes: &[Node], mut id: NodeId) -> NodeId {
    while is_view(&nodes[id].op) {
        id = nodes[id].inputs[0];
    }
    id
}

pub(crate) fn is_view(op: &Op) -> bool {
    matches!(op, Op::Reshape | Op::Permute(_) | Op::Broadcast | Op::Slice(_))
}

/// A view that is a contiguous part of a stored tensor: where it starts.
///
/// `stored` is true for views with memory of their own.
pub(crate) fn dense(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, id: NodeId) -> Option<(NodeId, usize)> {
    let node = &nodes[id];
    if stored(id) || !is_view(&node.op) {
        return Some((id, 0));
    }
    let (base, offset) = dense(nodes, stored, node.inputs[0])?;
    match &node.op {
        Op::Reshape => Some((base, offset)),
        Op::Slice(start) => {
            let input = &nodes[node.inputs[0]].shape;
            // A box is contiguous when, inside its first axis longer than one, it is whole.
            let first = (0..input.len()).find(|&axis| node.shape[axis] != 1).unwrap_or(input.len());
            let whole = (first + 1..input.len()).all(|axis| node.shape[axis] == input[axis]);
            let skipped: usize = start.iter().zip(input.strides()).map(|(s, stride)| s * stride).sum();
            whole.then_some((base, offset + skipped))
        }
        _ => None,
    }
}

/// How to read the elements of `id` in order, or the view that must be stored first.
pub(crate) fn access(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, id: NodeId) -> Result<Access, NodeId> {
    let dims: Vec<usize> = nodes[id].shape.to_vec();
    // For each axis of the iteration, the axis of the current node that it walks.
    let mut walks: Vec<Option<usize>> = (0..dims.len()).map(Some).collect();
    let mut shift = vec![0; dims.len()];
    let mut at = id;
    loop {
        let node = &nodes[at];
        if let Some((base, offset)) = dense(nodes, stored, at) {
            let strides = node.shape.strides();
            let offset = offset + shift.iter().zip(&strides).map(|(s, stride)| s * stride).sum::<usize>();
            let strides = walks.iter().map(|axis| axis.map_or(0, |axis| strides[axis])).collect();
            return Ok(Access { base, offset, dims, strides }.collapse());
        }
        let input = &nodes[node.inputs[0]].shape;
        match &node.op {
            Op::Permute(order) => {
                walks = walks.iter().map(|axis| axis.map(|axis| order[axis])).collect();
                let mut moved = vec![0; shift.len()];
                for (axis, &from) in order.iter().enumerate() {
                    moved[from] = shift[axis];
                }
                shift = moved;
            }
            Op::Broadcast => {
                let missing = node.shape.len() - input.len();
                let kept =
                    |axis: usize| (axis >= missing && input[axis - missing] != 1).then(|| axis - missing);
                walks = walks.iter().map(|axis| axis.and_then(kept)).collect();
                let kept_shift = |axis: usize| if input[axis] == 1 { 0 } else { shift[axis + missing] };
                shift = (0..input.len()).map(kept_shift).collect();
            }
            Op::Slice(start) => {
                shift = shift.iter().zip(start).map(|(a, b)| a + b).collect();
            }
            // A reshape of a view that is not contiguous: the view must be stored.
            _ => return Err(node.inputs[0]),
        }
        at = node.inputs[0];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    fn check(
        build: impl Fn(&Trace) -> crate::trace::Tensor,
        dims: &[usize],
        strides: &[usize],
        offset: usize,
    ) {
        let trace = Trace::new();
        let view = build(&trace);
        let found = access(&trace.graph().nodes, &|_| false, view.id).unwrap();
        assert_eq!((&found.dims[..], &found.strides[..], found.offset), (dims, strides, offset));
    }

    #[test]
    fn views_become_strides() {
        check(|t| t.input("x", [4, 6]), &[24], &[1], 0);
        check(|t| t.input("x", [4, 6]).permute(&[1, 0]), &[6, 4], &[1, 6], 0);
        check(|t| t.input("x", [6]).broadcast([4, 6]), &[4, 6], &[0, 1], 0);
        check(|t| t.input("x", [4, 6]).slice(&[1, 0], [2, 6]), &[12], &[1], 6);
        check(|t| t.input("x", [4, 6]).slice(&[1, 2], [2, 3]), &[2, 3], &[6, 1], 8);
        check(|t| t.input("x", [6]).reshape([1, 6]).broadcast([3, 6]).reshape([3, 6]), &[3, 6], &[0, 1], 0);
    }
}
