//! Finds nodes that do the same to different batches: they become one node on the joined batches.
//!
//! ```text
//! X1 [m1, k] --W--> C1 --f--> ..          X1          C1
//!                                   =>    -- --W-->   -- --f--> ..     one product, one pass
//! X2 [m2, k] --W--> C2 --f--> ..          X2          C2
//! ```
//!
//! A pack is such a set of nodes, one in each lane. Products that share their right operand start one; the
//! elementwise nodes and products that follow in the same way in every lane are packs too.

use std::collections::HashMap;

use super::access::is_view;
use crate::op::{Binary, ConvPass, Op};
use crate::shape::Shape;
use crate::trace::{Node, NodeId};

/// A product of more rows than this gains nothing from a join: it uses each packed operand often enough.
const MAX_LANE_ROWS: usize = 256;
/// Rows, or depth, of a joined product: beyond this only its memory grows.
pub(super) const MAX_ROWS: usize = 1024;
/// Results smaller than this are not joined.
const MIN_ELEMENTS: usize = 1 << 12;
/// How many nodes are searched for the lane that an operand comes from.
const HINT_NODES: usize = 24;

/// Nodes that become one: `operands[i][lane]` is operand `i` of the node in a lane; a product's right operand is shared.
#[derive(Debug)]
pub(super) struct Pack {
    pub lanes: Vec<NodeId>,
    pub operands: Vec<Vec<NodeId>>,
}

/// All packs, and for each node its pack and its lane there.
#[derive(Debug, Default)]
pub(super) struct Packs {
    pub all: Vec<Pack>,
    pub of: Vec<Option<(usize, usize)>>,
}

/// What products must have in common to be joined: operation, right operand, shapes of a row.
type Key<'a> = (&'a Op, NodeId, &'a [usize], &'a [usize]);

struct Finder<'a> {
    nodes: &'a [Node],
    users: Vec<Vec<NodeId>>,
    packs: Packs,
}

/// Finds the packs of a graph. Joining them makes no cycles.
pub(super) fn packs(nodes: &[Node]) -> Packs {
    let mut users: Vec<Vec<NodeId>> = vec![Vec::new(); nodes.len()];
    let mut alike: HashMap<Key<'_>, Vec<NodeId>> = HashMap::new();
    for (id, node) in nodes.iter().enumerate() {
        for &input in &node.inputs {
            if users[input].last() != Some(&id) {
                users[input].push(id);
            }
        }
        if let Some(key) = key(nodes, id) {
            alike.entry(key).or_default().push(id);
        }
    }
    let packs = Packs { all: Vec::new(), of: vec![None; nodes.len()] };
    let mut finder = Finder { nodes, users, packs };
    for id in 0..nodes.len() {
        let candidates = key(nodes, id).and_then(|key| alike.get(&key)).filter(|all| all.len() > 1);
        if let (Some(candidates), None) = (candidates, finder.packs.of[id]) {
            let lanes = finder.seed(id, candidates);
            if lanes.len() > 1 {
                finder.open(lanes);
            }
        }
    }
    finder.packs
}

/// The key of a product that can be joined with others; `None` for other nodes.
fn key(nodes: &[Node], id: NodeId) -> Option<Key<'_>> {
    let node = &nodes[id];
    let by_rows = match &node.op {
        Op::MatMul { left_transposed, .. } => !left_transposed && node.shape.len() == 2,
        Op::Conv(pass, _) => *pass != ConvPass::WeightGrad,
        _ => false,
    };
    let worth = rows(&node.shape) <= MAX_LANE_ROWS && node.shape.numel() >= MIN_ELEMENTS;
    (by_rows && worth).then(|| {
        let left = &nodes[node.inputs[0]].shape;
        (&node.op, node.inputs[1], &left[1..], &node.shape[1..])
    })
}

/// How many rows the matrix product behind a result has.
pub(super) fn rows(shape: &Shape) -> usize {
    shape.split_last().map_or(1, |(_, rows)| rows.iter().product())
}

