//! Shapes: the lengths of a tensor's axes, outermost first, and the rules that combine them.

use std::fmt;
use std::ops::Deref;

/// The most elements that a tensor of a program may have, axes of length zero counted as one.
pub(crate) const MAX_ELEMENTS: usize = 1 << 40;

/// The axis lengths of a dense row-major tensor; `[]` is a scalar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// How many elements a tensor of this shape has; `usize::MAX` if there are more than can be counted.
    pub fn numel(&self) -> usize {
        if self.0.contains(&0) { 0 } else { self.0.iter().fold(1, |n, &len| n.saturating_mul(len)) }
    }

    /// Is the shape one that a program may have? The product of any two axes can then be counted too, and so can
    /// the multiply-adds of any matrix product.
    pub(crate) fn fits(&self) -> bool {
        self.0.iter().fold(1, |n: usize, &len| n.saturating_mul(len.max(1))) <= MAX_ELEMENTS
    }

    /// Row-major strides, in elements.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1_usize; self.0.len()];
        for axis in (1..self.0.len()).rev() {
            strides[axis - 1] = strides[axis].saturating_mul(self.0[axis]);
        }
        strides
    }

    /// The shape two operands share when axes of length one stretch, aligned at the last axis.
    pub fn broadcast_with(&self, other: &Shape) -> Option<Shape> {
        let rank = self.len().max(other.len());
        let at = |s: &Shape, axis: usize| {
            let missing = rank - s.len();
            if axis < missing { 1 } else { s[axis - missing] }
        };
        (0..rank)
            .map(|axis| match (at(self, axis), at(other, axis)) {
                (a, b) if a == b => Some(a),
                (1, b) => Some(b),
                (a, 1) => Some(a),
                _ => None,
            })
            .collect()
    }

    /// The shape that is left when `axes` are removed.
    pub fn without(&self, axes: &[usize]) -> Shape {
        let kept = self.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
        kept.map(|(_, &n)| n).collect()
    }

    /// The same rank with `axes` set to one.
    pub fn with_ones(&self, axes: &[usize]) -> Shape {
        let one = |axis: usize, n: usize| if axes.contains(&axis) { 1 } else { n };
        self.iter().enumerate().map(|(axis, &n)| one(axis, n)).collect()
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl FromIterator<usize> for Shape {
    fn from_iter<I: IntoIterator<Item = usize>>(axes: I) -> Self {
        Shape(axes.into_iter().collect())
    }
}

impl From<&[usize]> for Shape {
    fn from(axes: &[usize]) -> Self {
        Shape(axes.to_vec())
    }
}

impl From<Vec<usize>> for Shape {
    fn from(axes: Vec<usize>) -> Self {
        Shape(axes)
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Self {
        shape.clone()
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(axes: [usize; N]) -> Self {
        Shape(axes.to_vec())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// The result of a shape rule: the output's shape, or what is wrong.
pub(crate) type ShapeRule = Result<Shape, String>;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &[usize], b: &[usize], expected: Option<&[usize]>) {
        let found = Shape::from(a).broadcast_with(&Shape::from(b));
        assert_eq!(found, expected.map(Shape::from));
    }

    #[test]
    fn broadcasting_aligns_at_the_last_axis() {
        check(&[4, 3], &[3], Some(&[4, 3]));
        check(&[4, 1], &[1, 3], Some(&[4, 3]));
        check(&[], &[2, 2], Some(&[2, 2]));
        check(&[4, 3], &[4], None);
    }

    #[test]
    fn strides_are_row_major() {
        assert_eq!(Shape::from([2, 3, 4]).strides(), vec![12, 4, 1]);
        assert_eq!(Shape::from([2, 3, 4]).numel(), 24);
    }

    #[test]
    fn sizes_beyond_counting_do_not_overflow() {
        let huge = Shape::from([usize::MAX, 3, usize::MAX]);
        assert_eq!((huge.numel(), huge.fits()), (usize::MAX, false));
        assert_eq!(huge.strides()[2], 1);
        let none = Shape::from([usize::MAX, 0, usize::MAX]);
        assert_eq!((none.numel(), none.fits()), (0, false));
        assert!(Shape::from([1 << 20, 0, 1 << 20]).fits());
    }
}
