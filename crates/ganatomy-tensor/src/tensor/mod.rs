//! The operations of a symbolic tensor, by kind.

mod arithmetic;
mod linear;
mod reduction;
mod view;

pub use arithmetic::Operand;
