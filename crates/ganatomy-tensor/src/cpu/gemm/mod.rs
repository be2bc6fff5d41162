//! The blocked matrix product: one engine whose operands are given by packers.

pub mod grid;
pub mod lanes;
pub mod layout;
mod matmul;
pub mod micro;
pub mod narrow;
pub mod operand;
pub mod part;
pub mod patches;
pub mod product;
pub mod runs;
pub mod scatter;
pub mod shallow;
#[cfg(test)]
pub(crate) mod tests;
pub mod tile;
pub mod transpose;

pub use micro::Micro;
pub use product::Gemm;
