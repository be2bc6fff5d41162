//! The interface between a bound program and the code that runs it.

use super::device::Cpu;
use super::level::Level;
use crate::philox::Key;

/// A lowered program with its memory. Behind a trait object made in this crate, so that the kernels are
/// compiled here once and not again in every crate that runs a program.
pub trait Machine<E>: Send {
    /// Runs the program on named tensors.
    ///
    /// # Safety
    /// `named` holds a pointer to each named tensor of the program, with as many elements as it was
    /// planned for, and nothing else uses those tensors meanwhile.
    ///
    /// # Errors
    /// What a kernel said that panicked.
    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key) -> Result<(), String>;

    /// Starts or stops measuring where the time goes, and returns what was measured.
    fn measure(&mut self, start: bool) -> Vec<KernelTime>;

    /// Bytes of the arena and of all scratch memory.
    fn memory_bytes(&self) -> usize;

    /// The threads and the vector instructions it was planned for.
    fn planned_for(&self) -> (usize, Level);
}

/// Where the time of a kernel went, in seconds, as the mean over the threads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KernelTime {
    /// Running its tasks.
    pub work: f64,
    /// Waiting for the other threads to finish theirs.
    pub wait: f64,
}
