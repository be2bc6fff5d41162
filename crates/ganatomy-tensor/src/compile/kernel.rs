//! Kernels: the units of work of a program, what each reads and writes, and which run as one.

use std::collections::BTreeSet;

use super::access::{Access, dense, is_view};
use super::fuse::{Fusion, fuse};
use super::pass::{Pass, Scene, copy_pass, group_pass, readers};
use crate::op::Op;
use crate::trace::{Node, NodeId};

/// One unit of work; the device cuts it into tasks.
#[derive(Clone, Debug)]
pub(crate) enum Kernel {
    /// A matrix product or convolution, and elementwise work on its tiles while they are in cache.
    Product { node: NodeId, epilogue: Option<Pass> },
    /// Elementwise work.
    Map(Pass),
    /// A reduction of an elementwise pass.
    Reduce { node: NodeId, pass: Pass },
    /// Pad, concatenate, gather, scatter-add, argmax and argmin.
    Move { node: NodeId },
}

impl Kernel {
    /// The stored tensors that the kernel reads.
    pub fn reads(&self, nodes: &[Node], stored: &dyn Fn(NodeId) -> bool) -> BTreeSet<NodeId> {
        let operands = |node: NodeId| nodes[node].inputs.iter().map(|&id| operand(nodes, stored, id).base);
        let loads = |pass: &Pass| pass.loads.iter().map(|load| load.base).collect::<Vec<_>>();
        match self {
            Kernel::Product { node, epilogue } => {
                let own = |base: &NodeId| base != node;
                operands(*node).chain(epilogue.iter().flat_map(loads).filter(own)).collect()
            }
            Kernel::Map(pass) | Kernel::Reduce { pass, .. } => loads(pass).into_iter().collect(),
            Kernel::Move { node } => operands(*node).collect(),
        }
    }

    /// The stored tensors that the kernel writes.
    pub fn writes(&self) -> Vec<NodeId> {
        let stores = |pass: &Pass| pass.stores.iter().map(|(_, id)| *id).collect::<Vec<_>>();
        match self {
            Kernel::Product { node, epilogue } => {
                std::iter::once(*node).chain(epilogue.iter().flat_map(stores)).collect()
            }
            Kernel::Map(pass) => stores(pass),
            Kernel::Reduce { node, pass } => std::iter::once(*node).chain(stores(pass)).collect(),
            Kernel::Move { node } => vec![*node],
        }
    }

    /// The elementwise pass, if there is one.
    pub fn pass(&self) -> Option<&Pass> {
        match self {
            Kernel::Product { epilogue, .. } => epilogue.as_ref(),
            Kernel::Map(pass) | Kernel::Reduce { pass, .. } => Some(pass),
            Kernel::Move { .. } => None,
        }
    }

    /// What decides the kernel's place among those that are ready: the last node it computes.
    pub fn position(&self) -> NodeId {
        self.writes().into_iter().max().unwrap_or(0)
    }
}

/// Where a kernel's operand starts in a stored tensor; operands are always contiguous.
pub(crate) fn operand(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, id: NodeId) -> Access {
    let (base, offset) = dense(nodes, stored, id).unwrap_or((id, 0));
    Access { base, offset, dims: vec![nodes[id].shape.numel()], strides: vec![1] }
}

/// The kernels of a graph, and which nodes are stored: `outputs` and `kept` always are.
pub(crate) fn kernels(nodes: &[Node], outputs: &[NodeId], kept: &[NodeId]) -> (Vec<Kernel>, Vec<bool>) {
    let fusion = fuse(nodes, outputs);
    let asked = outputs.iter().chain(kept).copied();
    let mut copies: BTreeSet<NodeId> = asked.filter(|&id| is_view(&nodes[id].op)).collect();
    copies.extend(operand_copies(nodes, &fusion));
    // Building a pass may find one more view that must be stored; each is found once.
    loop {
        match build(nodes, &fusion, &copies) {
            Ok(kernels) => {
                let stored = (0..nodes.len()).map(|id| fusion.stored[id] || copies.contains(&id));
                return (kernels, stored.collect());
            }
            Err(view) => copies.insert(view),
        };
    }
}

