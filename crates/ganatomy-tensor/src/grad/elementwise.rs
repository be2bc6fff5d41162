//! Derivatives of elementwise functions.

use crate::op::{Binary, Unary};
use crate::trace::Tensor;

/// `g f'(x)`, written with the output `y` if `x` then need not be kept.
pub(super) fn unary(f: Unary, x: &Tensor, y: &Tensor, g: &Tensor) -> Option<Tensor> {
    Some(match f {
        Unary::Neg => -g,
        Unary::Exp => g * y,
        Unary::Log => g / x,
        Unary::Log1p => g / (x + 1.0),
        Unary::Sqrt => g * 0.5 / y,
        Unary::Rsqrt => g * -0.5 * (y * y * y),
        Unary::Abs => g * x.sign(),
        Unary::Sign | Unary::Floor => return None,
        Unary::Tanh => g * (1.0 - y * y),
        Unary::Sigmoid => g * (y * (1.0 - y)),
        Unary::Softplus => g * x.sigmoid(),
        // For slope >= 0 the output has the input's sign, so the input need not be kept.
        Unary::LeakyRelu(slope) if slope.0 >= 0.0 => y.gt(0.0).select(g, g * slope.0),
        Unary::LeakyRelu(slope) => x.gt(0.0).select(g, g * slope.0),
    })
}

/// Each operand gets its partial derivative; for two equal operands, `max` and `min` choose the first.
pub(super) fn binary(f: Binary, a: &Tensor, b: &Tensor, y: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    let zero = g.trace().zeros(g.shape());
    let (da, db) = match f {
        Binary::Add => (g.clone(), g.clone()),
        Binary::Sub => (g.clone(), -g),
        Binary::Mul => (g * b, g * a),
        Binary::Div => (g / b, -(g * y / b)),
        Binary::Pow => (g * b * a.pow(&(b - 1.0)), g * y * a.log()),
        Binary::Max => {
            let left = a.ge(b);
            (left.select(g, &zero), left.select(&zero, g))
        }
        Binary::Min => {
            let left = b.ge(a);
            (left.select(g, &zero), left.select(&zero, g))
        }
        Binary::Gt | Binary::Ge | Binary::Eq => return vec![None, None],
    };
    vec![Some(da), Some(db)]
}

/// The condition has no derivative.
pub(super) fn select(condition: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    let zero = g.trace().zeros(g.shape());
    vec![None, Some(condition.select(g, &zero)), Some(condition.select(&zero, g))]
}
