//! Elementwise functions of two tensors of one shape.

/// An elementwise function of two tensors of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a b`
    Mul,
    /// `a / b`
    Div,
    /// `a^b`; its derivative by `b` needs `a > 0`
    Pow,
    /// The larger; the gradient goes to `a` at a tie
    Max,
    /// The smaller; the gradient goes to `a` at a tie
    Min,
    /// 1 where `a > b`, else 0
    Gt,
    /// 1 where `a >= b`, else 0
    Ge,
    /// 1 where `a == b`, else 0
    Eq,
}

impl Binary {
    /// One of each, for the exam.
    #[cfg(test)]
    pub(crate) const ALL: [Binary; 10] = [
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Pow,
        Binary::Max,
        Binary::Min,
        Binary::Gt,
        Binary::Ge,
        Binary::Eq,
    ];

    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Binary::Add => "add",
            Binary::Sub => "sub",
            Binary::Mul => "mul",
            Binary::Div => "div",
            Binary::Pow => "pow",
            Binary::Max => "maximum",
            Binary::Min => "minimum",
            Binary::Gt => "gt",
            Binary::Ge => "ge",
            Binary::Eq => "eq",
        }
    }

    /// The function itself, in doubles: used for constants and by the plain interpreter.
    pub fn of(self, a: f64, b: f64) -> f64 {
        let truth = |t: bool| if t { 1.0 } else { 0.0 };
        match self {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Pow => a.powf(b),
            // A NaN on either side stays a NaN: divergence must never be hidden.
            Binary::Max | Binary::Min if a.is_nan() || b.is_nan() => f64::NAN,
            Binary::Max => a.max(b),
            Binary::Min => a.min(b),
            Binary::Gt => truth(a > b),
            Binary::Ge => truth(a >= b),
            Binary::Eq => truth(a == b),
        }
    }
}
