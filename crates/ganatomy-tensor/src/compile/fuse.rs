//! Fusion: elementwise nodes joined into groups that run as one pass over memory.

use std::collections::BTreeSet;

use super::access::{base, is_view, strip};
use super::levels::Levels;
use crate::op::{Binary, Op, Unary};
use crate::trace::{Node, NodeId};

/// A group's number; the group of a reduction runs the elementwise work that feeds it.
pub(crate) type GroupId = usize;

/// More nodes than this in one pass would not keep their values in the first-level cache.
const MAX_GROUP_NODES: usize = 64;
/// A value of at most this many operations is computed again in each pass, not stored and read back.
const MAX_REPEATED_OPS: usize = 3;

/// Which pass computes each elementwise node, and what must be stored.
#[derive(Debug, Default)]
pub(crate) struct Fusion {
    /// The group of each elementwise node and of each reduction; `None` for repeated nodes.
    pub group: Vec<Option<GroupId>>,
    /// The members of each group, ascending.
    pub members: Vec<Vec<NodeId>>,
    /// Nodes whose value other kernels read from memory.
    pub stored: Vec<bool>,
}

struct Uses {
    consumers: Vec<Vec<NodeId>>,
    is_output: Vec<bool>,
    /// The readers of nodes that are placed, seen through repeated nodes, which are where their readers are.
    readers: Vec<Vec<NodeId>>,
    /// Of the units of placed nodes: a group by its first member, other nodes by themselves.
    levels: Levels,
}

/// Groups the elementwise nodes, from the outputs backwards.
pub(crate) fn fuse(nodes: &[Node], outputs: &[NodeId]) -> Fusion {
    let mut uses = uses(nodes, outputs);
    let cheap = repeatable(nodes);
    let mut fusion =
        Fusion { group: vec![None; nodes.len()], members: Vec::new(), stored: vec![false; nodes.len()] };
    // The groups that need each node's value element by element.
    let mut users: Vec<BTreeSet<GroupId>> = vec![BTreeSet::new(); nodes.len()];
    for id in (0..nodes.len()).rev() {
        let node = &nodes[id];
        if matches!(node.op, Op::Constant(_)) || is_view(&node.op) {
            continue;
        }
        if !node.op.is_elementwise() {
            fusion.stored[id] = !matches!(node.op, Op::Input(_) | Op::Literal(_));
            if matches!(node.op, Op::Reduce(..)) {
                fusion.open(id);
                note_users(nodes, id, &fusion, &mut users);
            }
        } else {
            place(nodes, id, &mut uses, &cheap, &mut fusion, &mut users);
            note_users(nodes, id, &fusion, &mut users);
        }
        uses.note(nodes, id, &fusion);
    }
    for members in &mut fusion.members {
        members.sort_unstable();
    }
    fusion
}

impl Fusion {
    fn open(&mut self, id: NodeId) {
        self.group[id] = Some(self.members.len());
        self.members.push(vec![id]);
    }

    fn join(&mut self, id: NodeId, group: GroupId) {
        self.group[id] = Some(group);
        self.members[group].push(id);
    }

    /// Is the node computed again wherever it is read?
    fn repeats(&self, nodes: &[Node], id: NodeId) -> bool {
        self.group[id].is_none() && nodes[id].op.is_elementwise()
    }

    /// What a node is part of: its group, by the first member, or itself.
    fn unit(&self, id: NodeId) -> NodeId {
        self.group[id].map_or(id, |group| self.members[group][0])
    }

    /// The nodes of a unit.
    fn parts(&self, unit: NodeId) -> Vec<NodeId> {
        self.group[unit].map_or(vec![unit], |group| self.members[group].clone())
    }
}

impl Uses {
    /// Notes what a node that has just been placed leads to.
    fn note(&mut self, nodes: &[Node], id: NodeId, fusion: &Fusion) {
        let mut readers = Vec::new();
        for &reader in &self.consumers[id] {
            if fusion.repeats(nodes, reader) {
                readers.extend(&self.readers[reader]);
            } else {
                readers.push(reader);
            }
        }
        readers.sort_unstable();
        readers.dedup();
        self.readers[id] = readers;
        if !fusion.repeats(nodes, id) {
            let to = self.readers[id].iter().map(|&reader| fusion.unit(reader));
            self.levels.raise(fusion.unit(id), to, |unit| sources(nodes, fusion, unit, id));
        }
    }

    /// The units that a unit leads to.
    fn next(readers: &[Vec<NodeId>], fusion: &Fusion, unit: NodeId) -> Vec<NodeId> {
        let parts = fusion.parts(unit).into_iter();
        parts
            .flat_map(|part| &readers[part])
            .map(|&reader| fusion.unit(reader))
            .filter(|&to| to != unit)
            .collect()
    }
}

/// The units that lead to a unit, of nodes from `placed` on.
fn sources(nodes: &[Node], fusion: &Fusion, unit: NodeId, placed: NodeId) -> Vec<NodeId> {
    let (mut open, mut found) = (fusion.parts(unit), Vec::new());
    while let Some(part) = open.pop() {
        let read = nodes[part].inputs.iter().map(|&input| base(nodes, input)).filter(|&read| read >= placed);
        for read in read {
            if fusion.repeats(nodes, read) {
                open.push(read);
            } else {
                found.push(fusion.unit(read));
            }
        }
    }
    found
}

