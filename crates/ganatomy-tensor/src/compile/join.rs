//! Batches joined: simpler forms of a concatenation along the first axis.

use super::batch::same_rows;
use super::shared::Shared;
use crate::op::Op;
use crate::shape::Shape;
use crate::trace::NodeId;

/// The shape of parts joined along the first axis.
pub(super) fn joint_shape<'a>(parts: impl Iterator<Item = &'a Shape>) -> Shape {
    let mut joint: Vec<usize> = Vec::new();
    for shape in parts {
        match joint.first_mut() {
            Some(rows) => *rows += shape[0],
            None => joint = shape.to_vec(),
        }
    }
    Shape::from(joint)
}

/// A simpler node for `Concat(0)` of these parts, if there is one.
///
/// ```text
/// A[0..m] ++ A[m..n] = A[0..n]         row stretched ++ row stretched = row stretched further
/// reshape(A) ++ reshape(B) = reshape(A ++ B)     if rows stay rows
/// ```
pub(super) fn join(g: &mut Shared, parts: &[NodeId], shape: &Shape) -> Option<NodeId> {
    let first = parts[0];
    if parts.len() == 1 {
        return Some(first);
    }
    if parts.iter().all(|&part| same_rows(&g.nodes, first, part)) {
        let node = g.nodes[first].clone();
        return Some(g.push(node.op, node.inputs, shape.clone()));
    }
    if let Some((whole, start)) = neighbours(g, parts) {
        return Some(rows(g, whole, start, shape));
    }
    let inner: Vec<NodeId> = parts.iter().map(|&part| unshaped(g, part)).collect::<Option<_>>()?;
    let row = |id: NodeId| &g.nodes[id].shape[1..];
    if !inner.iter().all(|&id| row(id) == row(inner[0])) {
        return None;
    }
    let joint = joint_shape(inner.iter().map(|&part| &g.nodes[part].shape));
    let joined = g.push(Op::Concat(0), inner, joint);
    Some(g.push(Op::Reshape, vec![joined], shape.clone()))
}

/// The node under a reshape, if rows stay rows.
pub(super) fn strip_rows(g: &Shared, mut id: NodeId) -> NodeId {
    while let Some(inner) = unshaped(g, id) {
        id = inner;
    }
    id
}

fn unshaped(g: &Shared, id: NodeId) -> Option<NodeId> {
    let node = &g.nodes[id];
    let inner = *node.inputs.first()?;
    (node.op == Op::Reshape && g.nodes[inner].shape.first() == node.shape.first()).then_some(inner)
}

/// Rows of a tensor from `start` on.
pub(super) fn rows(g: &mut Shared, whole: NodeId, start: usize, shape: &Shape) -> NodeId {
    let mut at = vec![0; shape.len()];
    at[0] = start;
    g.push(Op::Slice(at), vec![whole], shape.clone())
}

/// The tensor in which the parts lie one after another, and the row where the first starts.
pub(super) fn neighbours(g: &Shared, parts: &[NodeId]) -> Option<(NodeId, usize)> {
    let (whole, start) = g.lies_in(parts[0]).into_iter().find(|&(whole, start)| {
        let mut at = start;
        parts.iter().all(|&part| {
            let here = g.lies_in(part).contains(&(whole, at));
            at += g.nodes[part].shape[0];
            here
        })
    })?;
    Some((whole, start))
}
