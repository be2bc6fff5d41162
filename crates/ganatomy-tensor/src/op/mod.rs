//! The closed set of primitive operations: one file for each kind, with what it computes or its shape rule.

use std::sync::Arc;

mod binary;
pub(crate) mod conv;
pub(crate) mod gather;
pub(crate) mod matmul;
pub(crate) mod random;
mod reduce;
mod scalar;
mod unary;

pub use binary::Binary;
pub use conv::{ConvGeometry, ConvPass};
pub use random::Distribution;
pub use reduce::Reduction;
pub use scalar::Scalar;
pub use unary::Unary;

/// One primitive operation; its operands and its output shape are kept by the node that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A named tensor that is given when the program runs.
    Input(String),
    /// One value everywhere.
    Constant(Scalar),
    /// A table of values known while tracing.
    Literal(Arc<[Scalar]>),
    /// An elementwise function of one tensor.
    Unary(Unary),
    /// An elementwise function of two tensors of one shape.
    Binary(Binary),
    /// `condition != 0 ? a : b`, elementwise.
    Select,
    /// Matrix product over the last two axes; leading axes are a batch.
    MatMul {
        /// Read the left operand transposed.
        left_transposed: bool,
        /// Read the right operand transposed.
        right_transposed: bool,
    },
    /// Two-dimensional convolution or one of its two adjoints, images as `[n, h, w, c]`.
    Conv(ConvPass, ConvGeometry),
    /// Sum, maximum or minimum over axes, which disappear.
    Reduce(Reduction, Vec<usize>),
    /// The position (as a number) of the first maximum or minimum along an axis.
    ArgReduce(Reduction, usize),
    /// The same elements in the same order under another shape.
    Reshape,
    /// The axes in another order.
    Permute(Vec<usize>),
    /// Axes of length one stretched, and new leading axes.
    Broadcast,
    /// A box cut out, starting here; its size is the output's shape.
    Slice(Vec<usize>),
    /// Zeros put around; the input starts here in the output.
    Pad(Vec<usize>),
    /// Tensors joined along an axis.
    Concat(usize),
    /// Rows of a table, by index.
    Gather,
    /// Rows added into a table of zeros, by index.
    ScatterAdd,
    /// Random numbers that are a function of (seed, purpose, step) and position alone.
    Random(Distribution, u64),
    /// As [`Op::Random`], of several members along the first axis: what the seed of each is XORed with.
    RandomOf(Distribution, u64, Arc<[u64]>),
    /// The same value, whose derivative is zero.
    StopGradient,
    /// Marks `(x - mean) / sqrt(var + eps)` over axes, so that its derivative is the short formula.
    Normalize(Vec<usize>),
    /// How near the columns of matrices are to each other. The first operand spells it out: that is what is
    /// interpreted, and one kernel computes it from the others.
    Nearness,
    /// The cotangent of the columns, spelled out in the same way, so that derivatives of it are exact to any order.
    NearnessGrad,
}

impl Op {
    /// The operation's name in error messages and listings.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Input(_) => "input",
            Op::Constant(_) => "constant",
            Op::Literal(_) => "literal",
            Op::Unary(f) => f.name(),
            Op::Binary(f) => f.name(),
            Op::Select => "select",
            Op::MatMul { .. } => "matmul",
            Op::Conv(pass, _) => pass.name(),
            Op::Reduce(kind, _) => kind.name(),
            Op::ArgReduce(kind, _) => kind.arg_name(),
            Op::Reshape => "reshape",
            Op::Permute(_) => "permute",
            Op::Broadcast => "broadcast",
            Op::Slice(_) => "slice",
            Op::Pad(_) => "pad",
            Op::Concat(_) => "concat",
            Op::Gather => "gather",
            Op::ScatterAdd => "scatter_add",
            Op::Random(distribution, _) | Op::RandomOf(distribution, ..) => distribution.name(),
            Op::StopGradient => "stop_gradient",
            Op::Normalize(_) => "normalize",
            Op::Nearness => "nearness",
            Op::NearnessGrad => "nearness_grad",
        }
    }

    /// Is the output, element by element, a function of the elements at the same place?
    pub(crate) fn is_elementwise(&self) -> bool {
        matches!(self, Op::Unary(_) | Op::Binary(_) | Op::Select | Op::Random(..) | Op::Constant(_))
    }
}

/// Every name that an op can have: the exam fails if one of them is in no case.
#[cfg(test)]
pub(crate) fn all_names() -> Vec<&'static str> {
    let unary = Unary::ALL.iter().map(|f| f.name());
    let binary = Binary::ALL.iter().map(|f| f.name());
    let reductions = Reduction::ALL.iter().map(|r| r.name());
    let arg = [Reduction::Max, Reduction::Min].into_iter().map(|r| r.arg_name());
    let conv = ConvPass::ALL.iter().map(|p| p.name());
    let random = Distribution::EXAMPLES.iter().map(|d| d.name());
    let rest = [
        "input",
        "constant",
        "literal",
        "select",
        "matmul",
        "reshape",
        "permute",
        "broadcast",
        "slice",
        "pad",
        "concat",
        "gather",
        "scatter_add",
        "stop_gradient",
        "normalize",
        "nearness",
        "nearness_grad",
    ];
    unary.chain(binary).chain(reductions).chain(arg).chain(conv).chain(random).chain(rest).collect()
}
