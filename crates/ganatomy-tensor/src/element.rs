//! The two element types a program can run in: `f32` for training, `f64` for checks.

use std::fmt::{Debug, Display};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A number that tensors are made of: `f32` or `f64`.
pub trait Element:
    Copy
    + Default
    + PartialEq
    + PartialOrd
    + Debug
    + Display
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + bytemuck::Pod
    + 'static
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The name of the type in a safetensors file.
    const DTYPE: safetensors::Dtype;
    /// Rounds a double to this type.
    fn from_f64(value: f64) -> Self;
    /// Widens to a double, exactly.
    fn to_f64(self) -> f64;
    /// Is this neither infinite nor NaN?
    fn is_finite(self) -> bool;
}

macro_rules! element {
    ($type:ty, $dtype:ident) => {
        impl Element for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const DTYPE: safetensors::Dtype = safetensors::Dtype::$dtype;
            fn from_f64(value: f64) -> Self {
                value as $type
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
        }
    };
}
element!(f32, F32);
element!(f64, F64);
