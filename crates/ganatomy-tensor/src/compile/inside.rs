//! Concatenation without copies: an operand is written straight into its place in the whole.
//!
//! ```text
//! kernel 1 -> a ┐                 ┌──────── whole ────────┐
//!               ├ concat    =>    │ a            b        │
//! kernel 2 -> b ┘                 └ kernel 1 ─── kernel 2 ┘
//! ```

use super::kernel::{Kernel, operand};
use crate::op::Op;
use crate::trace::{Node, NodeId};

/// Parts start at multiples of this many elements, a cache line.
const ALIGNED: usize = 16;

/// A tensor is part of another: which one, and how many elements lie before it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    pub whole: NodeId,
    pub offset: usize,
}

/// The tensors that can be written inside another. `named` are outputs, which have memory of their own.
pub(super) fn insides(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    kernels: &[Kernel],
    named: &[NodeId],
) -> Vec<Option<Inside>> {
    let mut inside: Vec<Option<Inside>> = vec![None; nodes.len()];
    let mut written = vec![false; nodes.len()];
    let mut n_readers = vec![0; nodes.len()];
    for kernel in kernels {
        kernel.writes().into_iter().for_each(|id| written[id] = true);
        kernel.reads(nodes, stored).into_iter().for_each(|id| n_readers[id] += 1);
    }
    named.iter().for_each(|&id| written[id] = false);
    for whole in kernels.iter().filter_map(|kernel| stacked(nodes, kernel)).filter(|&id| written[id]) {
        for (part, offset) in parts(nodes, stored, whole) {
            if written[part] && inside[part].is_none() && offset % ALIGNED == 0 {
                inside[part] = Some(Inside { whole, offset });
            }
        }
    }
    // A product that only its own epilogue reads lies in the place of the epilogue's result.
    for kernel in kernels {
        let Kernel::Product { node, epilogue: Some(pass) } = kernel else { continue };
        let result = pass.stores.iter().map(|&(_, id)| id).find(|&id| inside[id].is_some());
        let same_len = |id: &NodeId| nodes[*id].shape.numel() == nodes[*node].shape.numel();
        if let (Some(whole), true) = (result.filter(same_len), written[*node] && n_readers[*node] == 0) {
            inside[*node] = Some(Inside { whole, offset: 0 });
        }
    }
    inside
}

/// Does the kernel have anything to copy?
pub(super) fn copies(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    inside: &[Option<Inside>],
    kernel: &Kernel,
) -> bool {
    let Some(whole) = stacked(nodes, kernel) else { return true };
    let mut placed = 0;
    for (part, offset) in parts(nodes, stored, whole) {
        placed += usize::from(inside[part] == Some(Inside { whole, offset }));
    }
    placed < nodes[whole].inputs.len()
}

/// The concatenation that the kernel makes, if its operands lie one after another in it.
fn stacked(nodes: &[Node], kernel: &Kernel) -> Option<NodeId> {
    let Kernel::Move { node } = kernel else { return None };
    let outermost = |axis: usize| nodes[*node].shape[..axis].iter().all(|&n| n == 1);
    matches!(nodes[*node].op, Op::Concat(axis) if outermost(axis)).then_some(*node)
}

/// The stored tensors that are operands of a concatenation as they are, and where each starts there.
fn parts(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, whole: NodeId) -> Vec<(NodeId, usize)> {
    let mut start = 0;
    let mut part = |&input: &NodeId| {
        let (found, numel, offset) = (operand(nodes, stored, input), nodes[input].shape.numel(), start);
        start += numel;
        (found.offset == 0 && nodes[found.base].shape.numel() == numel).then_some((found.base, offset))
    };
    nodes[whole].inputs.iter().filter_map(&mut part).collect()
}

/// The outermost tensor that `id` lies in, and how many elements lie before it there.
pub(super) fn outermost(inside: &[Option<Inside>], mut id: NodeId) -> (NodeId, usize) {
    let mut before = 0;
    while let Some(Inside { whole, offset }) = inside[id] {
        (id, before) = (whole, before + offset);
    }
    (id, before)
}
