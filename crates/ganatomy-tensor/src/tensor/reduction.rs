//! Sums, means, extrema and standardisation over axes.

use crate::op::{Op, Reduction};
use crate::trace::Tensor;

impl Tensor {
    fn reduce(&self, kind: Reduction, axes: &[usize]) -> Tensor {
        let mut axes = axes.to_vec();
        axes.sort_unstable();
        axes.dedup();
        if axes.iter().any(|&axis| axis >= self.shape().len()) {
            let reason = format!("there is no axis among {axes:?}");
            return self.mistake(kind.name(), &[], reason, self.shape().clone());
        }
        if axes.is_empty() {
            return self.clone();
        }
        let shape = self.shape().without(&axes);
        self.trace().push(Op::Reduce(kind, axes), &[self], shape)
    }

    fn arg_reduce(&self, kind: Reduction, axis: usize) -> Tensor {
        if axis >= self.shape().len() {
            let reason = format!("there is no axis {axis}");
            return self.mistake(kind.arg_name(), &[], reason, self.shape().clone());
        }
        let shape = self.shape().without(&[axis]);
        self.trace().push(Op::ArgReduce(kind, axis), &[self], shape)
    }

    /// The sum over axes, which disappear.
    pub fn sum(&self, axes: &[usize]) -> Tensor {
        self.reduce(Reduction::Sum, axes)
    }
    /// The sum of all elements, a scalar.
    pub fn sum_all(&self) -> Tensor {
        self.sum(&self.all_axes())
    }
    /// The mean over axes, which disappear.
    pub fn mean(&self, axes: &[usize]) -> Tensor {
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
    /// The largest over axes, which disappear.
    pub fn max(&self, axes: &[usize]) -> Tensor {
        self.reduce(Reduction::Max, axes)
    }
    /// The smallest over axes, which disappear.
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
