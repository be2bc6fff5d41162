//! Work cut into nearly equal ranges.

/// The `part`-th of `parts` nearly equal ranges of `0..n`; empty for parts beyond the last.
#[inline(always)]
pub(super) fn share(n: usize, parts: usize, part: usize) -> (usize, usize) {
    if part >= parts {
        return (n, n);
    }
    (n * part / parts, n * (part + 1) / parts)
}
