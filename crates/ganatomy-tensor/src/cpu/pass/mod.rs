//! Elementwise passes on the CPU: a chunk of every operand at a time, kept in the first-level cache.
//!
//! ```text
//! for each chunk (up to 2048 elements, as many as the first-level cache holds of every operand):
//!     point every load at its memory, or gather it into scratch where it is strided
//!     for each step:  out[0..n] = f(a[0..n], b[0..n])        one vector loop each
//!     (steps whose value is stored write straight to memory)
//! ```

mod apply;
mod load;
mod plan;
mod run;

pub(super) use plan::PassPlan;
pub(super) use run::{Scratch, Stretch};
