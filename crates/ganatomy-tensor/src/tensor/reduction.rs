//! Sums, means, extrema and standardisation over axes.

use crate::op::{Op, Reduction};
use crate::trace::Tensor;

impl Tensor {
    /// What is wrong with axes to be reduced; `full` if there must be something along each.
    fn axes_mistake(&self, axes: &[usize], full: bool) -> Option<String> {
        for (i, &axis) in axes.iter().enumerate() {
            match self.shape().get(axis) {
                None => return Some(format!("there is no axis {axis}, which {axes:?} names")),
                Some(_) if axes[..i].contains(&axis) => {
                    return Some(format!("axis {axis} is named twice in {axes:?}"));
                }
                Some(0) if full => return Some(format!("axis {axis} has length 0")),
                Some(_) => {}
            }
        }
        None
    }

    fn reduce(&self, kind: Reduction, axes: &[usize]) -> Tensor {
        if let Some(reason) = self.axes_mistake(axes, kind != Reduction::Sum) {
            return self.mistake(kind.name(), &[], reason, self.shape().without(axes));
        }
        let mut axes = axes.to_vec();
        axes.sort_unstable();
        if axes.is_empty() {
            return self.clone();
        }
        let shape = self.shape().without(&axes);
        self.trace().push(Op::Reduce(kind, axes), &[self], shape)
    }

    fn arg_reduce(&self, kind: Reduction, axis: usize) -> Tensor {
        if let Some(reason) = self.axes_mistake(&[axis], true) {
            return self.mistake(kind.arg_name(), &[], reason, self.shape().without(&[axis]));
        }
        let shape = self.shape().without(&[axis]);
        self.trace().push(Op::ArgReduce(kind, axis), &[self], shape)
    }

    /// The sum over axes, which disappear; no axis may be named twice.
    pub fn sum(&self, axes: &[usize]) -> Tensor {
        self.reduce(Reduction::Sum, axes)
    }
    /// The sum of all elements, a scalar.
    pub fn sum_all(&self) -> Tensor {
        self.sum(&self.all_axes())
    }
    /// The mean over axes, which disappear.
    pub fn mean(&self, axes: &[usize]) -> Tensor {
        if let Some(reason) = self.axes_mistake(axes, true) {
            return self.mistake("mean", &[], reason, self.shape().without(axes));
        }
        let count: usize = axes.iter().filter_map(|&axis| self.shape().get(axis)).product();
        self.sum(axes) * (1.0 / count as f64)
    }
    /// The mean of all elements, a scalar.
    pub fn mean_all(&self) -> Tensor {
        self.mean(&self.all_axes())
    }
    /// The mean over axes, which stay with length one.
    pub fn mean_kept(&self, axes: &[usize]) -> Tensor {
        self.mean(axes).reshape(self.shape().with_ones(axes))
    }
    /// The largest over axes, which disappear; none may have length zero.
    pub fn max(&self, axes: &[usize]) -> Tensor {
        self.reduce(Reduction::Max, axes)
    }
    /// The smallest over axes, which disappear; none may have length zero.
    pub fn min(&self, axes: &[usize]) -> Tensor {
        self.reduce(Reduction::Min, axes)
    }
    /// Where the largest is along an axis: the first of equals.
    pub fn argmax(&self, axis: usize) -> Tensor {
        self.arg_reduce(Reduction::Max, axis)
    }
    /// Where the smallest is along an axis: the first of equals.
    pub fn argmin(&self, axis: usize) -> Tensor {
        self.arg_reduce(Reduction::Min, axis)
    }

    /// Standardisation over axes: `(x - mean) / sqrt(var + eps)`, with the mean and variance it used.
    ///
    /// # Shapes
    /// - output: that of self; mean and variance: that of self with `axes` of length one
    pub fn normalize(&self, axes: &[usize], eps: f64) -> (Tensor, Tensor, Tensor) {
        if let Some(reason) = self.axes_mistake(axes, true) {
            let (same, one) = (self.shape().clone(), self.shape().with_ones(axes));
            let stand_in = |shape| self.mistake("normalize", &[], reason.clone(), shape);
            return (stand_in(same), stand_in(one.clone()), stand_in(one));
        }
        let mean = self.mean_kept(axes);
        let centred = self - &mean;
        let variance = centred.square().mean_kept(axes);
        let inv = (&variance + eps).rsqrt();
        let value = centred * &inv;
        let out =
            self.trace().push(Op::Normalize(axes.to_vec()), &[&value, self, &inv], self.shape().clone());
        (out, mean, variance)
    }

    fn all_axes(&self) -> Vec<usize> {
        (0..self.shape().len()).collect()
    }
}
