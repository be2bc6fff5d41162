//! Where the operands of a blocked product lie, and how blocks of them are packed.
//!
//! ```text
//!   left by lines          left by slabs           right, in panels
//!   row i: k k k k k       depth k: i i i i i      depth k: j j j j | 0 0   (width, zero padded)
//!   (copied as it lies)    (copied as it lies)     (rows copied, or columns transposed)
//! ```

use std::ops::Range;

use super::patches::Patches;
use super::runs::{copy_run, zero_run};
use super::transpose::transpose;
use crate::cpu::level::Level;
use crate::element::Element;

/// A matrix that is read by rows.
#[derive(Clone, Debug)]
pub enum Source {
    /// Row-major in memory.
    Dense {
        /// Distance between rows.
        ld: usize,
    },
    /// The receptive fields of an image, one a row, never laid out as a whole.
    Patches(Patches),
}

impl Source {
    /// Copies the block `rows` x `cols` to `to`, whose rows are `ld` apart.
    ///
    /// # Safety
    /// The block lies inside the matrix at `from`; `to` holds `rows.len() * ld` elements.
    #[inline(always)]
    pub unsafe fn copy<E: Element>(
        &self,
        from: *const E,
        rows: Range<usize>,
        cols: Range<usize>,
        to: *mut E,
        ld: usize,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Source::Dense { ld: stride } => {
                    for (i, row) in rows.enumerate() {
                        copy_run(from.add(row * stride + cols.start), to.add(i * ld), cols.len());
                    }
                }
                Source::Patches(patches) => patches.copy(from, rows, cols, to, ld),
            }
        }
    }
}

/// The left operand `A[M, K]`.
#[derive(Clone, Debug)]
pub struct Left {
    /// What holds it.
    pub source: Source,
    /// The source's rows are depths of `A` (it is stored transposed).
    pub slabs: bool,
}

/// The right operand `B[K, N]`.
#[derive(Clone, Debug)]
pub enum Right {
    /// `b[k][j]` at `k * ld + j`.
    Rows {
        /// Distance between depths.
        ld: usize,
    },
    /// `b[k][j]` at `offsets[k / segment] + j * ld + k % segment`.
    Columns {
        /// Distance between columns of `B`.
        ld: usize,
        /// Depths that lie next to each other.
        segment: usize,
        /// Where each segment starts.
        offsets: Vec<usize>,
    },
}

impl Right {
    /// Packs the block `ks` x `js` depth by depth, each `width` long, zeros behind the columns.
    ///
    /// # Safety
    /// The block lies inside the matrix at `from`; `to` holds `ks.len() * width` elements.
    #[inline(always)]
    pub unsafe fn pack<E: Element>(
        &self,
        level: Level,
        from: *const E,
        ks: Range<usize>,
        js: Range<usize>,
        to: *mut E,
        width: usize,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Right::Rows { ld } => {
                    for (i, k) in ks.enumerate() {
                        let to = to.add(i * width);
                        copy_run(from.add(k * ld + js.start), to, js.len());
                        zero_run(to.add(js.len()), width - js.len());
                    }
                }
                Right::Columns { ld, segment, offsets } => {
                    if js.len() < width {
                        zero_run(to, ks.len() * width);
                    }
                    each_segment(
                        *segment,
                        offsets,
                        &ks,
                        #[inline(always)]
                        |first, len, offset| {
                            let from = from.add(offset + js.start * ld);
                            let to = to.add(first * width);
                            transpose(level, (from, *ld), (to, width), js.len(), len);
                        },
                    );
                }
            }
        }
    }

    /// Packs the first `n` columns one after the other, each `k` long.
    ///
    /// # Safety
    /// The matrix at `from` is `k` x `n`; `to` holds `k * n` elements.
    #[inline(always)]
    pub unsafe fn pack_columns<E: Element>(
        &self,
        level: Level,
        from: *const E,
        k: usize,
        n: usize,
        to: *mut E,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Right::Rows { ld } => transpose(level, (from, *ld), (to, k), k, n),
                Right::Columns { ld, segment, offsets } => {
                    each_segment(
                        *segment,
                        offsets,
                        &(0..k),
                        #[inline(always)]
                        |first, len, offset| {
                            for j in 0..n {
                                copy_run(from.add(offset + j * ld), to.add(j * k + first), len);
                            }
                        },
                    );
                }
            }
        }
    }

    /// The distance between columns, where each lies in one piece at `from + j * ld`.
    pub fn whole_columns(&self, n: usize) -> Option<usize> {
        match self {
            Right::Rows { ld: 1 } if n == 1 => Some(1),
            Right::Columns { ld, offsets, .. } if offsets[..] == [0] => Some(*ld),
            _ => None,
        }
    }
}

/// Calls `each(first, len, offset)` for the pieces of `ks`: `len` depths from the `first` of `ks`.
#[inline(always)]
fn each_segment(
    segment: usize,
    offsets: &[usize],
    ks: &Range<usize>,
    mut each: impl FnMut(usize, usize, usize),
) {
    let mut k = ks.start;
    while k < ks.end {
        let inside = k % segment;
        let len = (segment - inside).min(ks.end - k);
        each(k - ks.start, len, offsets[k / segment] + inside);
        k += len;
    }
}

/// Where the rows of `C` start: three nested counters, the innermost first.
#[derive(Clone, Debug)]
pub struct RowMap {
    /// Start of row 0.
    pub origin: usize,
    /// Rows in a line, and their distance.
    pub inner: (usize, usize),
    /// Lines in an image, and their distance.
    pub middle: (usize, usize),
    /// Distance of images.
    pub outer: usize,
}

impl RowMap {
    /// Rows `ld` apart.
    pub fn dense(ld: usize) -> RowMap {
        RowMap { origin: 0, inner: (usize::MAX, ld), middle: (1, 0), outer: 0 }
    }

    /// Writes the starts of `rows` to `to`.
    #[inline(always)]
    pub fn fill(&self, rows: Range<usize>, to: &mut [usize]) {
        if self.inner.0 == usize::MAX {
            for (start, row) in to.iter_mut().zip(rows) {
                *start = self.origin + row * self.inner.1;
            }
            return;
        }
        let (mut x, line) = (rows.start % self.inner.0, rows.start / self.inner.0);
        let (mut y, mut image) = (line % self.middle.0, line / self.middle.0);
        for start in &mut to[..rows.len()] {
            *start = self.origin + x * self.inner.1 + y * self.middle.1 + image * self.outer;
            x += 1;
            if x == self.inner.0 {
                (x, y) = (0, y + 1);
            }
            if y == self.middle.0 {
                (y, image) = (0, image + 1);
            }
        }
    }
}
