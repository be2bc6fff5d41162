//! Kernels: the units of work of a program, what each reads and writes, and which run as one.

use std::collections::BTreeSet;

use super::access::{Access, dense, is_view};
use super::fuse::{Fusion, fuse};
use super::levels::Levels;
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
    /// Pad, concatenate, gather, scatter-add, argmax and argmin, nearness, random numbers of several members.
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
    settle(nodes, &fusion, &mut copies);
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

/// Building a pass may find a view that must be stored, and copying that another one.
fn settle(nodes: &[Node], fusion: &Fusion, copies: &mut BTreeSet<NodeId>) {
    let readers = readers(nodes);
    let attempt = |copies: &BTreeSet<NodeId>, made: &dyn Fn(&Scene<'_>) -> Result<Pass, NodeId>| {
        let stored = |id: NodeId| fusion.stored[id] || copies.contains(&id);
        made(&Scene { nodes, fusion, stored: &stored, readers: &readers }).err()
    };
    let mut open: Vec<NodeId> = copies.iter().copied().collect();
    for group in 0..=fusion.members.len() {
        loop {
            while let Some(&id) = open.last() {
                match attempt(copies, &|scene| copy_pass(scene, id)) {
                    Some(view) => {
                        copies.insert(view);
                        open.push(view);
                    }
                    None => drop(open.pop()),
                }
            }
            if group == fusion.members.len() {
                break;
            }
            let Some(view) = attempt(copies, &|scene| group_pass(scene, group)) else { break };
            copies.insert(view);
            open.push(view);
        }
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
            Op::Pad(_)
            | Op::Concat(_)
            | Op::Gather
            | Op::ScatterAdd
            | Op::ArgReduce(..)
            | Op::RandomOf(..)
            | Op::Nearness
            | Op::NearnessGrad => {
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
    Ok(attach(nodes, &stored, kernels, passes))
}

/// Lets a product run the elementwise pass that follows it, if no kernel must run between them.
fn attach(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    mut kernels: Vec<Kernel>,
    passes: Vec<Pass>,
) -> Vec<Kernel> {
    let n_heavy = kernels.len();
    kernels.extend(passes.into_iter().map(Kernel::Map));
    // The passes that read each tensor.
    let mut followers = vec![Vec::new(); nodes.len()];
    for (i, kernel) in kernels.iter().enumerate().skip(n_heavy) {
        kernel.reads(nodes, stored).into_iter().for_each(|id| followers[id].push(i));
    }
    let mut paths = Paths::new(nodes, stored, &kernels);
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
        let follows =
            |i: &usize| paths.owner[*i] == *i && matches!(&kernels[*i], Kernel::Map(pass) if linear(pass));
        let follows: Vec<usize> = followers[node].iter().copied().filter(follows).collect();
        if let Some(i) = follows.into_iter().find(|&i| !paths.stand_between(at, i)) {
            let epilogue = kernels[i].pass().cloned();
            kernels[at] = Kernel::Product { node, epilogue };
            paths.join(at, i, node);
        }
    }
    let mut at = 0..;
    kernels.retain(|_| at.next().is_some_and(|i| paths.owner[i] == i));
    kernels
}

/// Which kernel leads to which, while passes become parts of products.
struct Paths {
    /// What each kernel reads and writes.
    touched: Vec<[Vec<NodeId>; 2]>,
    writer: Vec<Option<usize>>,
    readers: Vec<Vec<usize>>,
    /// The kernel that each is part of: itself, or a product.
    owner: Vec<usize>,
    /// A kernel is above those that run before it.
    levels: Levels,
}

impl Paths {
    fn new(nodes: &[Node], stored: &dyn Fn(NodeId) -> bool, kernels: &[Kernel]) -> Paths {
        let reads = |kernel: &Kernel| kernel.reads(nodes, stored).into_iter().collect();
        let touched: Vec<[Vec<NodeId>; 2]> =
            kernels.iter().map(|kernel| [reads(kernel), kernel.writes()]).collect();
        let (mut writer, mut readers) = (vec![None; nodes.len()], vec![Vec::new(); nodes.len()]);
        for (i, [reads, writes]) in touched.iter().enumerate() {
            writes.iter().for_each(|&id| writer[id] = Some(i));
            reads.iter().for_each(|&id| readers[id].push(i));
        }
        let (owner, levels) = ((0..kernels.len()).collect(), Levels::new(kernels.len()));
        let mut paths = Paths { touched, writer, readers, owner, levels };
        paths.place_all();
        paths
    }

    /// Gives each kernel its level after those before it.
    fn place_all(&mut self) {
        let n = self.owner.len();
        let before: Vec<Vec<usize>> =
            (0..n).map(|i| before(&self.touched, &self.writer, &self.owner, i)).collect();
        let (mut waiting, mut after) = (vec![0; n], vec![Vec::new(); n]);
        for (i, before) in before.iter().enumerate() {
            waiting[i] = before.len();
            before.iter().for_each(|&k| after[k].push(i));
        }
        let mut ready: Vec<usize> = (0..n).filter(|&i| waiting[i] == 0).collect();
        while let Some(i) = ready.pop() {
            self.levels.place(i, &before[i]);
            for &k in &after[i] {
                waiting[k] -= 1;
                if waiting[k] == 0 {
                    ready.push(k);
                }
            }
        }
    }

    fn raise(&mut self, i: usize) {
        let Paths { touched, writer, readers, owner, levels } = self;
        let to = before(touched, writer, owner, i).into_iter();
        levels.raise(i, to, |i| {
            touched[i][1].iter().flat_map(|&id| &readers[id]).map(|&reader| owner[reader]).collect()
        });
    }

    /// Does a path lead from kernel `first` to kernel `second` through another kernel?
    fn stand_between(&mut self, first: usize, second: usize) -> bool {
        let Paths { touched, writer, owner, levels, .. } = self;
        let open = before(touched, writer, owner, second).into_iter().filter(|&k| k != first).collect();
        levels.meets(open, first, |i| before(touched, writer, owner, i))
    }

    /// Makes a pass part of a product, whose own result it reads on the way.
    fn join(&mut self, product: usize, pass: usize, result: NodeId) {
        self.owner[pass] = product;
        let [reads, writes] = std::mem::take(&mut self.touched[pass]);
        self.touched[product][0].extend(reads.into_iter().filter(|&id| id != result));
        self.touched[product][1].extend(writes);
        self.raise(product);
        self.lift_readers(product);
    }

    /// Puts what reads a product's new results above it.
    fn lift_readers(&mut self, product: usize) {
        let results = self.touched[product][1].iter();
        let mut after: Vec<usize> =
            results.flat_map(|&id| &self.readers[id]).map(|&reader| self.owner[reader]).collect();
        after.sort_unstable();
        after.dedup();
        after.into_iter().filter(|&reader| reader != product).for_each(|reader| self.raise(reader));
    }
}

/// The kernels that a kernel reads from.
fn before(touched: &[[Vec<NodeId>; 2]], writer: &[Option<usize>], owner: &[usize], i: usize) -> Vec<usize> {
    let writers = touched[i][0].iter().filter_map(|&id| writer[id]).map(|k| owner[k]);
    writers.filter(|&k| k != i).collect()
}
