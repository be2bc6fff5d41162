//! Kernels to and from the nine matrices of their taps.

use std::ops::Range;

use pulp::Simd;

use super::columns::{Columns, Panel};
use super::tiles::{PHASES, POSITIONS, Stack, Tiles};
use super::transform::{Fold, Spread, transform};
use crate::cpu::gemm::lanes::Lanes;
use crate::cpu::gemm::transpose::transpose;
use crate::cpu::level::Level;

/// Depths that are transposed at once.
const PIECE: usize = 32;
/// Elements between rows of a piece: an odd number of half cache lines spreads over the cache sets.
const PIECE_LD: usize = PIECE + 16;

/// Elements of scratch for the pieces of a panel.
pub fn piece_len(panel: usize) -> usize {
    POSITIONS * panel * PIECE_LD
}

/// Where the 2 x 2 taps of a phase start for an input channel.
#[inline(always)]
fn taps(tiles: &Tiles, phase: usize, channel: usize) -> [[usize; 2]; 2] {
    let mut starts = [[0; 2]; 2];
    for (a, starts) in starts.iter_mut().enumerate() {
        for (b, start) in starts.iter_mut().enumerate() {
            *start = tiles.tap(phase, [a, b]) + channel * tiles.c_out;
        }
    }
    starts
}

/// The factors of `len` output channels of one phase and input channel, written `step` apart.
#[inline(always)]
unsafe fn spread<E: Lanes, S: Simd>(
    simd: S,
    w: *const E,
    taps: [[usize; 2]; 2],
    (to, step): (*mut E, usize),
    len: usize,
) {
    let (mut from, mut rows) = ([[w.cast_mut(); 2]; 2], [[to; 3]; 3]);
    for a in 0..2 {
        for b in 0..2 {
            from[a][b] = w.cast_mut().wrapping_add(taps[a][b]);
        }
    }
    for (i, row) in rows.iter_mut().enumerate() {
        for (j, at) in row.iter_mut().enumerate() {
            *at = to.wrapping_add((3 * i + j) * step);
        }
    }
    // SAFETY: the caller's promise.
    unsafe { transform::<Spread, E, S, 2, 3>(simd, &from, &rows, len) };
}

/// One panel of `U[(phase, ci), co]` at the depths `ks`.
///
/// # Safety
/// `w` is the whole kernel; `to` has room for the panel.
#[inline(always)]
pub unsafe fn pack<E: Lanes, S: Simd>(
    simd: S,
    tiles: &Tiles,
    w: *const E,
    ks: &Range<usize>,
    panel: &Panel,
    to: &Stack<E>,
) {
    let w = w.wrapping_add(panel.channels.start);
    for (phase, segment) in tiles.segments(ks).iter().enumerate() {
        for i in 0..segment.len {
            let taps = taps(tiles, phase, segment.channel + i);
            let to = (to.row(0, segment.col + i), to.step);
            // SAFETY: the caller's promise.
            unsafe { spread(simd, w, taps, to, panel.channels.len()) };
        }
    }
}

/// One panel of the transposed `U[co, (phase, ci)]` at the depths `ks`.
///
/// # Safety
/// `w` is the whole kernel; `to` has room for the panel, `piece` for [`piece_len`].
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub unsafe fn pack_transposed<E: Lanes, S: Simd>(
    simd: S,
    level: Level,
    tiles: &Tiles,
    w: *const E,
    ks: &Range<usize>,
    panel: &Panel,
    to: &Stack<E>,
    piece: *mut E,
) {
    let count = panel.channels.len();
    let step = count * PIECE_LD;
    for k in ks.clone().step_by(PIECE) {
        let len = PIECE.min(ks.end - k);
        // SAFETY: the caller's promise.
        unsafe {
            for (i, channel) in panel.channels.clone().enumerate() {
                let taps = taps(tiles, panel.phase, channel);
                spread(simd, w.wrapping_add(k), taps, (piece.add(i * PIECE_LD), step), len);
            }
            for position in 0..POSITIONS {
                let from = piece.add(position * step).cast_const();
                let to = (to.row(position, k - ks.start), to.ld);
                transpose(level, (from, PIECE_LD), to, count, len);
            }
        }
    }
}

/// The adjoint: sums whose rows are phases of input channels, to those channels of the kernel.
///
/// # Safety
/// `w` is the whole kernel.
#[inline(always)]
pub unsafe fn fold<E: Lanes, S: Simd>(
    simd: S,
    tiles: &Tiles,
    from: &Stack<E>,
    rows: &Range<usize>,
    columns: &Columns,
    w: *mut E,
) {
    let w = w.wrapping_add(columns.channels.start);
    for phase in 0..PHASES {
        for (i, channel) in rows.clone().enumerate() {
            let taps = taps(tiles, phase, channel);
            let mut to = [[w; 2]; 2];
            for a in 0..2 {
                for b in 0..2 {
                    to[a][b] = w.wrapping_add(taps[a][b]);
                }
            }
            let mut sums = [[from.at; 3]; 3];
            for (sy, sums) in sums.iter_mut().enumerate() {
                for (sx, sum) in sums.iter_mut().enumerate() {
                    *sum = from.row(3 * sy + sx, phase * rows.len() + i);
                }
            }
            // SAFETY: the caller's promise.
            unsafe { transform::<Fold, E, S, 3, 2>(simd, &sums, &to, columns.channels.len()) };
        }
    }
}
