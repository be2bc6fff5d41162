//! Sums of weight gradients become one product of the joined batches.
//!
//! ```text
//!                          X1 ^T  D1
//! X1^T D1 + X2^T D2   =    --     --
//!                          X2     D2
//! ```

use super::access::is_view;
use super::batch::{MAX_ROWS, rows};
use super::join::{joint_shape, neighbours, strip_rows};
use super::rules;
use super::shared::Shared;
use super::simplify::compact;
use crate::op::{Binary, ConvPass, Op};
use crate::trace::{Node, NodeId};

/// Joins the products in sums; returns the new graph and the places of the outputs in it.
pub(super) fn sums(nodes: Vec<Node>, outputs: &[NodeId]) -> (Vec<Node>, Vec<NodeId>) {
    let mut readers = vec![0; nodes.len()];
    let read = nodes.iter().flat_map(|node| &node.inputs).chain(outputs);
    read.for_each(|&id| readers[id] += 1);
    let mut inner = vec![false; nodes.len()];
    let is_sum = |id: NodeId| nodes[id].op == Op::Binary(Binary::Add);
    for node in nodes.iter().filter(|node| node.op == Op::Binary(Binary::Add)) {
        for &input in node.inputs.iter().filter(|&&input| is_sum(input) && readers[input] == 1) {
            inner[input] = true;
        }
    }
    let mut shared = Shared::new(rules::simplify);
    let mut place: Vec<NodeId> = Vec::with_capacity(nodes.len());
    for (id, node) in nodes.iter().enumerate() {
        let terms = if is_sum(id) && !inner[id] { terms(&nodes, &inner, id) } else { Vec::new() };
        let (products, rest): (Vec<NodeId>, Vec<NodeId>) =
            terms.into_iter().partition(|&term| readers[term] == 1 && is_weight_gradient(&nodes[term]));
        let products: Vec<NodeId> = products.into_iter().map(|term| place[term]).collect();
        let new = match joined(&mut shared, &products) {
            Some(joined) => {
                let all = joined.into_iter().chain(rest.into_iter().map(|term| place[term]));
                let add = |a, b| shared.push(node.op.clone(), vec![a, b], node.shape.clone());
                all.reduce(add)
            }
            None => None,
        };
        place.push(new.unwrap_or_else(|| {
            let inputs = node.inputs.iter().map(|&input| place[input]).collect();
            shared.push(node.op.clone(), inputs, node.shape.clone())
        }));
    }
    let outputs: Vec<NodeId> = outputs.iter().map(|&output| place[output]).collect();
    compact(shared.nodes, &outputs)
}

/// The terms of a sum whose partial sums have no other reader.
fn terms(nodes: &[Node], inner: &[bool], sum: NodeId) -> Vec<NodeId> {
    let (mut found, mut open) = (Vec::new(), vec![sum]);
    while let Some(id) = open.pop() {
        for &input in nodes[id].inputs.iter().rev() {
            if inner[input] { open.push(input) } else { found.push(input) }
        }
    }
    found
}

/// Is the first axis of both operands what the product sums over?
fn is_weight_gradient(node: &Node) -> bool {
    match node.op {
        Op::MatMul { left_transposed, right_transposed } => {
            left_transposed && !right_transposed && node.shape.len() == 2
        }
        Op::Conv(pass, _) => pass == ConvPass::WeightGrad,
        _ => false,
    }
}

/// The products that remain after joining those whose operands join without copies, if there are such.
fn joined(g: &mut Shared, products: &[NodeId]) -> Option<Vec<NodeId>> {
    let mut left = products.to_vec();
    let mut done = Vec::new();
    left.sort_by_key(|&id| g.lies_in(strip_rows(g, g.nodes[id].inputs[0])).first().copied());
    while let Some(first) = left.first().copied() {
        let mut group = vec![first];
        for &next in &left[1..] {
            let longer: Vec<NodeId> = group.iter().copied().chain([next]).collect();
            let depth: usize = longer.iter().map(|&id| rows(&g.nodes[g.nodes[id].inputs[1]].shape)).sum();
            if depth <= MAX_ROWS && g.nodes[next].op == g.nodes[first].op && joins(g, &longer) {
                group = longer;
            }
        }
        left.retain(|id| !group.contains(id));
        done.push(join(g, &group));
    }
    (done.len() < products.len()).then_some(done)
}

/// Do the operands of these products lie side by side, or can they be placed so?
fn joins(g: &Shared, products: &[NodeId]) -> bool {
    (0..2).all(|side| {
        let operands: Vec<NodeId> = products.iter().map(|&id| g.nodes[id].inputs[side]).collect();
        let parts: Vec<NodeId> = operands.iter().map(|&id| strip_rows(g, id)).collect();
        let row = |part: NodeId| &g.nodes[part].shape[1..];
        // Both as they lie in memory and as the product sees them: rows of 4 x 6 and of 6 x 4 pixels are not alike.
        let same = |all: &[NodeId]| all.iter().all(|&id| row(id) == row(all[0]));
        let alike = same(&parts) && same(&operands);
        alike && (neighbours(g, &parts).is_some() || parts.iter().all(|&part| can_be_placed(g, part)))
    })
}

/// Is the node written by a kernel of its own, and not part of another join?
fn can_be_placed(g: &Shared, id: NodeId) -> bool {
    let given = |op: &Op| matches!(op, Op::Input(_) | Op::Literal(_) | Op::Constant(_));
    g.lies_in(id).is_empty() && !given(&g.nodes[id].op) && !is_view(&g.nodes[id].op)
}

fn join(g: &mut Shared, products: &[NodeId]) -> NodeId {
    if let [only] = products {
        return *only;
    }
    let (op, shape) = (g.nodes[products[0]].op.clone(), g.nodes[products[0]].shape.clone());
    let operands = [0, 1].map(|side| {
        let parts: Vec<NodeId> = products.iter().map(|&id| g.nodes[id].inputs[side]).collect();
        let joint = joint_shape(parts.iter().map(|&part| &g.nodes[part].shape));
        g.push(Op::Concat(0), parts, joint)
    });
    g.push(op, operands.to_vec(), shape)
}
