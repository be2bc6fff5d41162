//! A program as data: steps that can be built, left out, and printed as Rust.

use super::super::numbers;
use crate::{
    Binary, ConvGeometry, ConvPass, Distribution, Reduction, Shape, Tensor, Trace, Unary, grad, jvp,
};

/// What one step does to earlier tensors.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// The input of this number.
    Input(usize),
    /// An input of whole numbers below the second, or just outside.
    Index(usize, usize),
    Full(f64),
    Literal(usize),
    Random(Distribution, usize),
    Unary(Unary),
    Binary(Binary),
    Select,
    Stop,
    MatMul(bool, bool),
    Conv(ConvPass, ConvGeometry),
    Reduce(Reduction, Vec<usize>),
    Mean(Vec<usize>),
    Arg(Reduction, usize),
    Reshape,
    Permute(Vec<usize>),
    Broadcast,
    Slice(Vec<usize>),
    Pad(Vec<usize>),
    Concat(usize),
    Gather,
    Scatter,
    Normalize(Vec<usize>),
    Nearness,
    /// The gradient of the weighted sum of the first by the second.
    Grad,
    /// The derivative of the first by the second, along the third.
    Jvp,
}

/// A step: what it does, to which earlier steps, and the shape of its result.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub what: What,
    pub of: Vec<usize>,
    pub shape: Shape,
}

/// Steps, and the named ones among them that are outputs.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    pub outputs: Vec<(String, usize)>,
}

/// The gradient of a weighted sum.
pub(in super::super) fn slope(y: &Tensor, x: &Tensor) -> Tensor {
    let weights = y.trace().literal(y.shape(), &numbers(y.shape().numel(), 1, (-1.0, 1.0)));
    grad(&(y * weights).sum_all(), &[x]).remove(0)
}

/// The numbers of a literal.
pub(in super::super) fn table(trace: &Trace, shape: impl Into<Shape>, salt: usize) -> Tensor {
    let shape = shape.into();
    let values = numbers(shape.numel(), salt, (-1.5, 1.5));
    trace.literal(shape, &values)
}

impl Plan {
    /// Adds a step, and answers its number.
    pub fn push(&mut self, what: What, of: &[usize], shape: impl Into<Shape>) -> usize {
        self.steps.push(Step { what, of: of.to_vec(), shape: shape.into() });
        self.steps.len() - 1
    }

    /// The outputs, traced.
    pub fn build(&self) -> (Trace, Vec<(String, Tensor)>) {
        let trace = Trace::new();
        let mut all: Vec<Tensor> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            all.push(apply(step, &trace, &all));
        }
        let outputs = self.outputs.iter().map(|(name, at)| (name.clone(), all[*at].clone())).collect();
        (trace, outputs)
    }

    /// Without the steps that no output needs.
    pub fn pruned(&self) -> Plan {
        let mut needed = vec![false; self.steps.len()];
        self.outputs.iter().for_each(|(_, at)| needed[*at] = true);
        for at in (0..self.steps.len()).rev().filter(|&at| self.steps.len() > at) {
            if needed[at] {
                self.steps[at].of.iter().for_each(|&of| needed[of] = true);
            }
        }
        let mut place = vec![0; self.steps.len()];
        let mut plan = Plan::default();
        for (at, step) in self.steps.iter().enumerate().filter(|(at, _)| needed[*at]) {
            let of: Vec<usize> = step.of.iter().map(|&of| place[of]).collect();
            place[at] = plan.push(step.what.clone(), &of, step.shape.clone());
        }
        plan.outputs = self.outputs.iter().map(|(name, at)| (name.clone(), place[*at])).collect();
        plan
    }
}

fn apply(step: &Step, trace: &Trace, all: &[Tensor]) -> Tensor {
    let arg = |i: usize| &all[step.of[i]];
    let shape = &step.shape;
    match &step.what {
        What::Input(n) => trace.input(&format!("x{n}"), shape),
        What::Index(n, below) => trace.input(&format!("i{n}_{below}"), shape),
        What::Full(value) => trace.full(shape, *value),
        What::Literal(salt) => table(trace, shape, *salt),
        What::Random(from, purpose) => trace.random(*from, &format!("p{purpose}"), shape),
        What::Unary(f) => arg(0).unary(*f),
        What::Binary(f) => arg(0).binary(*f, arg(1)),
        What::Select => arg(0).select(arg(1), arg(2)),
        What::Stop => arg(0).stop_gradient(),
        What::MatMul(left, right) => arg(0).product(arg(1), *left, *right),
        What::Conv(ConvPass::Forward, geometry) => arg(0).conv2d(arg(1), geometry),
        What::Conv(ConvPass::InputGrad, geometry) => arg(0).conv2d_input_grad(arg(1), geometry, shape),
        What::Conv(ConvPass::WeightGrad, geometry) => arg(0).conv2d_weight_grad(arg(1), geometry, shape),
        What::Reduce(Reduction::Sum, axes) => arg(0).sum(axes),
        What::Reduce(Reduction::Max, axes) => arg(0).max(axes),
        What::Reduce(Reduction::Min, axes) => arg(0).min(axes),
        What::Mean(axes) => arg(0).mean(axes),
        What::Arg(Reduction::Max, axis) => arg(0).argmax(*axis),
        What::Arg(_, axis) => arg(0).argmin(*axis),
        What::Reshape => arg(0).reshape(shape),
        What::Permute(order) => arg(0).permute(order),
        What::Broadcast => arg(0).broadcast(shape),
        What::Slice(start) => arg(0).slice(start, shape),
        What::Pad(start) => arg(0).pad_into(start, shape),
        What::Concat(axis) => {
            arg(0).concat(&step.of[1..].iter().map(|&i| &all[i]).collect::<Vec<_>>(), *axis)
        }
        What::Gather => arg(0).gather(arg(1)),
        What::Scatter => arg(0).scatter_add(arg(1), shape[0]),
        What::Normalize(axes) => arg(0).normalize(axes, 1e-2).0,
        What::Nearness => arg(0).nearness(),
        What::Grad => slope(arg(0), arg(1)),
        What::Jvp => jvp(&[arg(0)], &[arg(1)], &[arg(2)]).remove(0),
    }
}
