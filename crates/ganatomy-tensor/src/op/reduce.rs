//! Sum, maximum and minimum over axes.

/// How a reduction combines elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Their sum
    Sum,
    /// The largest
    Max,
    /// The smallest
    Min,
}

impl Reduction {
    #[cfg(test)]
    pub(crate) const ALL: [Reduction; 3] = [Reduction::Sum, Reduction::Max, Reduction::Min];

    /// The reduction's name.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Max => "max",
            Reduction::Min => "min",
        }
    }

    /// The name of the reduction that gives the position, not the value.
    pub fn arg_name(self) -> &'static str {
        match self {
            Reduction::Max => "argmax",
            Reduction::Sum | Reduction::Min => "argmin",
        }
    }

    /// Where a reduction starts.
    pub(crate) fn identity(self) -> f64 {
        match self {
            Reduction::Sum => 0.0,
            Reduction::Max => f64::NEG_INFINITY,
            Reduction::Min => f64::INFINITY,
        }
    }
}
