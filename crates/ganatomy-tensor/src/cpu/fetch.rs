//! Prefetching: asks for cache lines before they are needed.

/// Bytes in a cache line.
pub(super) const LINE: usize = 64;
/// Fetch into the L1 cache.
pub(super) const NEAR: bool = true;
/// Fetch into the L2 cache.
pub(super) const FAR: bool = false;

/// Asks for the cache line at an address, which need not exist.
#[inline(always)]
pub(super) fn fetch<E, const NEAR: bool>(at: *const E) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _MM_HINT_T1, _mm_prefetch};
        // SAFETY: a prefetch never faults.
        unsafe {
            if NEAR {
                _mm_prefetch::<_MM_HINT_T0>(at.cast());
            } else {
                _mm_prefetch::<_MM_HINT_T1>(at.cast());
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Asks for the lines of `n` elements, into the L2 cache.
#[inline(always)]
pub(super) fn fetch_run<E>(from: *const E, n: usize) {
    for line in (0..n * size_of::<E>()).step_by(LINE) {
        fetch::<E, FAR>(from.wrapping_byte_add(line));
    }
}
