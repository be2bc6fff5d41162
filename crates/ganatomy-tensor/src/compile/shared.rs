//! A graph under construction: each node rewritten as it is pushed, equal nodes shared.

use std::collections::HashMap;

use crate::op::{Binary, Op};
use crate::shape::Shape;
use crate::trace::{Node, NodeId};

/// Returns a simpler node for the same value, if it knows one; it may push other nodes for it.
pub(super) type Rule = fn(&mut Shared, &Op, &[NodeId], &Shape) -> Option<NodeId>;

/// A graph under construction in which no node occurs twice.
pub(super) struct Shared {
    pub nodes: Vec<Node>,
    rule: Rule,
    known: HashMap<(Op, Vec<NodeId>, Shape), NodeId>,
    /// The concatenation along the first axis that a node is part of, and the row where it starts.
    joined: HashMap<NodeId, (NodeId, usize)>,
}

impl Shared {
    /// An empty graph whose nodes are rewritten by `rule`.
    pub fn new(rule: Rule) -> Self {
        Shared { nodes: Vec::new(), rule, known: HashMap::new(), joined: HashMap::new() }
    }

    /// The node that computes this: a simpler one, one that is already there, or a new one.
    pub fn push(&mut self, op: Op, mut inputs: Vec<NodeId>, shape: Shape) -> NodeId {
        if let Some(simpler) = (self.rule)(self, &op, &inputs, &shape) {
            return simpler;
        }
        if matches!(op, Op::Binary(f) if commutes(f)) {
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

    /// The tensors that hold this node's rows, and at which row they start: the node is a slice, or was joined.
    pub fn lies_in(&self, id: NodeId) -> Vec<(NodeId, usize)> {
        let node = &self.nodes[id];
        let mut found: Vec<(NodeId, usize)> = self.joined.get(&id).into_iter().copied().collect();
        if let Op::Slice(start) = &node.op {
            let whole = &self.nodes[node.inputs[0]].shape;
            let rows =
                !start.is_empty() && whole[1..] == node.shape[1..] && start[1..].iter().all(|&s| s == 0);
            found.extend(rows.then(|| (node.inputs[0], start[0])));
        }
        found
    }
}

/// Can the operands be exchanged without changing a bit?
fn commutes(f: Binary) -> bool {
    matches!(f, Binary::Add | Binary::Mul | Binary::Eq)
}
