//! Compilation: from a traced graph to an ordered list of fused kernels over one planned arena.
//!
//! Bottom floor first, each built from those before it:
//!
//! - [`access`], [`function`], [`shared`], [`levels`]: how tensors are read, what steps compute, a graph without equal
//!   nodes, paths
//! - [`batch`], [`join`]: what is done to several batches in the same way, and their rows joined
//! - [`rules`], [`simplify`]: nodes rewritten, the graph rebuilt
//! - [`rebatch`], [`sums`]: batches and sums of weight gradients joined into one product
//! - [`fuse`], [`contract`], [`pass`], [`kernel`]: elementwise work fused and cut into kernels
//! - [`inside`], [`memory`], [`schedule`]: where tensors lie, and the order of kernels
//! - [`program`], [`cost`]: the whole, and what it must compute and move

mod access;
mod batch;
mod contract;
mod cost;
mod function;
mod fuse;
mod inside;
mod join;
mod kernel;
mod levels;
mod memory;
mod pass;
mod program;
mod rebatch;
mod rules;
mod schedule;
mod shared;
mod simplify;
mod sums;

pub(crate) use access::Access;
pub use cost::KernelCost;
pub(crate) use function::{Function, MulAdd};
pub(crate) use kernel::{Kernel, operand};
pub(crate) use memory::{Demand, Memory, place};
pub(crate) use pass::Pass;
pub use program::{Instruction, Program};
