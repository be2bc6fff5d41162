//! Convolution and its two gradients as implicit matrix products.

mod layout;
#[cfg(test)]
pub(crate) mod tests;
