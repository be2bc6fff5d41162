//! Transposed copies: the slow part of packing an operand that is stored transposed.
//!
//! ```text
//!   r0 a b c d ..      16 x 16 numbers of 4 bytes in AVX-512 registers, four rounds of exchanges:
//!   r1 e f g h ..  ->  between neighbours, between pairs, between quarters of a register twice;
//!   r2 ...             what is left over, and other levels, number by number
//! ```

use crate::cpu::level::Level;
use crate::element::Element;

/// Rows and columns of the blocks that are exchanged in registers.
const SIDE: usize = 16;

/// `to[c * to_ld + r] = from[r * from_ld + c]` for `rows` x `cols`.
///
/// # Safety
/// The processor runs `level`; both matrices hold `rows` x `cols`.
#[inline(always)]
pub unsafe fn transpose<E: Element>(
    level: Level,
    (from, from_ld): (*const E, usize),
    (to, to_ld): (*mut E, usize),
    rows: usize,
    cols: usize,
) {
    let squares = cfg!(target_arch = "x86_64") && level == Level::Avx512 && size_of::<E>() == 4;
    let in_squares = if squares { (rows / SIDE * SIDE, cols / SIDE * SIDE) } else { (0, 0) };
    // SAFETY: all blocks lie inside the matrices; the bytes of four-byte numbers are moved as they are.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        for c in (0..in_squares.1).step_by(SIDE) {
            for r in (0..in_squares.0).step_by(SIDE) {
                let from = from.add(r * from_ld + c).cast();
                x86::square(from, from_ld, to.add(c * to_ld + r).cast(), to_ld);
            }
        }
        one_by_one((from, from_ld), (to, to_ld), [in_squares.0, rows], [0, in_squares.1]);
        one_by_one((from, from_ld), (to, to_ld), [0, rows], [in_squares.1, cols]);
    }
}

/// The rows and columns between two bounds each.
#[inline(always)]
unsafe fn one_by_one<E: Element>(
    (from, from_ld): (*const E, usize),
    (to, to_ld): (*mut E, usize),
    [first_row, last_row]: [usize; 2],
    [first_col, last_col]: [usize; 2],
) {
    for start in (first_col..last_col).step_by(SIDE) {
        for r in first_row..last_row {
            for c in start..(start + SIDE).min(last_col) {
                // SAFETY: the caller's promise.
                unsafe { *to.add(c * to_ld + r) = *from.add(r * from_ld + c) };
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The exchange of a 16 x 16 square.

    use std::arch::x86_64::*;

    /// # Safety
    /// The processor has AVX-512F; both squares are inside their matrices.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub unsafe fn square(from: *const f32, from_ld: usize, to: *mut f32, to_ld: usize) {
        // SAFETY: the caller's promise.
        let rows: [__m512; 16] = std::array::from_fn(|i| unsafe { _mm512_loadu_ps(from.add(i * from_ld)) });
        let cols = quarters(pairs(rows));
        for (i, col) in cols.into_iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { _mm512_storeu_ps(to.add(i * to_ld), col) };
        }
    }

    /// Within every quarter `q` of the registers, rows `4g..4g + 4` become columns: register
    /// `4g + i` holds column `4q + i` of those rows.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn pairs(r: [__m512; 16]) -> [__m512; 16] {
        let mut out = r;
        for g in (0..16).step_by(4) {
            let low = _mm512_castps_pd(_mm512_unpacklo_ps(r[g], r[g + 1]));
            let high = _mm512_castps_pd(_mm512_unpackhi_ps(r[g], r[g + 1]));
            let low2 = _mm512_castps_pd(_mm512_unpacklo_ps(r[g + 2], r[g + 3]));
            let high2 = _mm512_castps_pd(_mm512_unpackhi_ps(r[g + 2], r[g + 3]));
            out[g] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, low2));
            out[g + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, low2));
            out[g + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high, high2));
            out[g + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high, high2));
        }
        out
    }

    /// Gathers quarter `q` of registers `i, 4 + i, 8 + i, 12 + i` into register `4q + i`.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn quarters(r: [__m512; 16]) -> [__m512; 16] {
        let mut out = r;
        for i in 0..4 {
            let low = _mm512_shuffle_f32x4::<0b01_00_01_00>(r[i], r[4 + i]);
            let high = _mm512_shuffle_f32x4::<0b11_10_11_10>(r[i], r[4 + i]);
            let low2 = _mm512_shuffle_f32x4::<0b01_00_01_00>(r[8 + i], r[12 + i]);
            let high2 = _mm512_shuffle_f32x4::<0b11_10_11_10>(r[8 + i], r[12 + i]);
            out[i] = _mm512_shuffle_f32x4::<0b10_00_10_00>(low, low2);
            out[4 + i] = _mm512_shuffle_f32x4::<0b11_01_11_01>(low, low2);
            out[8 + i] = _mm512_shuffle_f32x4::<0b10_00_10_00>(high, high2);
            out[12 + i] = _mm512_shuffle_f32x4::<0b11_01_11_01>(high, high2);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: usize, cols: usize) {
        let from: Vec<f32> = (0..rows * (cols + 3)).map(|i| i as f32).collect();
        for level in Level::available() {
            let mut to = vec![-1.0; cols * (rows + 1)];
            // SAFETY: both hold the matrix.
            unsafe {
                let (from, to) = ((from.as_ptr(), cols + 3), (to.as_mut_ptr(), rows + 1));
                transpose(level, from, to, rows, cols);
            }
            for r in 0..rows {
                for c in 0..cols {
                    assert_eq!(to[c * (rows + 1) + r], from[r * (cols + 3) + c], "{level} {r} {c}");
                }
            }
        }
    }

    #[test]
    fn squares_and_rests() {
        for (rows, cols) in [(16, 16), (1, 1), (33, 47), (32, 5), (5, 32), (64, 16)] {
            check(rows, cols);
        }
    }
}
