//! How many threads a command uses.

use super::text::at_least_one;

/// More threads than any processor has would only exhaust the system.
const MOST: u64 = 1024;

/// The threads asked for, or one for each processor.
pub(crate) fn threads(asked: Option<u64>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(processors, |threads| threads as usize)
}

/// A number of threads, from the command line.
pub(crate) fn thread_count(text: &str) -> Result<u64, String> {
    match at_least_one(text) {
        Ok(threads) if threads <= MOST => Ok(threads),
        _ => Err(format!("must be a whole number from 1 to {MOST}")),
    }
}
