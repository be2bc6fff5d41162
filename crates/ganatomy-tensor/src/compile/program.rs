//! A compiled program: kernels in order, and the named tensors they read and write.

use std::collections::BTreeSet;

use super::access::is_view;
use super::inside::{Inside, copies, insides};
use super::kernel::{Kernel, kernels};
use super::rebatch::batch;
use super::schedule::{Replacement, dependencies, hold_back, input_named, order};
use super::simplify::simplify;
use super::sums::sums;
use crate::op::Op;
use crate::shape::Shape;
use crate::trace::{Node, NodeId, Tensor, Trace, TraceError};

/// A pure function from named tensors to named tensors, ready for a device.
///
/// An output that has the name of an input takes its place: after a run, the named tensor holds the
/// new value. This is how state (parameters, moments, running statistics) is updated.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) nodes: Vec<Node>,
    pub(crate) kernels: Vec<Kernel>,
    pub(crate) stored: Vec<bool>,
    /// The tensors that lie inside another.
    pub(crate) inside: Vec<Option<Inside>>,
    /// The named tensors that kernels write, and the node that each takes.
    pub(crate) outputs: Vec<(String, NodeId)>,
}

/// One operation of a program.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'a> {
    /// What it does.
    pub op: &'a Op,
    /// Its operands: the places of earlier instructions.
    pub inputs: &'a [usize],
    /// The shape of its result.
    pub shape: &'a Shape,
}

impl Program {
    /// Compiles the named outputs of a trace.
    ///
    /// # Errors
    /// The first mistake made while tracing, an output of another trace, two outputs of one name, or a state of two
    /// shapes.
    pub fn compile(trace: &Trace, outputs: &[(&str, &Tensor)]) -> Result<Program, TraceError> {
        let graph = trace.graph();
        if let Some(error) = graph.error {
            return Err(error);
        }
        check_outputs(trace, &graph.nodes, outputs)?;
        let wanted: Vec<NodeId> = outputs.iter().map(|(_, tensor)| tensor.id).collect();
        let (nodes, places) = simplify(&graph, &wanted);
        let (nodes, places) = batch(nodes, &places);
        let (mut nodes, places) = sums(nodes, &places);
        let mut written: Vec<NodeId> = Vec::with_capacity(places.len());
        for id in places {
            let own = !written.contains(&id) && has_kernel(&nodes[id].op);
            written.push(if own { id } else { copied(&mut nodes, id) });
        }
        let names: Vec<String> = outputs.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut kept: Vec<NodeId> = Vec::new();
        loop {
            let (kernels, stored) = kernels(&nodes, &written, &kept);
            let is_stored = |id: NodeId| stored[id];
            let mut before = dependencies(&nodes, &is_stored, &kernels);
            let replacements = replacements(&nodes, &names, &written);
            let refused = hold_back(&nodes, &is_stored, &kernels, &replacements, &mut before);
            if refused.is_empty() {
                let inside = insides(&nodes, &is_stored, &kernels, &written);
                let ordered = order(&kernels, &before).into_iter().map(|i| kernels[i].clone());
                let needed = ordered.filter(|kernel| {
                    copies(&nodes, &is_stored, &inside, kernel) && writes_any(&nodes, kernel)
                });
                return Ok(Program {
                    kernels: needed.collect(),
                    nodes,
                    stored,
                    inside,
                    outputs: names.into_iter().zip(written).collect(),
                });
            }
            // The new value is first written elsewhere, and copied when all have read the old one.
            for output in refused.iter().map(|replacement| replacement.output) {
                kept.push(output);
                for id in written.iter_mut().filter(|id| **id == output) {
                    *id = copied(&mut nodes, output);
                }
            }
        }
    }

    /// The named tensors that the program reads, with their shapes, sorted by name.
    pub fn inputs(&self) -> Vec<(&str, &Shape)> {
        let named = |node: &'_ Node| matches!(node.op, Op::Input(_));
        let mut inputs: Vec<(&str, &Shape)> =
            self.nodes.iter().filter(|node| named(node)).filter_map(name_of).collect();
        inputs.sort_unstable_by_key(|(name, _)| *name);
        inputs
    }

    /// The named tensors that the program writes, with their shapes, in the order asked for.
    pub fn outputs(&self) -> Vec<(&str, &Shape)> {
        self.outputs.iter().map(|(name, id)| (name.as_str(), &self.nodes[*id].shape)).collect()
    }

    /// What is computed, operands first, before it is cut into kernels: for whoever writes the program out for another device.
    pub fn instructions(&self) -> impl Iterator<Item = Instruction<'_>> {
        self.nodes.iter().map(|Node { op, inputs, shape }| Instruction { op, inputs, shape })
    }

    /// The named tensors that the program writes, each with the place of its instruction.
    pub fn results(&self) -> impl Iterator<Item = (&str, usize)> {
        self.outputs.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// How many kernels a run has.
    pub fn n_kernels(&self) -> usize {
        self.kernels.len()
    }
}

fn name_of(node: &Node) -> Option<(&str, &Shape)> {
    match &node.op {
        Op::Input(name) => Some((name, &node.shape)),
        _ => None,
    }
}

/// Is there a kernel that writes this node anyway?
fn has_kernel(op: &Op) -> bool {
    !is_view(op) && !matches!(op, Op::Input(_) | Op::Literal(_) | Op::Constant(_))
}

/// Does the kernel write anything? An output without elements has nothing to be copied.
fn writes_any(nodes: &[Node], kernel: &Kernel) -> bool {
    kernel.writes().into_iter().any(|id| nodes[id].shape.numel() > 0)
}

/// A copy of a node: a slice of the whole, which is stored because it is an output.
fn copied(nodes: &mut Vec<Node>, id: NodeId) -> NodeId {
    let shape = nodes[id].shape.clone();
    nodes.push(Node { op: Op::Slice(vec![0; shape.len()]), inputs: vec![id], shape });
    nodes.len() - 1
}

fn replacements(nodes: &[Node], names: &[String], written: &[NodeId]) -> Vec<Replacement> {
    let pairs = names.iter().zip(written);
    pairs
        .filter_map(|(name, &output)| Some(Replacement { output, input: input_named(nodes, name)? }))
        .collect()
}

fn check_outputs(trace: &Trace, nodes: &[Node], outputs: &[(&str, &Tensor)]) -> Result<(), TraceError> {
    let mut seen = BTreeSet::new();
    for (name, tensor) in outputs {
        if !tensor.trace().is(trace) {
            return Err(TraceError::Foreign { name: (*name).to_owned() });
        }
        if !seen.insert(*name) {
            return Err(TraceError::Output { name: (*name).to_owned() });
        }
        let input = input_named(nodes, name).map(|id| &nodes[id].shape);
        if let Some(input) = input.filter(|input| *input != tensor.shape()) {
            return Err(TraceError::State {
                name: (*name).to_owned(),
                input: input.clone(),
                output: tensor.shape().clone(),
            });
        }
    }
    Ok(())
}
