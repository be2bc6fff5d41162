//! Elementwise arithmetic: operators that broadcast, functions, comparisons and choice.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::op::{Binary, Op, Scalar, Unary};
use crate::trace::Tensor;

impl Tensor {
    /// A number with this tensor's shape.
    fn filled(&self, value: f64) -> Tensor {
        self.trace().full(self.shape(), value)
    }

    pub(crate) fn unary(&self, f: Unary) -> Tensor {
        self.trace().push(Op::Unary(f), &[self], self.shape().clone())
    }

    pub(crate) fn binary(&self, f: Binary, other: &Tensor) -> Tensor {
        let Some(shape) = self.shape().broadcast_with(other.shape()) else {
            let reason = "axes must be equal or 1, aligned at the last".to_owned();
            return self.mistake(f.name(), &[other], reason, self.shape().clone());
        };
        let (a, b) = (self.broadcast(&shape), other.broadcast(&shape));
        self.trace().push(Op::Binary(f), &[&a, &b], shape)
    }

    /// `e^x`
    pub fn exp(&self) -> Tensor {
        self.unary(Unary::Exp)
    }
    /// `ln x`
    pub fn log(&self) -> Tensor {
        self.unary(Unary::Log)
    }
    /// `ln(1 + x)`
    pub fn log1p(&self) -> Tensor {
        self.unary(Unary::Log1p)
    }
    /// `x^(1/2)`
    pub fn sqrt(&self) -> Tensor {
        self.unary(Unary::Sqrt)
    }
    /// `x^(-1/2)`
    pub fn rsqrt(&self) -> Tensor {
        self.unary(Unary::Rsqrt)
    }
    /// `|x|`
    pub fn abs(&self) -> Tensor {
        self.unary(Unary::Abs)
    }
    /// -1, 0 or 1
    pub fn sign(&self) -> Tensor {
        self.unary(Unary::Sign)
    }
    /// Hyperbolic tangent
    pub fn tanh(&self) -> Tensor {
        self.unary(Unary::Tanh)
    }
    /// `1 / (1 + e^-x)`
    pub fn sigmoid(&self) -> Tensor {
        self.unary(Unary::Sigmoid)
    }
    /// `ln(1 + e^x)`
    pub fn softplus(&self) -> Tensor {
        self.unary(Unary::Softplus)
    }
    /// `max(x, 0)`
    pub fn relu(&self) -> Tensor {
        self.leaky_relu(0.0)
    }
    /// `x > 0 ? x : slope x`
    pub fn leaky_relu(&self, slope: f64) -> Tensor {
        self.unary(Unary::LeakyRelu(Scalar(slope)))
    }
    /// The largest whole number not above `x`
    pub fn floor(&self) -> Tensor {
        self.unary(Unary::Floor)
    }
    /// `x x`
    pub fn square(&self) -> Tensor {
        self * self
    }
    /// `x^y`; differentiable by `y` where `x > 0`
    pub fn pow(&self, exponent: &Tensor) -> Tensor {
        self.binary(Binary::Pow, exponent)
    }
    /// `x^c`
    pub fn powf(&self, exponent: f64) -> Tensor {
        self.binary(Binary::Pow, &self.filled(exponent))
    }
    /// The larger of two
    pub fn maximum(&self, other: &Tensor) -> Tensor {
        self.binary(Binary::Max, other)
    }
    /// The smaller of two
    pub fn minimum(&self, other: &Tensor) -> Tensor {
        self.binary(Binary::Min, other)
    }
    /// 1 where larger, else 0
    pub fn gt(&self, other: impl Operand) -> Tensor {
        self.binary(Binary::Gt, &other.beside(self))
    }
    /// 1 where larger or equal, else 0
    pub fn ge(&self, other: impl Operand) -> Tensor {
        self.binary(Binary::Ge, &other.beside(self))
    }
    /// 1 where equal, else 0
    pub fn eq(&self, other: impl Operand) -> Tensor {
        self.binary(Binary::Eq, &other.beside(self))
    }
    /// `self != 0 ? a : b`, elementwise
    pub fn select(&self, a: impl Operand, b: impl Operand) -> Tensor {
        let (a, b) = (a.beside(self), b.beside(self));
        let joint = self.shape().broadcast_with(a.shape()).and_then(|s| s.broadcast_with(b.shape()));
        let Some(shape) = joint else {
            let reason = "axes must be equal or 1, aligned at the last".to_owned();
            return self.mistake("select", &[&a, &b], reason, self.shape().clone());
        };
        let (c, a, b) = (self.broadcast(&shape), a.broadcast(&shape), b.broadcast(&shape));
        self.trace().push(Op::Select, &[&c, &a, &b], shape)
    }
    /// The same value, whose derivative is zero
    pub fn stop_gradient(&self) -> Tensor {
        self.trace().push(Op::StopGradient, &[self], self.shape().clone())
    }
}

/// The other operand of a tensor's operation: a tensor or a number.
pub trait Operand {
    /// The operand as a tensor of the same program.
    fn beside(&self, tensor: &Tensor) -> Tensor;
}

impl Operand for Tensor {
    fn beside(&self, _: &Tensor) -> Tensor {
        self.clone()
    }
}

impl Operand for &Tensor {
    fn beside(&self, _: &Tensor) -> Tensor {
        (*self).clone()
    }
}

impl Operand for f64 {
    fn beside(&self, tensor: &Tensor) -> Tensor {
        tensor.filled(*self)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:ident) => {
        impl<T: Operand> $trait<T> for &Tensor {
            type Output = Tensor;
            fn $method(self, other: T) -> Tensor {
                self.binary(Binary::$op, &other.beside(self))
            }
        }
        impl<T: Operand> $trait<T> for Tensor {
            type Output = Tensor;
            fn $method(self, other: T) -> Tensor {
                self.binary(Binary::$op, &other.beside(&self))
            }
        }
        impl $trait<&Tensor> for f64 {
            type Output = Tensor;
            fn $method(self, other: &Tensor) -> Tensor {
                other.filled(self).binary(Binary::$op, other)
            }
        }
        impl $trait<Tensor> for f64 {
            type Output = Tensor;
            fn $method(self, other: Tensor) -> Tensor {
                other.filled(self).binary(Binary::$op, &other)
            }
        }
    };
}
operator!(Add, add, Add);
operator!(Sub, sub, Sub);
operator!(Mul, mul, Mul);
operator!(Div, div, Div);

impl Neg for &Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.unary(Unary::Neg)
    }
}

impl Neg for Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.unary(Unary::Neg)
    }
}
