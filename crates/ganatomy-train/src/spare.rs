//! Processors that training leaves free.

/// How many processors so many threads leave free for what can be worked out beside training.
pub fn spare_threads(threads: usize) -> usize {
    std::thread::available_parallelism().map_or(0, usize::from).saturating_sub(threads)
}
