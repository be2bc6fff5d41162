//! Programs that differ in numbers only, as one program with a further axis in front: a population.
//!
//! Each member is traced for itself, and whatever its numbers come from, they are where the graphs differ: constants, tables, and the
//! seed of random numbers. Where all members have one number it stays a constant; elsewhere it becomes a table over the members, worked
//! out in doubles as far as it depends on numbers alone, as a single program's constants are.

mod each;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compile::Program;
use crate::interpret::needed;
use crate::op::{Op, Scalar};
use crate::trace::{Graph, NodeId, Tensor, Trace, TraceError};
use each::Batch;

/// The members of a population, taken one by one.
///
/// ```
/// use ganatomy_tensor::{Cpu, Key, Members, Store, Tensor, Trace};
///
/// let step = |lr: f64| {
///     let trace = Trace::new();
///     let w = trace.input("w", [2]);
///     let next = &w - &w * lr;
///     (trace, next)
/// };
/// let (trace, next) = step(0.1);
/// let mut members = Members::new(&trace, &[("w", &next)], 7)?;
/// let (trace, next) = step(0.5);
/// members.add(&trace, &[("w", &next)], 8)?;
/// let program = members.program()?;
///
/// let (cpu, mut store) = (Cpu::new(1), Store::<f32>::new());
/// store.insert("w", [2, 2], vec![1.0, 2.0, 1.0, 2.0])?;
/// program.bind(&cpu, &mut store)?.run(&cpu, &mut store, Key { seed: 7, step: 0 })?;
/// assert_eq!(store.get("w")?.values(), [0.9, 1.8, 0.5, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Members {
    /// The first member's program.
    graph: Graph,
    outputs: Vec<(String, NodeId)>,
    seeds: Vec<u64>,
    /// The numbers of each member, where they are not the same in all.
    tables: BTreeMap<NodeId, Vec<Arc<[Scalar]>>>,
}

/// A program that cannot be a member.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemberError {
    /// A mistake made while tracing it.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// It differs from the first member's in more than numbers.
    #[error("it is another program than the first member's: {what}")]
    Other {
        /// The first difference.
        what: String,
    },
}

impl Members {
    /// A population of one so far. The key that the program is run with holds this member's seed.
    ///
    /// # Errors
    /// As [`Program::compile`].
    pub fn new(trace: &Trace, outputs: &[(&str, &Tensor)], seed: u64) -> Result<Members, TraceError> {
        let (graph, outputs) = read(trace, outputs)?;
        Ok(Members { graph, outputs, seeds: vec![seed], tables: BTreeMap::new() })
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`MemberError::Other`] where more than numbers differs from the first.
    pub fn add(&mut self, trace: &Trace, outputs: &[(&str, &Tensor)], seed: u64) -> Result<(), MemberError> {
        let (graph, outputs) = read(trace, outputs)?;
        self.check(&graph, &outputs)?;
        let n = self.seeds.len();
        for (id, (first, own)) in self.graph.nodes.iter().zip(&graph.nodes).enumerate() {
            let (Some(first), Some(own)) = (table(&first.op), table(&own.op)) else { continue };
            match self.tables.get_mut(&id) {
                Some(known) => known.push(own),
                None if first != own => {
                    let known = std::iter::repeat_n(first, n).chain([own]).collect();
                    self.tables.insert(id, known);
                }
                None => {}
            }
        }
        self.seeds.push(seed);
        Ok(())
    }

    /// How many there are.
    pub fn n_members(&self) -> usize {
        self.seeds.len()
    }

    /// The members' programs as one: every named tensor has a further axis in front, over the members. It is run with the first
    /// member's seed.
    ///
    /// # Errors
    /// A tensor that is too large with all the members in it.
    pub fn program(&self) -> Result<Program, TraceError> {
        self.program_while("", |_| false)
    }

    /// As [`Members::program`]; of the outputs that are `told`, those of a member are zero whose number in the input named `alive`, a vector of the
    /// members, is zero: what a member tells that is over says nothing of the others.
    ///
    /// # Errors
    /// As [`Members::program`].
    pub fn program_while(&self, alive: &str, told: impl Fn(&str) -> bool) -> Result<Program, TraceError> {
        let trace = Trace::new();
        let ends: Vec<NodeId> = self.outputs.iter().map(|(_, id)| *id).collect();
        let mut batch = Batch::new(&trace, self);
        for (id, needed) in needed(&self.graph.nodes, ends.iter().copied()).into_iter().enumerate() {
            batch.take(id, needed);
        }
        let n = self.n_members();
        let masked = |(name, id): &(String, NodeId)| {
            let value = batch.each(*id);
            if !told(name) {
                return value;
            }
            let column: Vec<usize> = [n].into_iter().chain(value.shape()[1..].iter().map(|_| 1)).collect();
            trace.input(alive, [n]).reshape(column).broadcast(value.shape()).select(&value, 0.0)
        };
        let whole: Vec<Tensor> = self.outputs.iter().map(masked).collect();
        let named: Vec<(&str, &Tensor)> =
            self.outputs.iter().map(|(name, _)| name.as_str()).zip(&whole).collect();
        Program::compile(&trace, &named)
    }

    fn check(&self, graph: &Graph, outputs: &[(String, NodeId)]) -> Result<(), MemberError> {
        let other = |what: String| Err(MemberError::Other { what });
        for (first, own) in self.graph.nodes.iter().zip(&graph.nodes) {
            if first.shape != own.shape {
                return other(format!("{} {} instead of {}", own.op.name(), own.shape, first.shape));
            }
            if !is_alike(&first.op, &own.op) || first.inputs != own.inputs {
                let called = |op: &Op| match op {
                    Op::Input(name) => format!("input {name}"),
                    op => op.name().to_owned(),
                };
                return other(format!("{} instead of {}", called(&own.op), called(&first.op)));
            }
        }
        let (found, wanted) = (graph.nodes.len(), self.graph.nodes.len());
        if found != wanted || outputs != self.outputs {
            return other(format!("{found} operations instead of {wanted}"));
        }
        Ok(())
    }
}

/// The graph and its ends, by name.
fn read(trace: &Trace, outputs: &[(&str, &Tensor)]) -> Result<(Graph, Vec<(String, NodeId)>), TraceError> {
    let graph = trace.graph();
    if let Some(error) = graph.error {
        return Err(error);
    }
    let end = |(name, tensor): &(&str, &Tensor)| match tensor.trace().is(trace) {
        true => Ok(((*name).to_owned(), tensor.id)),
        false => Err(TraceError::Foreign { name: (*name).to_owned() }),
    };
    let ends = outputs.iter().map(end).collect::<Result<_, _>>()?;
    Ok((graph, ends))
}

/// The numbers that an operation is, if it is that.
fn table(op: &Op) -> Option<Arc<[Scalar]>> {
    match op {
        Op::Constant(value) => Some([*value].into()),
        Op::Literal(values) => Some(Arc::clone(values)),
        _ => None,
    }
}

/// Are both the same but for their numbers?
fn is_alike(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Constant(_), Op::Constant(_)) | (Op::Literal(_), Op::Literal(_)) => true,
        _ => a == b,
    }
}
