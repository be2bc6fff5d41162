//! Sum, maximum and minimum over axes.

use crate::trace::Tensor;

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

    /// The name of the reduction that answers where, not what.
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

/// A sum spreads its cotangent; an extremum hands it to the elements that attain it, in equal parts.
pub(super) fn vjp(kind: Reduction, axes: &[usize], x: &Tensor, y: &Tensor, g: &Tensor) -> Option<Tensor> {
    let kept = x.shape().with_ones(axes);
    let spread = |t: &Tensor| t.reshape(&kept).broadcast(x.shape());
    if kind == Reduction::Sum {
        return Some(spread(g));
    }
    let attains = x.eq(spread(y));
    let share = g / attains.sum(axes);
    Some(attains * spread(&share))
}
