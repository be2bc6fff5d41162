//! The operations of a symbolic tensor, by kind.

mod arithmetic;
mod linear;
mod nearness;
mod reduction;
mod view;

pub use arithmetic::Operand;
