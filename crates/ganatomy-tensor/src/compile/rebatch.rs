//! The graph rebuilt with every pack as one node, and the old nodes as its rows.

use super::batch::{Packs, packs};
use super::join::{joint_shape, rows};
use super::rules;
use super::shared::Shared;
use super::simplify::compact;
use crate::op::Op;
use crate::trace::{Node, NodeId};

struct Rebuild<'a> {
    nodes: &'a [Node],
    packs: Packs,
    shared: Shared,
    place: Vec<Option<NodeId>>,
}

/// Joins what can be joined; returns the new graph and the places of the outputs in it.
pub(super) fn batch(nodes: Vec<Node>, outputs: &[NodeId]) -> (Vec<Node>, Vec<NodeId>) {
    let packs = packs(&nodes);
    if packs.all.is_empty() {
        return (nodes, outputs.to_vec());
    }
    let place = vec![None; nodes.len()];
    let mut rebuild = Rebuild { nodes: &nodes, packs, shared: Shared::new(rules::simplify), place };
    let mut open: Vec<NodeId> = Vec::new();
    for id in 0..nodes.len() {
        open.push(id);
        // A pack waits for the operands of all its lanes.
        while let Some(&next) = open.last() {
            let missing: Vec<NodeId> =
                rebuild.operands(next).into_iter().filter(|&input| rebuild.place[input].is_none()).collect();
            if rebuild.place[next].is_some() || missing.is_empty() {
                open.pop();
                rebuild.emit(next);
            } else {
                open.extend(missing);
            }
        }
    }
    let outputs: Vec<NodeId> = outputs.iter().filter_map(|&output| rebuild.place[output]).collect();
    compact(rebuild.shared.nodes, &outputs)
}

impl Rebuild<'_> {
    fn operands(&self, id: NodeId) -> Vec<NodeId> {
        match self.packs.of[id] {
            Some((pack, _)) => {
                let lanes = self.packs.all[pack].lanes.iter();
                lanes.flat_map(|&lane| self.nodes[lane].inputs.iter().copied()).collect()
            }
            None => self.nodes[id].inputs.clone(),
        }
    }

    fn emit(&mut self, id: NodeId) {
        if self.place[id].is_some() {
            return;
        }
        let node = &self.nodes[id];
        match self.packs.of[id] {
            Some((pack, _)) => self.emit_pack(pack),
            None => {
                let inputs = node.inputs.iter().filter_map(|&input| self.place[input]).collect();
                self.place[id] = Some(self.shared.push(node.op.clone(), inputs, node.shape.clone()));
            }
        }
    }

    fn emit_pack(&mut self, pack: usize) {
        let pack = &self.packs.all[pack];
        let first = &self.nodes[pack.lanes[0]];
        let mut inputs = Vec::with_capacity(first.inputs.len());
        for operands in &pack.operands {
            let parts: Vec<NodeId> = operands.iter().filter_map(|&id| self.place[id]).collect();
            let shape = joint_shape(parts.iter().map(|&part| &self.shared.nodes[part].shape));
            inputs.push(self.shared.push(Op::Concat(0), parts, shape));
        }
        inputs.extend(first.inputs[inputs.len()..].iter().filter_map(|&input| self.place[input]));
        let shape = joint_shape(pack.lanes.iter().map(|&lane| &self.nodes[lane].shape));
        let joined = self.shared.push(first.op.clone(), inputs, shape);
        let mut start = 0;
        for &lane in &pack.lanes {
            let shape = &self.nodes[lane].shape;
            self.place[lane] = Some(rows(&mut self.shared, joined, start, shape));
            start += shape[0];
        }
    }
}
