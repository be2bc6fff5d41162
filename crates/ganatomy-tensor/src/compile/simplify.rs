//! The graph rebuilt from its outputs: dead nodes left out, equal nodes shared, constants folded.

use super::rules;
use super::shared::Shared;
use crate::trace::{Graph, Node, NodeId};

/// Rebuilds `graph` for `outputs`; returns the new graph and the places of the outputs in it.
pub(super) fn simplify(graph: &Graph, outputs: &[NodeId]) -> (Vec<Node>, Vec<NodeId>) {
    let mut shared = Shared::new(rules::simplify);
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

/// Leaves out the nodes that rewriting has made dead.
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
