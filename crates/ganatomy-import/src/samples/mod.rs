//! Samples that a program has saved as pictures, by step.

mod named;
mod tiles;

pub use named::{Pictures, pictures};
pub use tiles::{Pixels, Tiling, tiling};
