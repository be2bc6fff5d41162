//! What one step of a pass computes, and from which values.

use crate::op::{Binary, Distribution, Unary};

/// What one step of a pass computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Function {
    Unary(Unary),
    Binary(Binary),
    Select,
    Random(Distribution, u64),
    /// A product and a sum in one step, rounded once where the processor can.
    MulAdd(MulAdd),
}

/// The forms of a multiply-add of `(a, b, c)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MulAdd {
    /// `a b + c`
    Plus,
    /// `a b - c`
    Minus,
    /// `c - a b`
    From,
}

/// A value before slots are numbered.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Value {
    Load(usize),
    Constant(usize),
    Step(usize),
}
