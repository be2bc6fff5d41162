//! The processor as a device: its threads and its vector instructions.

use super::level::Level;
use super::pool::Pool;

/// The processor, with a number of threads and one set of vector instructions.
pub struct Cpu {
    pool: Pool,
    level: Level,
}

impl std::fmt::Debug for Cpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cpu").field("threads", &self.threads()).field("level", &self.level).finish()
    }
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

    /// Calls `job` with the number of every thread, on that thread; answers what the first said that panicked.
    pub(super) fn run(&self, job: &(dyn Fn(usize) + Sync)) -> Result<(), String> {
        self.pool.run(job)
    }
}