/// Operands of products and moves that are constants or views with gaps.
fn operand_copies(nodes: &[Node], fusion: &Fusion) -> BTreeSet<NodeId> {
    let heavy = |op: &Op| !op.is_elementwise() && !is_view(op) && !matches!(op, Op::Reduce(..));
    let stored = |id: NodeId| fusion.stored[id];
    let operands = nodes.iter().filter(|node| heavy(&node.op)).flat_map(|node| &node.inputs);
    operands
        .filter_map(|&id| match dense(nodes, &stored, id) {
            Some((base, _)) => matches!(nodes[base].op, Op::Constant(_)).then_some(base),
            None => Some(id),
        })
        .collect()
}

fn build(nodes: &[Node], fusion: &Fusion, copies: &BTreeSet<NodeId>) -> Result<Vec<Kernel>, NodeId> {
    let stored = |id: NodeId| fusion.stored[id] || copies.contains(&id);
    let readers = readers(nodes);
    let scene = Scene { nodes, fusion, stored: &stored, readers: &readers };
    let mut kernels = Vec::new();
    for &id in copies {
        kernels.push(Kernel::Map(copy_pass(&scene, id)?));
    }
    for (id, node) in nodes.iter().enumerate() {
        match node.op {
            Op::MatMul { .. } | Op::Conv(..) => kernels.push(Kernel::Product { node: id, epilogue: None }),
            Op::Pad(_) | Op::Concat(_) | Op::Gather | Op::ScatterAdd | Op::ArgReduce(..) => {
                kernels.push(Kernel::Move { node: id });
            }
            _ => {}
        }
    }
    let mut passes = Vec::new();
    for group in 0..fusion.members.len() {
        let pass = group_pass(&scene, group)?;
        let reduction = fusion.members[group].iter().find(|&&id| matches!(nodes[id].op, Op::Reduce(..)));
        match reduction {
            Some(&node) => kernels.push(Kernel::Reduce { node, pass }),
            None => passes.push(pass),
        }
    }
    attach(nodes, &stored, &mut kernels, passes);
    Ok(kernels)
}

/// Lets a product run the elementwise pass that follows it, if no kernel must run between them.
fn attach(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, kernels: &mut Vec<Kernel>, passes: Vec<Pass>) {
    let n_heavy = kernels.len();
    kernels.extend(passes.into_iter().map(Kernel::Map));
    let mut taken = vec![false; kernels.len()];
    for at in (0..n_heavy).rev() {
        let Kernel::Product { node, epilogue: None } = kernels[at] else {
            continue;
        };
        let numel = nodes[node].shape.numel();
        let linear = |pass: &Pass| {
            let mut loads = pass.loads.iter().filter(|load| load.base == node).peekable();
            pass.len == numel
                && loads.peek().is_some()
                && loads.all(|load| load.is_linear() && load.offset == 0)
        };
        let follows = |i: &usize| !taken[*i] && matches!(&kernels[*i], Kernel::Map(pass) if linear(pass));
        let found = (n_heavy..kernels.len())
            .filter(follows)
            .find(|&i| !stands_between(nodes, stored, kernels, &taken, at, i));
        if let Some(i) = found {
            let epilogue = kernels[i].pass().cloned();
            kernels[at] = Kernel::Product { node, epilogue };
            taken[i] = true;
        }
    }
    let mut taken = taken.into_iter();
    kernels.retain(|_| !taken.next().unwrap_or(false));
}

/// Does a path lead from kernel `first` to kernel `second` through another kernel?
fn stands_between(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    kernels: &[Kernel],
    taken: &[bool],
    first: usize,
    second: usize,
) -> bool {
    let mut writer = vec![None; nodes.len()];
    let live = |i: &usize| !taken[*i];
    for i in (0..kernels.len()).filter(live) {
        for id in kernels[i].writes() {
            writer[id] = Some(i);
        }
    }
    let before = |i: usize| -> Vec<usize> {
        kernels[i].reads(nodes, stored).into_iter().filter_map(|id| writer[id]).filter(|&k| k != i).collect()
    };
    let mut seen = vec![false; kernels.len()];
    let mut open: Vec<usize> = before(second).into_iter().filter(|&k| k != first).collect();
    while let Some(i) = open.pop() {
        if i == first {
            return true;
        }
        if !std::mem::replace(&mut seen[i], true) {
            open.extend(before(i));
        }
    }
    false
}
