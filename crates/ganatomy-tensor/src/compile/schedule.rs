//! The order in which kernels run: after what they read, and writers of state after its last reader.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::kernel::{Kernel, operand};
use super::pass::Pass;
use crate::op::Op;
use crate::trace::{Node, NodeId};

/// An output that takes the place of an input: the node that is written, and the input it replaces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replacement {
    pub output: NodeId,
    pub input: NodeId,
}

/// Which kernels must come before each kernel.
pub(super) type Before = Vec<BTreeSet<usize>>;

/// Dependencies through the tensors that kernels read.
pub(super) fn dependencies(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, kernels: &[Kernel]) -> Before {
    let mut writer = vec![None; nodes.len()];
    for (i, kernel) in kernels.iter().enumerate() {
        for id in kernel.writes() {
            writer[id] = Some(i);
        }
    }
    let before = |(i, kernel): (usize, &Kernel)| {
        kernel.reads(nodes, stored).into_iter().filter_map(|id| writer[id]).filter(|&k| k != i).collect()
    };
    kernels.iter().enumerate().map(before).collect()
}

/// Makes each writer of state wait for the other readers of the old value.
///
/// Returns the replacements for which that is impossible: their output must be copied at the end.
pub(super) fn hold_back(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    kernels: &[Kernel],
    replacements: &[Replacement],
    before: &mut Before,
) -> Vec<Replacement> {
    let mut refused = Vec::new();
    let (mut writers, mut readers_of) = (vec![None; nodes.len()], vec![Vec::new(); nodes.len()]);
    for (i, kernel) in kernels.iter().enumerate() {
        kernel.writes().into_iter().for_each(|id| writers[id] = writers[id].or(Some(i)));
        kernel.reads(nodes, stored).into_iter().for_each(|id| readers_of[id].push(i));
    }
    for &replacement in replacements {
        let Some(writer) = writers[replacement.output] else {
            continue;
        };
        let readers: &Vec<usize> = &readers_of[replacement.input];
        let others = readers.iter().copied().filter(|&k| k != writer);
        let early = ancestors(before, others.clone());
        let itself =
            readers.contains(&writer) && !overwrites_safely(nodes, stored, &kernels[writer], replacement);
        if itself || early[writer] {
            refused.push(replacement);
        } else {
            before[writer].extend(others);
        }
    }
    refused
}

/// Does the kernel read each old element only where it writes the new one?
fn overwrites_safely(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    kernel: &Kernel,
    replacement: Replacement,
) -> bool {
    let in_place = |pass: &Pass| {
        pass.loads
            .iter()
            .filter(|load| load.base == replacement.input)
            .all(|load| load.is_linear() && load.offset == 0)
    };
    match kernel {
        Kernel::Map(pass) => in_place(pass),
        Kernel::Product { node, epilogue: Some(pass) } => {
            let operands = nodes[*node].inputs.iter().map(|&id| operand(nodes, stored, id).base);
            // The raw product would overwrite what its own epilogue still reads.
            *node != replacement.output
                && in_place(pass)
                && !operands.into_iter().any(|base| base == replacement.input)
        }
        _ => false,
    }
}

/// Which kernels come before one of these, themselves included.
fn ancestors(before: &Before, from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; before.len()];
    let mut open: Vec<usize> = from.collect();
    while let Some(i) = open.pop() {
        if !std::mem::replace(&mut seen[i], true) {
            open.extend(&before[i]);
        }
    }
    seen
}

/// The kernels in the order they run: of those that are ready, the one traced first.
pub(super) fn order(kernels: &[Kernel], before: &Before) -> Vec<usize> {
    let mut waiting: Vec<usize> = before.iter().map(BTreeSet::len).collect();
    let mut after = vec![Vec::new(); kernels.len()];
    for (i, befores) in before.iter().enumerate() {
        for &k in befores {
            after[k].push(i);
        }
    }
    let entry = |i: usize| Reverse((kernels[i].position(), i));
    let mut ready: BinaryHeap<_> = (0..kernels.len()).filter(|&i| waiting[i] == 0).map(entry).collect();
    let mut order = Vec::with_capacity(kernels.len());
    while let Some(Reverse((_, i))) = ready.pop() {
        order.push(i);
        for &k in &after[i] {
            waiting[k] -= 1;
            if waiting[k] == 0 {
                ready.push(entry(k));
            }
        }
    }
    debug_assert_eq!(order.len(), kernels.len(), "kernels wait for each other");
    order
}

/// The node of the input with this name.
pub(super) fn input_named(nodes: &[Node], name: &str) -> Option<NodeId> {
    nodes.iter().position(|node| matches!(&node.op, Op::Input(known) if known == name))
}
