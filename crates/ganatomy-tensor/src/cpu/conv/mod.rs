//! Convolution and its two gradients as implicit matrix products.

pub mod layout;
pub mod patches;
pub mod scatter;
pub mod spec;
#[cfg(test)]
pub(crate) mod tests;

pub use spec::{ConvPass, ConvSpec};
