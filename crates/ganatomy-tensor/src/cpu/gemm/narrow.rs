//! Products with few columns, where a panel of `B` would leave most lanes empty.
//!
//! ```text
//!   by lines (dot products, lanes along the depth)     by slabs (lanes along the rows of C)
//!
//!     a[i]   k k k k | k k k k | ...                     depth k: i i i i | i i i i | ...   x b[k][j]
//!   x b[.,j] k k k k | k k k k | ...                     sums:    i i i i | i i i i   for each column j
//!   = sums per (row, column), added up at the end
//! ```

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;
use super::micro::Micro;
use super::operand::{Right, Source};
use super::part::{Block, Part, ROW_BLOCK};
use crate::cpu::level::Level;

/// The most columns that count as few.
pub const NARROW: usize = 4;
/// Registers of rows that are summed together.
const REGISTERS: usize = 4;
/// Elements of receptive fields that are packed at once.
const PACKED: usize = 16 * 1024;

/// A product with at most [`NARROW`] columns.
#[derive(Clone, Copy)]
pub struct Narrow<E> {
    /// First row of `A` at depth 0.
    pub a: *const E,
    /// Distance between rows (by lines) or depths (by slabs).
    pub a_stride: usize,
    /// Column 0 of `B` by lines, or depth 0 by slabs.
    pub b: *const E,
    /// Distance between columns of `B` by lines, between depths by slabs.
    pub b_stride: usize,
    /// Column 0 of `C`.
    pub c: *mut E,
    /// Where each row of `C` starts.
    pub c_rows: *const usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub cols: usize,
    /// Depth.
    pub depth: usize,
    /// `A` by slabs.
    pub slabs: bool,
}

impl<E: Lanes> WithSimd for Narrow<E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: the maker of the job promises that its pointers cover its sizes.
        unsafe {
            match (self.slabs, self.cols) {
                (false, 1) => self.dots::<S, 1, 8>(simd),
                (false, 2) => self.dots::<S, 2, 8>(simd),
                (false, 3) => self.dots::<S, 3, 4>(simd),
                (false, _) => self.dots::<S, 4, 4>(simd),
                (true, 1) => self.slabs::<S, 1>(simd),
                (true, 2) => self.slabs::<S, 2>(simd),
                (true, 3) => self.slabs::<S, 3>(simd),
                (true, _) => self.slabs::<S, 4>(simd),
            }
        }
    }
}

impl<E: Lanes> Narrow<E> {
    #[inline(always)]
    unsafe fn dots<S: Simd, const COLS: usize, const ROWS: usize>(&self, simd: S) {
        let whole = self.rows / ROWS * ROWS;
        // SAFETY: rows below `self.rows` exist.
        unsafe {
            for row in (0..whole).step_by(ROWS) {
                self.dot_rows::<S, COLS, ROWS>(simd, row);
            }
            for row in whole..self.rows {
                self.dot_rows::<S, COLS, 1>(simd, row);
            }
        }
    }

