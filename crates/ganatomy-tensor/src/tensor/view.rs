//! Reshaping, reordering, stretching, cutting, padding and joining.

use crate::op::Op;
use crate::shape::Shape;
use crate::trace::Tensor;

/// Does a stretch of `len` from `start` end within `room`?
fn ends_within(start: usize, len: usize, room: usize) -> bool {
    start.checked_add(len).is_some_and(|end| end <= room)
}

impl Tensor {
    /// The same elements in the same order under another shape.
    pub fn reshape(&self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if shape == *self.shape() {
            return self.clone();
        }
        if shape.numel() != self.shape().numel() {
            let reason = format!("{shape} holds another number of elements");
            return self.mistake("reshape", &[], reason, shape);
        }
        self.trace().push(Op::Reshape, &[self], shape)
    }

    /// The axes in another order: output axis `i` is input axis `order[i]`.
    pub fn permute(&self, order: &[usize]) -> Tensor {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.shape().len()) {
            let reason = format!("{order:?} is not an order of its axes");
            return self.mistake("permute", &[], reason, self.shape().clone());
        }
        let shape = order.iter().map(|&axis| self.shape()[axis]).collect();
        self.trace().push(Op::Permute(order.to_vec()), &[self], shape)
    }

    /// Axes of length one stretched, new leading axes added.
    pub fn broadcast(&self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if shape == *self.shape() {
            return self.clone();
        }
        if self.shape().broadcast_with(&shape).as_ref() != Some(&shape) {
            let reason = format!("it does not stretch to {shape}");
            return self.mistake("broadcast", &[], reason, shape);
        }
        self.trace().push(Op::Broadcast, &[self], shape)
    }

    /// The box of this shape that starts at `start`.
    pub fn slice(&self, start: &[usize], shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        let fits = start.len() == self.shape().len()
            && shape.len() == start.len()
            && (0..start.len()).all(|axis| ends_within(start[axis], shape[axis], self.shape()[axis]));
        if !fits {
            let reason = format!("no box of shape {shape} starts at {start:?}");
            return self.mistake("slice", &[], reason, shape);
        }
        self.trace().push(Op::Slice(start.to_vec()), &[self], shape)
    }

    /// Zeros of this shape with the tensor placed at `start`.
    pub fn pad_into(&self, start: &[usize], shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        let fits = start.len() == self.shape().len()
            && shape.len() == start.len()
            && (0..start.len()).all(|axis| ends_within(start[axis], self.shape()[axis], shape[axis]));
        if !fits {
            let reason = format!("it does not fit into {shape} at {start:?}");
            return self.mistake("pad", &[], reason, shape);
        }
        self.trace().push(Op::Pad(start.to_vec()), &[self], shape)
    }

    /// This tensor and others joined along an axis.
    pub fn concat(&self, others: &[&Tensor], axis: usize) -> Tensor {
        let fits = |other: &Tensor| {
            axis < self.shape().len()
                && other.shape().without(&[axis]) == self.shape().without(&[axis])
                && other.shape().len() == self.shape().len()
        };
        if !fits(self) || !others.iter().all(|other| fits(other)) {
            let reason = match self.shape().get(axis) {
                Some(_) => format!("all axes but {axis} must be equal"),
                None => format!("there is no axis {axis}"),
            };
            return self.mistake("concat", others, reason, self.shape().clone());
        }
        let parts: Vec<&Tensor> = std::iter::once(self).chain(others.iter().copied()).collect();
        let joined = parts.iter().map(|part| part.shape()[axis]).sum();
        let lens = self.shape().iter().enumerate();
        let shape = lens.map(|(i, &n)| if i == axis { joined } else { n }).collect();
        self.trace().push(Op::Concat(axis), &parts, shape)
    }

    /// The last two axes swapped.
    pub fn transpose(&self) -> Tensor {
        let rank = self.shape().len();
        if rank < 2 {
            return self.mistake("transpose", &[], "two axes are needed".into(), self.shape().clone());
        }
        let mut order: Vec<usize> = (0..rank).collect();
        order.swap(rank - 2, rank - 1);
        self.permute(&order)
    }
}
