//! How many threads a command uses.

/// More threads than any processor has would only exhaust the system.
const MOST: u64 = 1024;

/// The threads asked for, or one for each processor.
pub(crate) fn threads(asked: Option<u64>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(processors, |threads| threads.clamp(1, MOST) as usize)
}
