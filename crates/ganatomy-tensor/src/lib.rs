//! Tensor programs: traced once, differentiated exactly, compiled, and run without allocating.
//!
//! ```
//! use ganatomy_tensor::{Cpu, Key, Program, Store, Trace, grad};
//!
//! let trace = Trace::new();
//! let w = trace.input("w", [2]);
//! let loss = (&w - 3.0).square().sum_all();
//! let slope = grad(&loss, &[&w]);
//! let program = Program::compile(&trace, &[("w", &(&w - &slope[0] * 0.25)), ("loss", &loss)])?;
//!
//! let cpu = Cpu::new(1);
//! let mut store = Store::<f32>::new();
//! store.insert("w", [2], vec![1.0, 5.0])?;
//! let mut step = program.bind(&cpu, &mut store)?;
//! for n in 0..30 {
//!     step.run(&cpu, &mut store, Key { seed: 0, step: n })?;
//! }
//! assert!((store.get("w")?.values()[0] - 3.0).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Bottom floor first, each built from those before it:
//!
//! - `shape`, `element`, `aligned`, `philox`: axis lengths, numbers, memory, random numbers
//! - `op`, `trace`, `tensor`, `grad`: primitive operations, the graph, its symbolic tensors, derivatives
//! - `store`, `interpret`: named arrays, and the plain executor
//! - `compile`, [`cpu`], `device`: what plans a program, what runs it, and what must be able to run it elsewhere
//! - `population`: programs that differ in numbers only, as one

mod aligned;
mod bytes;
mod compile;
pub mod cpu;
#[cfg(test)]
#[path = "../../../testing/damage.rs"]
mod damage;
mod device;
mod element;
mod grad;
mod interpret;
mod op;
mod philox;
mod population;
mod shape;
mod store;
mod tensor;
mod trace;

#[cfg(test)]
mod exam;

/// Counts what readers of damaged files take.
#[cfg(test)]
#[global_allocator]
static COUNTING: damage::Counting = damage::Counting;

pub use bytes::ByteCount;
pub use compile::{Instruction, KernelCost, Program};
pub use cpu::{Bound, Cpu};
pub use device::{Device, DeviceError, Many, Precision, Room};
pub use element::Element;
pub use grad::{grad, jvp, vjp};
pub use interpret::interpret;
pub use op::{Binary, ConvGeometry, ConvPass, Distribution, Op, Reduction, Scalar, Unary};
pub use philox::Key;
pub use population::{MemberError, Members};
pub use shape::Shape;
pub use store::{Array, Store, StoreError};
pub use tensor::Operand;
pub use trace::{Tensor, Trace, TraceError};
