//! Tracing: building the graph of a program by computing with symbolic tensors.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::op::{Distribution, Op, Scalar, random};
use crate::shape::{MAX_ELEMENTS, Shape};

/// A node's place in its graph; operands always come before the nodes that use them.
pub(crate) type NodeId = usize;

/// One operation applied to earlier nodes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub op: Op,
    pub inputs: Vec<NodeId>,
    pub shape: Shape,
}

/// The nodes of a program in topological order, and the first mistake made while tracing them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    /// The inputs by their names.
    pub named: HashMap<String, NodeId>,
    pub error: Option<TraceError>,
}

/// A program that cannot be built as asked.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// Operands that do not fit together.
    #[error("{op} cannot take shapes {}: {reason}", list(shapes))]
    Shape {
        /// The operation's name.
        op: &'static str,
        /// The operands' shapes.
        shapes: Vec<Shape>,
        /// What does not fit.
        reason: String,
    },
    /// Two inputs of one name and different shapes.
    #[error("input {name} is used with shapes {first} and {second}")]
    Input {
        /// The input's name.
        name: String,
        /// The shape it had first.
        first: Shape,
        /// The shape it was asked for later.
        second: Shape,
    },
    /// Two outputs of one name.
    #[error("two outputs are both named {name}")]
    Output {
        /// The name.
        name: String,
    },
    /// A tensor of another trace, given as an output.
    #[error("output {name} is a tensor of another trace")]
    Foreign {
        /// The output's name.
        name: String,
    },
    /// Values that an interpreted program needs and was not given.
    #[error("input {name} of shape {shape} was given {}", given(*found))]
    Given {
        /// The input's name.
        name: String,
        /// Its shape.
        shape: Shape,
        /// How many values were given, if any were.
        found: Option<usize>,
    },
    /// An output that replaces an input of another shape.
    #[error("output {name} has shape {output}, but the input of that name has shape {input}")]
    State {
        /// The name of both.
        name: String,
        /// The input's shape.
        input: Shape,
        /// The output's shape.
        output: Shape,
    },
}

fn list(shapes: &[Shape]) -> String {
    let shown: Vec<String> = shapes.iter().map(Shape::to_string).collect();
    shown.join(" and ")
}

/// How many values were given, in words.
fn given(found: Option<usize>) -> String {
    found.map_or("no values".to_owned(), |n| format!("{n} values"))
}

/// A program being written down.
///
/// ```
/// use ganatomy_tensor::{Trace, grad};
/// let trace = Trace::new();
/// let x = trace.input("x", [3]);
/// let loss = (&x * &x).sum_all();
/// let slope = grad(&loss, &[&x]);
/// assert_eq!(slope[0].shape()[..], [3]);
/// ```
///
/// A mistake (shapes that do not fit, tensors of two traces) does not panic: the first one is kept, and compiling
/// returns it.
#[derive(Clone, Debug, Default)]
pub struct Trace(Rc<RefCell<Graph>>);

impl Trace {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// The named tensor that the program gets when it runs; the same name is the same tensor.
    pub fn input(&self, name: &str, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        let known = self.0.borrow().named.get(name).copied();
        let Some(id) = known else {
            let new = self.push(Op::Input(name.to_owned()), &[], shape);
            let made = matches!(self.0.borrow().nodes[new.id].op, Op::Input(_));
            if made {
                self.0.borrow_mut().named.insert(name.to_owned(), new.id);
            }
            return new;
        };
        let first = self.0.borrow().nodes[id].shape.clone();
        if first != shape {
            self.fail(TraceError::Input { name: name.to_owned(), first: first.clone(), second: shape });
        }
        Tensor { trace: self.clone(), id, shape: first }
    }

    /// One value everywhere.
    pub fn full(&self, shape: impl Into<Shape>, value: f64) -> Tensor {
        self.push(Op::Constant(Scalar(value)), &[], shape.into())
    }

    /// Zeros.
    pub fn zeros(&self, shape: impl Into<Shape>) -> Tensor {
        self.full(shape, 0.0)
    }

    /// A table of values known now, in row-major order.
    pub fn literal(&self, shape: impl Into<Shape>, values: &[f64]) -> Tensor {
        let shape = shape.into();
        if shape.numel() != values.len() {
            let reason = format!("{} values were given", values.len());
            self.fail(TraceError::Shape { op: "literal", shapes: vec![shape.clone()], reason });
            return self.zeros(shape);
        }
        self.push(Op::Literal(values.iter().copied().map(Scalar).collect()), &[], shape)
    }

