//! The rule of each operation: how it is made of all members at once.

use std::sync::Arc;

use super::Members;
use super::value::{Value, front, of_numbers};
use crate::op::{Op, Scalar};
use crate::shape::Shape;
use crate::trace::{NodeId, Tensor, Trace};

/// Whole numbers from here on are not all told apart in single precision.
const MOST_ROWS: usize = 1 << 24;

/// The population's program under construction.
pub(super) struct Batch<'a> {
    trace: &'a Trace,
    members: &'a Members,
    values: Vec<Value>,
    n: usize,
}

impl<'a> Batch<'a> {
    pub fn new(trace: &'a Trace, members: &'a Members) -> Batch<'a> {
        let values = Vec::with_capacity(members.graph.nodes.len());
        Batch { trace, members, values, n: members.n_members() }
    }

    /// A node with one value a member.
    pub fn each(&self, id: NodeId) -> Tensor {
        self.values[id].each(self.trace, self.n)
    }

    /// Takes the next node of a single member's program.
    pub fn take(&mut self, id: NodeId, needed: bool) {
        let value = if needed { self.value(id) } else { Value::Unneeded };
        self.values.push(value);
    }

    fn value(&self, id: NodeId) -> Value {
        let node = &self.members.graph.nodes[id];
        let (op, shape, inputs) = (&node.op, &node.shape, &node.inputs);
        match op {
            Op::Input(name) => return Value::Each(self.trace.input(name, front(self.n, shape))),
            Op::Constant(value) => return self.constant(id, value.0, shape),
            Op::Literal(values) => return self.literal(id, values, shape),
            Op::Random(from, purpose) => {
                let seeds = &self.members.seeds;
                let apart: Arc<[u64]> = seeds.iter().map(|seed| seed ^ seeds[0]).collect();
                return match apart.iter().all(|seed| *seed == 0) {
                    true => Value::Same(self.trace.push(op.clone(), &[], shape.clone())),
                    false => {
                        let op = Op::RandomOf(*from, *purpose, apart);
                        Value::Each(self.trace.push(op, &[], front(self.n, shape)))
                    }
                };
            }
            _ => {}
        }
        if let Some(numbers) = self.numbers(op, inputs, shape) {
            return numbers;
        }
        let same: Option<Vec<Tensor>> = inputs.iter().map(|&id| self.values[id].same(self.trace)).collect();
        match same {
            Some(same) => {
                Value::Same(self.trace.push(op.clone(), &same.iter().collect::<Vec<_>>(), shape.clone()))
            }
            None => Value::Each(self.batched(op, inputs, shape)),
        }
    }

    fn constant(&self, id: NodeId, value: f64, shape: &Shape) -> Value {
        let own = self.members.tables.get(&id);
        let values = own.map(|tables| tables.iter().map(|table| table[0].0).collect());
        Value::numbers(values.unwrap_or_else(|| vec![value]), shape.clone())
    }

    fn literal(&self, id: NodeId, values: &[Scalar], shape: &Shape) -> Value {
        let plain = |values: &[Scalar]| values.iter().map(|value| value.0).collect::<Vec<f64>>();
        match self.members.tables.get(&id) {
            None => Value::Same(self.trace.literal(shape.clone(), &plain(values))),
            Some(tables) => {
                let all: Vec<f64> = tables.iter().flat_map(|table| plain(table)).collect();
                Value::Each(self.trace.literal(front(self.n, shape), &all))
            }
        }
    }

    /// What is made of known numbers alone is known.
    fn numbers(&self, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<Value> {
        let own = |member: usize| {
            let args: Option<Vec<f64>> = inputs.iter().map(|&id| self.values[id].number(member)).collect();
            of_numbers(op, &args?)
        };
        let values: Option<Vec<f64>> = (0..self.n).map(own).collect();
        Some(Value::numbers(values?, shape.clone()))
    }

    /// An operation of which an operand differs from member to member.
    fn batched(&self, op: &Op, inputs: &[NodeId], shape: &Shape) -> Tensor {
        let x: Vec<Tensor> = inputs.iter().map(|&id| self.each(id)).collect();
        let to = front(self.n, shape);
        let alike = |op: Op| self.trace.push(op, &x.iter().collect::<Vec<_>>(), to.clone());
        let later = |axes: &[usize]| axes.iter().map(|axis| axis + 1).collect::<Vec<_>>();
        let led = |start: &[usize]| std::iter::once(0).chain(start.iter().copied()).collect::<Vec<_>>();
        match op {
            // Marks for derivatives, which are taken by now.
            Op::StopGradient | Op::Normalize(_) => x[0].clone(),
            Op::Reduce(kind, axes) => alike(Op::Reduce(*kind, later(axes))),
            Op::ArgReduce(kind, axis) => alike(Op::ArgReduce(*kind, axis + 1)),
            Op::Permute(order) => alike(Op::Permute(led(&later(order)))),
            Op::Slice(start) => alike(Op::Slice(led(start))),
            Op::Pad(start) => alike(Op::Pad(led(start))),
            Op::Concat(axis) => alike(Op::Concat(axis + 1)),
            Op::Broadcast => self.broadcast(&x[0], to),
            Op::Conv(..) => self.one_by_one(op, &x, shape),
            Op::Gather => self.gather(&x, to),
            Op::ScatterAdd => self.scatter(&x, to),
            // Its matrices have an axis of their own, which the members' can join.
            Op::Nearness | Op::NearnessGrad => {
                let flat: Vec<Tensor> = x.iter().map(joined).collect();
                let shape: Shape = std::iter::once(to[0] * to[1]).chain(to[2..].iter().copied()).collect();
                self.trace.push(op.clone(), &flat.iter().collect::<Vec<_>>(), shape).reshape(to)
            }
            // Elementwise, or over the last axes, or of the elements in their order.
            _ => alike(op.clone()),
        }
    }

    /// Axes are added before the member's own, but after that of the members.
    fn broadcast(&self, x: &Tensor, to: Shape) -> Tensor {
        let more = to.len() - x.shape().len();
        let own = x.shape()[1..].iter().copied();
        let apart: Shape = std::iter::once(self.n).chain(std::iter::repeat_n(1, more)).chain(own).collect();
        x.reshape(apart).broadcast(to)
    }

    /// Convolutions have no axis for several weights: each member's is made for itself.
    fn one_by_one(&self, op: &Op, x: &[Tensor], shape: &Shape) -> Tensor {
        let of = |member: usize| {
            let own: Vec<Tensor> = x.iter().map(|x| own(x, member)).collect();
            let made = self.trace.push(op.clone(), &own.iter().collect::<Vec<_>>(), shape.clone());
            made.reshape(front(1, shape))
        };
        let made: Vec<Tensor> = (0..self.n).map(of).collect();
        made[0].concat(&made[1..].iter().collect::<Vec<_>>(), 0)
    }

    /// One table of all members' rows: each index is moved to its member's.
    fn gather(&self, x: &[Tensor], to: Shape) -> Tensor {
        let (rows, index) = (x[0].shape()[1], self.moved(&x[1], x[0].shape()[1]));
        self.check_rows("gather", rows, x);
        joined(&x[0]).gather(&index).reshape(to)
    }

    fn scatter(&self, x: &[Tensor], to: Shape) -> Tensor {
        let (rows, index) = (to[1], self.moved(&x[1], to[1]));
        self.check_rows("scatter_add", rows, x);
        joined(&x[0]).scatter_add(&index, self.n * rows).reshape(to)
    }

    /// The members' indices in their common table; one outside a member's own rows is outside all.
    fn moved(&self, index: &Tensor, rows: usize) -> Tensor {
        let starts: Vec<f64> = (0..self.n).map(|member| (member * rows) as f64).collect();
        let start = self.trace.literal([self.n, 1], &starts).broadcast(index.shape());
        let within = index.ge(0.0) * (1.0 - index.ge(rows as f64));
        joined(&within.select(index.floor() + start, -1.0))
    }

    fn check_rows(&self, op: &'static str, rows: usize, x: &[Tensor]) {
        if self.n * rows > MOST_ROWS {
            let reason = format!("{} members have more rows together than can be numbered", self.n);
            let _ = x[0].mistake(op, &[&x[1]], reason, x[0].shape().clone());
        }
    }
}

/// A member's part of a tensor.
fn own(x: &Tensor, member: usize) -> Tensor {
    let shape: Shape = x.shape()[1..].iter().copied().collect();
    let start: Vec<usize> = std::iter::once(member).chain(shape.iter().map(|_| 0)).collect();
    x.slice(&start, front(1, &shape)).reshape(shape)
}

/// The first axis of each member, one after another.
fn joined(x: &Tensor) -> Tensor {
    let [n, rows, rest @ ..] = &x.shape()[..] else { return x.clone() };
    let shape: Shape = std::iter::once(n * rows).chain(rest.iter().copied()).collect();
    x.reshape(shape)
}
