//! The CPU device: kernels, threads and memory that run a compiled program.

mod barriers;
mod bound;
mod conv;
mod fetch;
mod gemm;
mod level;
mod lower;
mod math;
mod movement;
mod pass;
mod pool;
mod product;
mod reduce;
mod spec;
mod task;
mod winograd;

pub use crate::aligned::Aligned;
pub use crate::philox::Key;
pub use bound::{Bound, KernelTime};
pub use level::{ForcedLevel, Level, UnknownLevel};
pub use math::Math;

pub(crate) use product::Product;

use crate::compile::Program;
use crate::element::Element;
use bound::Machine;
use pool::Pool;

/// An element type that the CPU's kernels are written for.
pub trait Native: Element + Math + gemm::Micro {
    /// A program lowered for a device.
    #[doc(hidden)]
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<Self>>;
}

impl Native for f32 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<f32>> {
        bound::machine(program, names, cpu)
    }
}

impl Native for f64 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<f64>> {
        bound::machine(program, names, cpu)
    }
}

/// The processor, with so many threads and one set of vector instructions.
pub struct Cpu {
    pool: Pool,
    level: Level,
}

impl Cpu {
    /// A device of `threads` threads (at least one) with the widest vectors there are, or with those that the
    /// environment variable `GANATOMY_SIMD` names.
    pub fn new(threads: usize) -> Self {
        Self::with_level(threads, Level::detect())
    }

    /// A device that uses the given vector instructions, or portable code where they are missing.
    pub fn with_level(threads: usize, level: Level) -> Self {
        Cpu { pool: Pool::new(threads.max(1)), level: level.or_portable() }
    }

    /// How many threads run a program.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// The vector instructions in use.
    pub fn level(&self) -> Level {
        self.level
    }

    fn run(&self, job: &(dyn Fn(usize) + Sync)) {
        self.pool.run(job);
    }
}

/// The `part`-th of `parts` nearly equal ranges of `0..n`; empty for parts beyond the last.
#[inline(always)]
pub(crate) fn share(n: usize, parts: usize, part: usize) -> (usize, usize) {
    if part >= parts {
        return (n, n);
    }
    (n * part / parts, n * (part + 1) / parts)
}