impl Finder<'_> {
    /// The products that can be joined with `first`, in the order of their lanes.
    fn seed(&self, first: NodeId, candidates: &[NodeId]) -> Vec<NodeId> {
        let mut lanes = vec![first];
        let mut total = rows(&self.nodes[first].shape);
        for &other in candidates.iter().filter(|&&c| c > first && self.packs.of[c].is_none()) {
            let more = rows(&self.nodes[other].shape);
            if total + more <= MAX_ROWS && !self.depend(&lanes, other) {
                lanes.push(other);
                total += more;
            }
        }
        lanes.sort_by_cached_key(|&id| self.hint(id));
        lanes
    }

    /// Does a path lead from one of these nodes to another, with every pack as one node?
    fn depend(&self, lanes: &[NodeId], other: NodeId) -> bool {
        let meets = |from: &[NodeId], to: &[NodeId], next: &dyn Fn(NodeId) -> Vec<NodeId>| {
            let mut seen = vec![false; self.nodes.len()];
            let mut open: Vec<NodeId> = from.to_vec();
            while let Some(id) = open.pop() {
                if std::mem::replace(&mut seen[id], true) {
                    continue;
                }
                if to.contains(&id) {
                    return true;
                }
                if let Some((pack, _)) = self.packs.of[id] {
                    open.extend(self.packs.all[pack].lanes.iter().filter(|&&lane| !seen[lane]));
                }
                open.extend(next(id));
            }
            false
        };
        let inputs = |id: NodeId| self.nodes[id].inputs.clone();
        meets(&[other], lanes, &inputs) || meets(lanes, &[other], &inputs)
    }

    /// The lane that the left operand of a product comes from, or that its result meets.
    fn hint(&self, id: NodeId) -> usize {
        let mut open = vec![self.nodes[id].inputs[0]];
        let users = self.users[id].iter().filter(|&&user| self.nodes[user].op.is_elementwise());
        open.extend(users.flat_map(|&user| &self.nodes[user].inputs).filter(|&&input| input != id));
        let mut at = 0;
        while let (Some(&next), true) = (open.get(at), at < HINT_NODES) {
            if let Some((_, lane)) = self.packs.of[next] {
                return lane;
            }
            let node = &self.nodes[next];
            if node.op.is_elementwise() || is_view(&node.op) {
                open.extend(&node.inputs);
            }
            at += 1;
        }
        usize::MAX
    }

    /// Makes products a pack, and so what follows them in the same way in every lane.
    fn open(&mut self, lanes: Vec<NodeId>) {
        let lefts = lanes.iter().map(|&id| self.nodes[id].inputs[0]).collect();
        let mut open = vec![self.add(Pack { lanes, operands: vec![lefts] })];
        while let Some(pack) = open.pop() {
            for user in self.users[self.packs.all[pack].lanes[0]].clone() {
                if let Some(next) = self.following(pack, user) {
                    open.push(self.add(next));
                }
            }
        }
    }

    fn add(&mut self, pack: Pack) -> usize {
        for (lane, &id) in pack.lanes.iter().enumerate() {
            self.packs.of[id] = Some((self.packs.all.len(), lane));
        }
        self.packs.all.push(pack);
        self.packs.all.len() - 1
    }

    /// The pack of `user`, which reads the first lane of `pack`, and of the same nodes in the other lanes.
    fn following(&self, pack: usize, user: NodeId) -> Option<Pack> {
        let node = &self.nodes[user];
        let product = key(self.nodes, user).is_some();
        let follows = product && self.packs.of[node.inputs[0]] == Some((pack, 0))
            || matches!(node.op, Op::Unary(_) | Op::Binary(_) | Op::Select);
        if self.packs.of[user].is_some() || !follows {
            return None;
        }
        let n_operands = if product { 1 } else { node.inputs.len() };
        let mut operands: Vec<Vec<NodeId>> = node.inputs[..n_operands].iter().map(|&id| vec![id]).collect();
        let mut lanes = vec![user];
        for lane in 1..self.packs.all[pack].lanes.len() {
            let readers = &self.users[self.packs.all[pack].lanes[lane]];
            let free = |&&id: &&NodeId| self.packs.of[id].is_none() && !lanes.contains(&id);
            let like = |id: &NodeId| Some((*id, self.alike(user, *id, lane)?));
            let (found, inputs) = readers.iter().filter(free).find_map(like)?;
            lanes.push(found);
            operands.iter_mut().zip(inputs).for_each(|(all, input)| all.push(input));
        }
        Some(Pack { lanes, operands })
    }

    /// The operands of `other`, in the order of `first`'s, if it does in its lane what `first` does in the first.
    fn alike(&self, first: NodeId, other: NodeId, lane: usize) -> Option<Vec<NodeId>> {
        let (a, b) = (&self.nodes[first], &self.nodes[other]);
        if a.op != b.op || a.shape[1..] != b.shape[1..] || a.shape.len() != b.shape.len() {
            return None;
        }
        if key(self.nodes, first).is_some() {
            let same = a.inputs[1] == b.inputs[1] && self.beside(a.inputs[0], b.inputs[0], lane);
            return (same && key(self.nodes, other).is_some()).then(|| b.inputs.clone());
        }
        let fit = |inputs: &[NodeId]| a.inputs.iter().zip(inputs).all(|(&x, &y)| self.beside(x, y, lane));
        if fit(&b.inputs) {
            return Some(b.inputs.clone());
        }
        let swapped: Vec<NodeId> = b.inputs.iter().rev().copied().collect();
        let commutes = matches!(a.op, Op::Binary(Binary::Add | Binary::Mul | Binary::Eq));
        (commutes && fit(&swapped)).then_some(swapped)
    }

    /// Is `b` in its lane what `a` is in the first: in the same pack, or the same in every row?
    fn beside(&self, a: NodeId, b: NodeId, lane: usize) -> bool {
        match (self.packs.of[a], self.packs.of[b]) {
            (Some((p, 0)), Some((q, at))) => p == q && at == lane,
            (None, None) => same_rows(self.nodes, a, b),
            _ => false,
        }
    }
}

/// Are both the same constant, or the same row stretched?
pub(super) fn same_rows(nodes: &[Node], a: NodeId, b: NodeId) -> bool {
    let (x, y) = (&nodes[a], &nodes[b]);
    match (&x.op, &y.op) {
        (Op::Constant(c), Op::Constant(d)) => c == d,
        (Op::Broadcast, Op::Broadcast) => {
            let row = &nodes[x.inputs[0]].shape;
            x.inputs == y.inputs && (row.len() < x.shape.len() || row[0] == 1)
        }
        _ => false,
    }
}
