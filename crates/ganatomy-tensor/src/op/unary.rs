//! Elementwise functions of one tensor.

use super::scalar::Scalar;

/// An elementwise function of one tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-x`
    Neg,
    /// `e^x`
    Exp,
    /// `ln x`
    Log,
    /// `ln(1 + x)`, exact near zero
    Log1p,
    /// `x^(1/2)`
    Sqrt,
    /// `x^(-1/2)`
    Rsqrt,
    /// `|x|`
    Abs,
    /// -1, 0 or 1
    Sign,
    /// Hyperbolic tangent
    Tanh,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `ln(1 + e^x)`, stable for large arguments of either sign
    Softplus,
    /// `x > 0 ? x : slope x`; slope zero is the rectifier
    LeakyRelu(Scalar),
    /// The largest whole number not above `x`
    Floor,
}

impl Unary {
    /// One of each, for the exam.
    #[cfg(test)]
    pub(crate) const ALL: [Unary; 13] = [
        Unary::Neg,
        Unary::Exp,
        Unary::Log,
        Unary::Log1p,
        Unary::Sqrt,
        Unary::Rsqrt,
        Unary::Abs,
        Unary::Sign,
        Unary::Tanh,
        Unary::Sigmoid,
        Unary::Softplus,
        Unary::LeakyRelu(Scalar(0.2)),
        Unary::Floor,
    ];

    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Unary::Neg => "neg",
            Unary::Exp => "exp",
            Unary::Log => "log",
            Unary::Log1p => "log1p",
            Unary::Sqrt => "sqrt",
            Unary::Rsqrt => "rsqrt",
            Unary::Abs => "abs",
            Unary::Sign => "sign",
            Unary::Tanh => "tanh",
            Unary::Sigmoid => "sigmoid",
            Unary::Softplus => "softplus",
            Unary::LeakyRelu(_) => "leaky_relu",
            Unary::Floor => "floor",
        }
    }

    /// The function itself, in doubles: used for constants and by the plain interpreter.
    pub fn of(self, x: f64) -> f64 {
        match self {
            Unary::Neg => -x,
            Unary::Exp => x.exp(),
            Unary::Log => x.ln(),
            Unary::Log1p => x.ln_1p(),
            Unary::Sqrt => x.sqrt(),
            Unary::Rsqrt => 1.0 / x.sqrt(),
            Unary::Abs => x.abs(),
            // Rust's signum gives 1 at zero; here the subgradient is 0.
            Unary::Sign if x == 0.0 => 0.0,
            Unary::Sign => x.signum(),
            Unary::Tanh => x.tanh(),
            Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Unary::Softplus if x.is_nan() => x,
            Unary::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Unary::LeakyRelu(slope) => {
                if x > 0.0 {
                    x
                } else {
                    slope.0 * x
                }
            }
            Unary::Floor => x.floor(),
        }
    }
}