    #[inline(always)]
    unsafe fn dot_rows<S: Simd, const COLS: usize, const ROWS: usize>(&self, simd: S, row: usize) {
        let width = E::width::<S>();
        let mut sums = [[E::splat(simd, E::ZERO); COLS]; ROWS];
        // SAFETY: the caller's promise; the last piece is read up to the depth only.
        unsafe {
            let a = self.a.add(row * self.a_stride);
            let whole = self.depth / width * width;
            for k in (0..whole).step_by(width) {
                let b: [_; COLS] = std::array::from_fn(|j| E::load(simd, self.b.add(j * self.b_stride + k)));
                for (i, sums) in sums.iter_mut().enumerate() {
                    let left = E::load(simd, a.add(i * self.a_stride + k));
                    for (sum, right) in sums.iter_mut().zip(b) {
                        *sum = E::mul_add(simd, left, right, *sum);
                    }
                }
            }
            let rest = self.depth - whole;
            for (i, sums) in sums.iter_mut().enumerate() {
                let c = self.c.add(*self.c_rows.add(row + i));
                for (j, sum) in sums.iter_mut().enumerate() {
                    if rest > 0 {
                        let left = E::load_first(simd, a.add(i * self.a_stride + whole), rest);
                        let b = self.b.add(j * self.b_stride + whole);
                        *sum = E::mul_add(simd, left, E::load_first(simd, b, rest), *sum);
                    }
                    *c.add(j) = E::total(simd, *sum);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn slabs<S: Simd, const COLS: usize>(&self, simd: S) {
        let width = E::width::<S>();
        let whole = self.rows / (REGISTERS * width) * (REGISTERS * width);
        // SAFETY: rows below `self.rows` exist.
        unsafe {
            for row in (0..whole).step_by(REGISTERS * width) {
                self.slab_rows::<S, COLS, REGISTERS>(simd, row, width);
            }
            for row in (whole..self.rows).step_by(width) {
                self.slab_rows::<S, COLS, 1>(simd, row, (self.rows - row).min(width));
            }
        }
    }

    /// `COUNT` registers of rows, of which the last has `lanes` lanes.
    #[inline(always)]
    unsafe fn slab_rows<S: Simd, const COLS: usize, const COUNT: usize>(
        &self,
        simd: S,
        row: usize,
        lanes: usize,
    ) {
        let width = E::width::<S>();
        let mut sums = [[E::splat(simd, E::ZERO); COLS]; COUNT];
        // SAFETY: the caller's promise.
        unsafe {
            for k in 0..self.depth {
                let a = self.a.add(k * self.a_stride + row);
                let b: [_; COLS] =
                    std::array::from_fn(|j| E::splat(simd, *self.b.add(k * self.b_stride + j)));
                for (v, sums) in sums.iter_mut().enumerate() {
                    let from = a.add(v * width);
                    let left =
                        if lanes == width { E::load(simd, from) } else { E::load_first(simd, from, lanes) };
                    for (sum, right) in sums.iter_mut().zip(b) {
                        *sum = E::mul_add(simd, left, right, *sum);
                    }
                }
            }
            for (v, sums) in sums.iter().enumerate() {
                for (j, &sum) in sums.iter().enumerate() {
                    self.scatter(simd, row + v * width, lanes, j, sum);
                }
            }
        }
    }

    /// Writes a register of rows to one column of `C`.
    #[inline(always)]
    unsafe fn scatter<S: Simd>(&self, simd: S, row: usize, lanes: usize, j: usize, sum: E::Vector<S>) {
        let mut spilled = [E::ZERO; 64];
        // SAFETY: no register has more than 64 lanes; rows below `row + lanes` exist.
        unsafe {
            E::store(simd, spilled.as_mut_ptr(), sum);
            for (i, &value) in spilled[..lanes].iter().enumerate() {
                *self.c.add(*self.c_rows.add(row + i) + j) = value;
            }
        }
    }
}

/// Elements of scratch that a narrow block needs.
pub fn narrow_local_len(part: &Part) -> usize {
    let columns = (part.k * part.n).next_multiple_of(16);
    match part.left.source {
        Source::Dense { .. } => columns,
        Source::Patches(_) => columns + rows_at_once(part) * part.k,
    }
}

/// Rows of `A` that are packed at once.
fn rows_at_once(part: &Part) -> usize {
    match part.left.source {
        Source::Dense { .. } => ROW_BLOCK,
        Source::Patches(_) => (PACKED / part.k.max(1)).clamp(8, ROW_BLOCK),
    }
}

/// Computes a block of a product with at most [`NARROW`] columns, over its whole depth.
///
/// # Safety
/// The pointers of the block cover what the part describes.
#[inline(always)]
pub unsafe fn multiply_narrow<E: Micro>(part: &Part, level: Level, block: &Block<E>) {
    let mut starts = [0; ROW_BLOCK];
    // SAFETY: the caller's promise.
    unsafe {
        let (b, b_stride) = narrow_right(part, level, block);
        let rows_local = block.local.add((part.k * part.n).next_multiple_of(16));
        for row in block.rows.clone().step_by(rows_at_once(part)) {
            let rows = row..(row + rows_at_once(part)).min(block.rows.end);
            part.rows.fill(rows.clone(), &mut starts);
            let (a, a_stride) = match &part.left.source {
                Source::Dense { ld } if part.left.slabs => (block.a.add(row), *ld),
                Source::Dense { ld } => (block.a.add(row * ld), *ld),
                patches => {
                    patches.copy(block.a, rows.clone(), 0..part.k, rows_local, part.k);
                    (rows_local.cast_const(), part.k)
                }
            };
            level.vectorize(Narrow {
                a,
                a_stride,
                b,
                b_stride,
                c: block.c,
                c_rows: starts.as_ptr(),
                rows: rows.len(),
                cols: part.n,
                depth: part.k,
                slabs: part.left.slabs,
            });
        }
    }
}

/// The right operand by columns (for dot products) or by depths; in place if it already lies so.
#[inline(always)]
unsafe fn narrow_right<E: Micro>(part: &Part, level: Level, block: &Block<E>) -> (*const E, usize) {
    // SAFETY: the caller's promise.
    unsafe {
        match (&part.right, part.left.slabs) {
            (Right::Rows { ld }, true) => (block.b, *ld),
            (right, false) if right.whole_columns(part.n).is_some() => {
                (block.b, right.whole_columns(part.n).unwrap_or(0))
            }
            (right, true) => {
                right.pack(level, block.b, 0..part.k, 0..part.n, block.local, part.n);
                (block.local, part.n)
            }
            (right, false) => {
                right.pack_columns(level, block.b, part.k, part.n, block.local);
                (block.local, part.k)
            }
        }
    }
}
