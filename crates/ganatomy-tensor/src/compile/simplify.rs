//! The graph rebuilt from its outputs: dead nodes left out, equal nodes shared, constants folded.

use std::collections::HashMap;

use super::rules;
use crate::op::Op;
use crate::shape::Shape;
use crate::trace::{Graph, Node, NodeId};

/// A graph under construction in which no node stands twice.
#[derive(Default)]
pub(super) struct Shared {
    pub nodes: Vec<Node>,
    known: HashMap<(Op, Vec<NodeId>, Shape), NodeId>,
    /// The concatenation along the first axis that a node is part of, and the row where it starts.
    pub joined: HashMap<NodeId, (NodeId, usize)>,
}

impl Shared {
    /// The node that computes this: a simpler one, one that is already there, or a new one.
    pub fn push(&mut self, op: Op, mut inputs: Vec<NodeId>, shape: Shape) -> NodeId {
        if let Some(simpler) = rules::simplify(self, &op, &inputs, &shape) {
            return simpler;
        }
        if matches!(op, Op::Binary(f) if rules::commutes(f)) {
            inputs.sort_unstable();
        }
        let key = (op, inputs, shape);
        if let Some(&id) = self.known.get(&key) {
            return id;
        }
        let (op, inputs, shape) = key.clone();
        self.nodes.push(Node { op, inputs, shape });
        self.known.insert(key, self.nodes.len() - 1);
        self.note_join(self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn note_join(&mut self, id: NodeId) {
        if self.nodes[id].op == Op::Concat(0) {
            let mut start = 0;
            for &part in &self.nodes[id].inputs {
                self.joined.entry(part).or_insert((id, start));
                start += self.nodes[part].shape[0];
            }
        }
    }
}

/// Rebuilds `graph` for `outputs`; answers the new graph and where the outputs are in it.
pub(super) fn simplify(graph: &Graph, outputs: &[NodeId]) -> (Vec<Node>, Vec<NodeId>) {
    let mut shared = Shared::default();
    let mut place: Vec<Option<NodeId>> = vec![None; graph.nodes.len()];
    for id in reachable(&graph.nodes, outputs) {
        let node = &graph.nodes[id];
        let inputs = node.inputs.iter().filter_map(|&input| place[input]).collect();
        place[id] = Some(shared.push(node.op.clone(), inputs, node.shape.clone()));
    }
    let outputs: Vec<NodeId> = outputs.iter().filter_map(|&output| place[output]).collect();
    compact(shared.nodes, &outputs)
}

/// The nodes that the outputs depend on, in topological order.
fn reachable(nodes: &[Node], outputs: &[NodeId]) -> Vec<NodeId> {
    let mut needed = vec![false; nodes.len()];
    for &output in outputs {
        needed[output] = true;
    }
    for id in (0..nodes.len()).rev() {
        if needed[id] {
            for &input in &nodes[id].inputs {
                needed[input] = true;
            }
        }
    }
    (0..nodes.len()).filter(|&id| needed[id]).collect()
}

/// Leaves out what rewriting has made dead.
pub(super) fn compact(nodes: Vec<Node>, outputs: &[NodeId]) -> (Vec<Node>, Vec<NodeId>) {
    let kept = reachable(&nodes, outputs);
    let mut place = vec![0; nodes.len()];
    for (to, &from) in kept.iter().enumerate() {
        place[from] = to;
    }
    let moved = kept.iter().map(|&id| {
        let Node { op, inputs, shape } = nodes[id].clone();
        Node { op, inputs: inputs.into_iter().map(|input| place[input]).collect(), shape }
    });
    (moved.collect(), outputs.iter().map(|&output| place[output]).collect())
}
