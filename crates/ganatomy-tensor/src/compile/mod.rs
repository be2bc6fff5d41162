//! Compilation: from a traced graph to an ordered list of fused kernels over one planned arena.
//!
//! Simplify and share ([`simplify`], [`rules`]), fuse elementwise work ([`fuse`], [`pass`]), cut into
//! kernels ([`kernel`]), order them ([`schedule`]), and place their tensors ([`memory`]).

mod access;
mod contract;
mod cost;
mod fuse;
mod kernel;
mod memory;
mod pass;
mod program;
mod rules;
mod schedule;
mod simplify;

pub(crate) use access::Access;
pub(crate) use contract::MulAdd;
pub use cost::KernelCost;
pub(crate) use kernel::{Kernel, operand};
pub(crate) use memory::{Demand, Memory, place};
pub(crate) use pass::{Function, Pass};
pub use program::Program;
