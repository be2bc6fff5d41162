//! What a node of one member's program is in the population's.

use crate::op::Op;
use crate::shape::Shape;
use crate::trace::{Tensor, Trace};

/// A node's value in all members.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// The same in all, in a single member's shape.
    Same(Tensor),
    /// One a member, along the first axis.
    Each(Tensor),
    /// One number everywhere, known now: of all members, or one for each.
    Numbers(Vec<f64>, Shape),
    /// No output needs it.
    Unneeded,
}

impl Value {
    /// The number of a member, if the value is one number everywhere.
    pub fn number(&self, member: usize) -> Option<f64> {
        match self {
            Value::Numbers(values, _) => values.get(member).or(values.first()).copied(),
            _ => None,
        }
    }

    /// Known numbers: one where all are the same.
    pub fn numbers(values: Vec<f64>, shape: Shape) -> Value {
        let first = values.first().map(|x| x.to_bits());
        match values.iter().all(|x| Some(x.to_bits()) == first) {
            true => Value::Numbers(values.into_iter().take(1).collect(), shape),
            false => Value::Numbers(values, shape),
        }
    }

    /// The tensor that is the same in all members, if there is one.
    pub fn same(&self, trace: &Trace) -> Option<Tensor> {
        match self {
            Value::Same(tensor) => Some(tensor.clone()),
            Value::Numbers(values, shape) if values.len() == 1 => Some(trace.full(shape.clone(), values[0])),
            _ => None,
        }
    }

    /// The tensor with one value a member.
    pub fn each(&self, trace: &Trace, n: usize) -> Tensor {
        match self {
            Value::Each(tensor) => tensor.clone(),
            Value::Same(tensor) => tensor.broadcast(front(n, tensor.shape())),
            Value::Numbers(values, shape) if values.len() == 1 => trace.full(front(n, shape), values[0]),
            Value::Numbers(values, shape) => {
                let column: Shape = std::iter::once(n).chain(shape.iter().map(|_| 1)).collect();
                trace.literal(column, values).broadcast(front(n, shape))
            }
            Value::Unneeded => trace.zeros([n]),
        }
    }
}

/// A shape with the axis of `n` members in front.
pub(super) fn front(n: usize, shape: &Shape) -> Shape {
    std::iter::once(n).chain(shape.iter().copied()).collect()
}

/// A function of single numbers; nothing for what is none.
pub(super) fn of_numbers(op: &Op, args: &[f64]) -> Option<f64> {
    match (op, args) {
        (Op::Unary(f), [x]) => Some(f.of(*x)),
        (Op::Binary(f), [a, b]) => Some(f.of(*a, *b)),
        (Op::Select, [c, a, b]) => Some(if *c != 0.0 { *a } else { *b }),
        (
            Op::Reshape | Op::Permute(_) | Op::Broadcast | Op::Slice(_) | Op::StopGradient | Op::Normalize(_),
            [x],
        ) => Some(*x),
        _ => None,
    }
}
