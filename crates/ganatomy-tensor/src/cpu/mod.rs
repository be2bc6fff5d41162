//! The CPU device: kernels, threads and memory that run a compiled program.
//!
//! Bottom floor first, each built from those before it:
//!
//! - `level`, `math`, `fetch`, `share`, `pool`: vector instructions, functions, memory, threads
//! - `spec`, `task`, `gemm`, `conv`, `winograd`, `product`: matrix products and convolutions
//! - `device`, `machine`, `native`: the processor, the interface to what runs a program, the element types
//! - `frame`, `random`, `pass`, `reduce`, `nearness`, `movement`: where tensors are, and the other kinds of kernels
//! - `work`, `barriers`, `lower`: a program's kernels planned, and where threads meet
//! - `checked`: for tests, phases that see only what they say they touch
//! - `loaded`, `bound`: the loop that runs them, and the program bound to a store

mod barriers;
mod bound;
#[cfg(test)]
mod checked;
mod conv;
mod device;
mod fetch;
mod frame;
mod gemm;
mod level;
mod loaded;
mod lower;
mod machine;
mod math;
mod movement;
mod native;
mod nearness;
mod pass;
mod pool;
mod product;
mod random;
mod reduce;
mod share;
mod spec;
mod task;
mod winograd;
mod work;

pub use crate::aligned::Aligned;
pub use crate::philox::Key;
pub use bound::Bound;
pub use device::Cpu;
pub use level::{ForcedLevel, Level, UnknownLevel};
#[cfg(test)]
pub(crate) use loaded::CheckedProgram;
pub use machine::KernelTime;
pub use math::Math;
pub use native::Native;
