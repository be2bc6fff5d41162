//! The micro-kernel: a strip of register tiles of `C`, from a block of `A` and one panel of `B`.
//!
//! ```text
//!              B panel: depth x (VECS registers)
//!              +----+----+
//!            k | b0 | b1 |          every step of k: load b0, b1,
//!              +----+----+          then for each row broadcast a[i][k]
//!    A   k                          and multiply-add it into c[i][0], c[i][1]
//!   +-----+    +----+----+
//!   | i   |    | c  | c  | ROWS     ROWS x VECS accumulators live in registers for the
//!   +-----+    +----+----+          whole depth; C is touched once per block of depth.
//!   | ... |    | ...     |          The next panel of ROWS rows reuses the B panel from L1.
//! ```

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;
use crate::cpu::fetch::{FAR, LINE, NEAR, fetch};

/// One call of the micro-kernel: `panels` register tiles below each other.
#[derive(Clone, Copy)]
pub struct Strip<E> {
    /// First row of `A` at depth 0.
    pub a: *const E,
    /// Distance between rows of `A` (by lines) or between depths (by slabs).
    pub a_stride: usize,
    /// The `B` panel.
    pub b: *const E,
    /// Distance between depths in the panel.
    pub b_stride: usize,
    /// Column 0 of `C`.
    pub c: *mut E,
    /// Where each row of `C` starts, relative to `c`.
    pub c_rows: *const usize,
    /// Register tiles below each other.
    pub panels: usize,
    /// Depth of the block.
    pub depth: usize,
    /// Columns that exist, at most the panel's width.
    pub cols: usize,
    /// Add to `C` instead of overwriting it.
    pub add: bool,
    /// What is read next: it is fetched into the L2 cache meanwhile, two lines every [`UNROLL`] depths.
    pub ahead: *const E,
    /// Distance between the pairs of lines.
    pub ahead_stride: usize,
}

/// The kernel for `ROWS` x `VECS` registers; `LINES` when a row of `A` is contiguous in depth.
pub struct Tile<E, const ROWS: usize, const VECS: usize, const LINES: bool>(pub Strip<E>);

impl<E: Lanes, const ROWS: usize, const VECS: usize, const LINES: bool> WithSimd
    for Tile<E, ROWS, VECS, LINES>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut strip = self.0;
        for _ in 0..strip.panels {
            // SAFETY: the maker of a strip promises that its pointers cover its sizes.
            unsafe {
                if strip.depth >= 4 * UNROLL {
                    fetch_rows::<E, S, ROWS, VECS>(&strip);
                }
                let sums = multiply::<E, S, ROWS, VECS, LINES>(simd, &strip);
                store::<E, S, ROWS, VECS>(simd, &strip, &sums);
                strip.a = strip.a.add(if LINES { ROWS * strip.a_stride } else { ROWS });
                strip.c_rows = strip.c_rows.add(ROWS);
                let fetched = strip.depth / UNROLL * strip.ahead_stride;
                strip.ahead = strip.ahead.wrapping_add(fetched);
            }
        }
    }
}

/// The products of one register tile.
#[inline(always)]
unsafe fn multiply<E: Lanes, S: Simd, const ROWS: usize, const VECS: usize, const LINES: bool>(
    simd: S,
    strip: &Strip<E>,
) -> [[E::Vector<S>; VECS]; ROWS] {
    let mut sums = [[E::splat(simd, E::ZERO); VECS]; ROWS];
    let (mut b, mut ahead) = (strip.b, strip.ahead);
    let mut a: [_; GROUPS] = std::array::from_fn(|g| strip.a.wrapping_add(3 * g * strip.a_stride));
    if LINES {
        // Otherwise the compiler keeps a pointer for each row, and they do not fit.
        a = std::hint::black_box(a);
    }
    let stride = strip.a_stride;
    // SAFETY: every offset stays inside the block that the strip describes.
    unsafe {
        for _ in 0..strip.depth / UNROLL {
            fetch::<E, FAR>(ahead);
            fetch::<E, FAR>(ahead.wrapping_byte_add(LINE));
            ahead = ahead.wrapping_add(strip.ahead_stride);
            for k in 0..UNROLL {
                step::<E, S, ROWS, VECS, LINES>(simd, &a, stride, k, b, &mut sums);
                b = b.add(strip.b_stride);
            }
            let forward = if LINES { UNROLL } else { UNROLL * stride };
            a = a.map(
                #[inline(always)]
                |a| a.wrapping_add(forward),
            );
        }
        for k in 0..strip.depth % UNROLL {
            step::<E, S, ROWS, VECS, LINES>(simd, &a, stride, k, b, &mut sums);
            b = b.add(strip.b_stride);
        }
    }
    sums
}

/// Depths unrolled, so that the pointers advance once for several.
pub const UNROLL: usize = 4;
/// Groups of three rows that share a pointer: x86 addresses reach `p`, `p + stride`, `p + 2 stride`.
const GROUPS: usize = 4;
/// Fetches the tile of `C`, which is touched when its products are done.
#[inline(always)]
unsafe fn fetch_rows<E: Lanes, S: Simd, const ROWS: usize, const VECS: usize>(strip: &Strip<E>) {
    for i in 0..ROWS {
        // SAFETY: the strip names the start of each of its rows.
        let start = strip.c.wrapping_add(unsafe { *strip.c_rows.add(i) });
        fetch::<E, NEAR>(start);
        if VECS * E::width::<S>() * size_of::<E>() > LINE {
            fetch::<E, NEAR>(start.wrapping_byte_add(LINE));
        }
    }
}

/// One depth of one register tile.
#[inline(always)]
unsafe fn step<E: Lanes, S: Simd, const ROWS: usize, const VECS: usize, const LINES: bool>(
    simd: S,
    a: &[*const E; GROUPS],
    stride: usize,
    k: usize,
    b: *const E,
    sums: &mut [[E::Vector<S>; VECS]; ROWS],
) {
    let mut right = [E::splat(simd, E::ZERO); VECS];
    // SAFETY: the caller's promise.
    unsafe {
        for (v, register) in right.iter_mut().enumerate() {
            *register = E::load(simd, b.add(v * E::width::<S>()));
        }
        for (i, row) in sums.iter_mut().enumerate() {
            let at = if LINES {
                a[i / 3].wrapping_add(i % 3 * stride + k)
            } else {
                a[0].wrapping_add(k * stride + i)
            };
            let left = E::splat(simd, *at);
            for (sum, register) in row.iter_mut().zip(right) {
                *sum = E::mul_add(simd, left, register, *sum);
            }
        }
    }
}

/// Writes one register tile to `C`.
#[inline(always)]
unsafe fn store<E: Lanes, S: Simd, const ROWS: usize, const VECS: usize>(
    simd: S,
    strip: &Strip<E>,
    sums: &[[E::Vector<S>; VECS]; ROWS],
) {
    let width = E::width::<S>();
    // SAFETY: row offsets and columns are inside `C`.
    unsafe {
        for (i, row) in sums.iter().enumerate() {
            let c = strip.c.add(*strip.c_rows.add(i));
            for (v, &sum) in row.iter().enumerate() {
                let at = c.add(v * width);
                let n = strip.cols.saturating_sub(v * width).min(width);
                if n == width {
                    let new = if strip.add { E::plus(simd, E::load(simd, at), sum) } else { sum };
                    E::store(simd, at, new);
                } else {
                    let old = if strip.add { E::load_first(simd, at, n) } else { E::splat(simd, E::ZERO) };
                    E::store_first(simd, at, n, E::plus(simd, old, sum));
                }
            }
        }
    }
}