    /// Random numbers keyed by (seed, purpose, step): the same key gives the same numbers, always.
    pub fn random(&self, from: Distribution, purpose: &str, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if from == Distribution::Integer(0) {
            let reason = "there is no whole number below 0".to_owned();
            self.fail(TraceError::Shape { op: from.name(), shapes: vec![shape.clone()], reason });
        }
        self.push(Op::Random(from, random::purpose(purpose)), &[], shape)
    }

    /// Normal numbers with mean 0 and variance 1.
    pub fn normal(&self, purpose: &str, shape: impl Into<Shape>) -> Tensor {
        self.random(Distribution::Normal, purpose, shape)
    }

    /// Uniform numbers on `[0, 1)`.
    pub fn uniform(&self, purpose: &str, shape: impl Into<Shape>) -> Tensor {
        self.random(Distribution::Uniform, purpose, shape)
    }

    /// Appends a node; every tensor is made here, so that operands of another trace and sizes beyond counting are
    /// mistakes of whatever operation they occur in.
    pub(crate) fn push(&self, op: Op, inputs: &[&Tensor], shape: Shape) -> Tensor {
        let foreign = inputs.iter().any(|tensor| !tensor.trace.is(self));
        let mistake = if foreign {
            Some("they are tensors of different traces".to_owned())
        } else {
            (!shape.fits()).then(|| format!("{shape} has more than {MAX_ELEMENTS} elements"))
        };
        if let Some(reason) = mistake {
            let mut shapes: Vec<Shape> = inputs.iter().map(|tensor| tensor.shape.clone()).collect();
            if shapes.is_empty() {
                shapes.push(shape.clone());
            }
            let error = TraceError::Shape { op: op.name(), shapes, reason };
            inputs.iter().for_each(|tensor| tensor.trace.fail(error.clone()));
            self.fail(error);
            let shape = if shape.fits() { shape } else { vec![1; shape.len()].into() };
            return self.append(Op::Constant(Scalar(0.0)), &[], shape);
        }
        self.append(op, inputs, shape)
    }

    fn append(&self, op: Op, inputs: &[&Tensor], shape: Shape) -> Tensor {
        let inputs = inputs.iter().map(|tensor| tensor.id).collect();
        let mut graph = self.0.borrow_mut();
        graph.nodes.push(Node { op, inputs, shape: shape.clone() });
        Tensor { trace: self.clone(), id: graph.nodes.len() - 1, shape }
    }

    /// Are both the same trace?
    pub(crate) fn is(&self, other: &Trace) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn fail(&self, error: TraceError) {
        self.0.borrow_mut().error.get_or_insert(error);
    }

    /// The tensor at a node.
    pub(crate) fn tensor(&self, id: NodeId) -> Tensor {
        let shape = self.0.borrow().nodes[id].shape.clone();
        Tensor { trace: self.clone(), id, shape }
    }

    /// Does a node read one of these?
    pub(crate) fn reads_any(&self, id: NodeId, these: &[bool]) -> bool {
        self.0.borrow().nodes[id].inputs.iter().any(|&operand| these[operand])
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.0.borrow().nodes[id].clone()
    }

    /// A copy of the graph as it is now.
    pub(crate) fn graph(&self) -> Graph {
        self.0.borrow().clone()
    }
}

/// A symbolic tensor: a node of a program, with its shape known.
#[derive(Clone)]
pub struct Tensor {
    pub(crate) trace: Trace,
    pub(crate) id: NodeId,
    shape: Shape,
}

impl Tensor {
    /// The tensor's axis lengths.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The program this tensor belongs to.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Keeps the first mistake, and stands in with a tensor of the shape that was probably meant.
    pub(crate) fn mistake(
        &self,
        op: &'static str,
        others: &[&Tensor],
        reason: String,
        shape: Shape,
    ) -> Tensor {
        let shapes = std::iter::once(self).chain(others.iter().copied()).map(|t| t.shape.clone());
        self.trace.fail(TraceError::Shape { op, shapes: shapes.collect(), reason });
        self.trace.zeros(shape)
    }
}

impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "%{}{}", self.id, self.shape)
    }
}