/// Decides where one elementwise node is computed.
fn place(
    nodes: &[Node],
    id: NodeId,
    uses: &mut Uses,
    cheap: &[bool],
    fusion: &mut Fusion,
    users: &mut [BTreeSet<GroupId>],
) {
    let numel = nodes[id].shape.numel();
    let read_elsewhere =
        uses.is_output[id] || uses.consumers[id].iter().any(|&c| !element_by_element(nodes, id, c));
    let candidates: Vec<GroupId> = users[id].iter().copied().collect();
    let fits = |fusion: &Fusion, group: GroupId| {
        fusion.members[group].len() < MAX_GROUP_NODES && iterations(nodes, fusion, group) == numel
    };
    if let ([only], false) = (&candidates[..], read_elsewhere)
        && fits(fusion, *only)
    {
        return fusion.join(id, *only);
    }
    if cheap[id] && !read_elsewhere {
        return;
    }
    fusion.stored[id] = true;
    let joined =
        candidates.into_iter().find(|&group| fits(fusion, group) && !reaches(nodes, uses, fusion, id, group));
    match joined {
        Some(group) => fusion.join(id, group),
        None => fusion.open(id),
    }
}

/// How many elements a group passes over.
fn iterations(nodes: &[Node], fusion: &Fusion, group: GroupId) -> usize {
    let first = fusion.members[group][0];
    match nodes[first].op {
        Op::Reduce(..) => nodes[nodes[first].inputs[0]].shape.numel(),
        _ => nodes[first].shape.numel(),
    }
}

/// Passes the groups that compute `id` on to the elementwise nodes it reads.
fn note_users(nodes: &[Node], id: NodeId, fusion: &Fusion, users: &mut [BTreeSet<GroupId>]) {
    let own = match fusion.group[id] {
        Some(group) => BTreeSet::from([group]),
        None => users[id].clone(),
    };
    for &input in &nodes[id].inputs {
        users[strip(nodes, input)].extend(&own);
    }
}

/// Does the consumer read this node's elements one by one, in order?
fn element_by_element(nodes: &[Node], id: NodeId, consumer: NodeId) -> bool {
    let reads = nodes[consumer].inputs.iter().filter(|&&input| base(nodes, input) == id);
    let passes = nodes[consumer].op.is_elementwise() || matches!(nodes[consumer].op, Op::Reduce(..));
    passes && reads.into_iter().all(|&input| strip(nodes, input) == id)
}

/// The readers of each node, through any chain of views.
fn uses(nodes: &[Node], outputs: &[NodeId]) -> Uses {
    let mut uses = Uses {
        consumers: vec![Vec::new(); nodes.len()],
        is_output: vec![false; nodes.len()],
        readers: vec![Vec::new(); nodes.len()],
        levels: Levels::new(nodes.len()),
    };
    for (id, node) in nodes.iter().enumerate().filter(|(_, node)| !is_view(&node.op)) {
        for &input in &node.inputs {
            let read = base(nodes, input);
            if uses.consumers[read].last() != Some(&id) {
                uses.consumers[read].push(id);
            }
        }
    }
    for &output in outputs {
        uses.is_output[base(nodes, output)] = true;
    }
    uses
}

/// Would the group wait for itself if it computed `id`: does another reader of `id` feed it?
fn reaches(nodes: &[Node], uses: &mut Uses, fusion: &Fusion, id: NodeId, group: GroupId) -> bool {
    // The readers of `id` outside the group; a repeated node is where its readers are.
    let mut open = Vec::new();
    let mut near: Vec<(NodeId, NodeId, bool)> = uses.consumers[id].iter().map(|&c| (id, c, true)).collect();
    while let Some((read, at, before)) = near.pop() {
        // Is every step from `id` on to the same place?
        let in_place = before && element_by_element(nodes, read, at);
        if fusion.repeats(nodes, at) {
            near.extend(uses.consumers[at].iter().map(|&c| (at, c, in_place)));
        } else if fusion.group[at] != Some(group) {
            open.push(fusion.unit(at));
        } else if !in_place {
            // A member reads other places of the value than its own, which would not be computed yet.
            return true;
        }
    }
    // A group is entered and left as a whole.
    let Uses { readers, levels, .. } = uses;
    levels.meets(open, fusion.members[group][0], |unit| Uses::next(readers, fusion, unit))
}

/// Which nodes are cheaper to compute again than to store: a few simple operations on one stored tensor.
fn repeatable(nodes: &[Node]) -> Vec<bool> {
    // For each node: how many operations, and which full-sized tensor it reads, if just one.
    let mut cost: Vec<Option<(usize, Option<NodeId>)>> = vec![None; nodes.len()];
    for id in 0..nodes.len() {
        let node = &nodes[id];
        if !matches!(node.op, Op::Unary(_) | Op::Binary(_) | Op::Select) || !is_plain(&node.op) {
            continue;
        }
        let mut total = Some((1, None));
        for &input in &node.inputs {
            let read = strip(nodes, input);
            let part = if matches!(nodes[read].op, Op::Constant(_)) || is_stretched(nodes, read) {
                (0, None)
            } else {
                cost[read].unwrap_or((0, Some(read)))
            };
            total = match (total, part) {
                (Some((n, a)), (m, b)) if a.is_none() || b.is_none() || a == b => Some((n + m, a.or(b))),
                _ => None,
            };
        }
        cost[id] = total.filter(|(n, _)| *n <= MAX_REPEATED_OPS);
    }
    cost.into_iter().map(|c| c.is_some()).collect()
}

/// A view of something smaller: its elements stay in cache.
fn is_stretched(nodes: &[Node], id: NodeId) -> bool {
    is_view(&nodes[id].op) && nodes[base(nodes, id)].shape.numel() * 2 <= nodes[id].shape.numel()
}

fn is_plain(op: &Op) -> bool {
    match op {
        Op::Unary(f) => matches!(f, Unary::Neg | Unary::Abs | Unary::Sign | Unary::LeakyRelu(_)),
        Op::Binary(f) => !matches!(f, Binary::Div | Binary::Pow),
        _ => matches!(op, Op::Select),
    }
}
