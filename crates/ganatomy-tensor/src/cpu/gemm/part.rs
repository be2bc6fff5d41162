//! One ordinary matrix product, and how a block of it is computed by one task.
//!
//! ```text
//!   for rows of the block, at most ROW_BLOCK at once       (A block: L2)
//!     for depths, about DEPTH_BLOCK at once
//!       pack A[rows, depths] unless it can be read in place
//!       for panels of B                                    (B panel: L1)
//!         strips of register tiles, all rows
//! ```

use std::ops::Range;

use super::micro::{self, MAX_VECS, Micro};
use super::operand::{Left, Right, RowMap, Source};
use super::runs::zero_run;
use super::tile::{Strip, UNROLL};
use crate::cpu::level::Level;

/// Rows of `A` that are packed at once.
pub const ROW_BLOCK: usize = 256;
/// Depths that are packed at once: a panel of `B` fills two thirds of a 48 KB L1 cache.
const DEPTH_BLOCK: usize = 256;
/// A depth up to this is not split.
const DEPTH_WHOLE: usize = 384;
/// Elements between packed rows of `A` beyond the depth, so that rows fall into different cache sets.
const ROW_GAP: usize = 16;

/// Where the right operand is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Packed whole by an earlier phase.
    Shared,
    /// Packed panel by panel by each task.
    Local,
    /// Read in place, except for a last incomplete panel.
    InPlace,
}

/// `C[m, n] = A[m, k] B[k, n]`.
#[derive(Clone, Debug)]
pub struct Part {
    /// `A`.
    pub left: Left,
    /// `B`.
    pub right: Right,
    /// Rows.
    pub m: usize,
    /// Columns.
    pub n: usize,
    /// Depth.
    pub k: usize,
    /// Where rows of `C` go.
    pub rows: RowMap,
}

/// What one task computes of a part.
#[derive(Clone, Debug)]
pub struct Block<E> {
    /// Rows of `C`.
    pub rows: Range<usize>,
    /// Columns of `C`; starts at a whole panel.
    pub cols: Range<usize>,
    /// Depths; starts at a whole depth block.
    pub ks: Range<usize>,
    /// `A`, at its first element.
    pub a: *const E,
    /// `B`, at its first element.
    pub b: *const E,
    /// `C`, at its first element.
    pub c: *mut E,
    /// `B` packed whole, if it is.
    pub packed: *const E,
    /// Scratch of this thread.
    pub local: *mut E,
}

/// How the blocked product of an element type tiles at a level.
#[derive(Clone, Copy, Debug)]
pub struct Tiling {
    /// The instruction set.
    pub level: Level,
    /// Elements in a register.
    pub lanes: usize,
    /// Columns of a full panel.
    pub panel: usize,
}

impl Tiling {
    /// The tiling of `E` at a level.
    pub fn new<E: Micro>(level: Level) -> Tiling {
        let lanes = micro::width::<E>(level);
        Tiling { level, lanes, panel: MAX_VECS * lanes }
    }

    /// The width of a panel of which `cols` columns exist.
    pub fn width(&self, cols: usize) -> usize {
        cols.next_multiple_of(self.lanes).min(self.panel)
    }

    /// Columns as packed.
    pub fn padded(&self, n: usize) -> usize {
        n / self.panel * self.panel + self.width(n % self.panel)
    }
}

/// The depths of one block: equal shares of `k`, each about [`DEPTH_BLOCK`].
pub fn depth_block(k: usize) -> usize {
    if k <= DEPTH_WHOLE {
        return k.max(1);
    }
    k.div_ceil(k.div_ceil(DEPTH_BLOCK)).next_multiple_of(8)
}

impl Part {
    /// Elements of scratch that a block of at most `rows` rows needs.
    pub fn local_len(&self, tiling: &Tiling, rows: usize, packing: Packing) -> usize {
        let depth = depth_block(self.k);
        let rows = rows.min(ROW_BLOCK);
        let left = match self.in_place(0, 0..self.k) {
            Some(_) => 0,
            None if self.left.slabs => depth * slab_stride(rows),
            None => rows * (depth + ROW_GAP),
        };
        let right = if packing == Packing::Shared { 0 } else { depth * tiling.panel };
        right + left.next_multiple_of(16)
    }

    /// The offset and stride of `A` at a row and depths, if it can be read in place.
    fn in_place(&self, row: usize, ks: Range<usize>) -> Option<(usize, usize)> {
        match self.left.source {
            Source::Dense { ld } if !self.left.slabs && (self.k <= DEPTH_WHOLE || ld % 1024 != 0) => {
                Some((row * ld + ks.start, ld))
            }
            Source::Dense { ld }
                if self.left.slabs && (self.m * self.k <= 8192 || ld <= 2048 && ld % 1024 != 0) =>
            {
                Some((ks.start * ld + row, ld))
            }
            _ => None,
        }
    }

    /// Computes a block; overwrites that part of `C`.
    ///
    /// # Safety
    /// The pointers of the block cover what the part describes.
    #[inline(always)]
    pub unsafe fn multiply<E: Micro>(&self, tiling: &Tiling, packing: Packing, block: &Block<E>) {
        let mut starts = [0; ROW_BLOCK];
        let mut row = block.rows.start;
        // SAFETY: the caller's promise.
        unsafe {
            for rows in shares(block.rows.len(), ROW_BLOCK, 1).filter(|&rows| rows > 0) {
                let rows = row..row + rows;
                self.rows.fill(rows.clone(), &mut starts);
                let starts = &starts[..rows.len()];
                if self.k == 0 {
                    for start in starts {
                        zero_run(block.c.add(start + block.cols.start), block.cols.len());
                    }
                }
                for k in block.ks.clone().step_by(depth_block(self.k)) {
                    let ks = k..(k + depth_block(self.k)).min(block.ks.end);
                    self.multiply_depths(tiling, packing, block, rows.clone(), ks, starts);
                }
                row = rows.end;
            }
        }
    }

    /// Adds the products of one block of depths.
    #[inline(always)]
    unsafe fn multiply_depths<E: Micro>(
        &self,
        tiling: &Tiling,
        packing: Packing,
        block: &Block<E>,
        rows: Range<usize>,
        ks: Range<usize>,
        starts: &[usize],
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            let panel_len = if packing == Packing::Shared { 0 } else { depth_block(self.k) * tiling.panel };
            let (a, a_stride) = self.left_block(block, &rows, &ks, block.local.add(panel_len));
            for j in block.cols.clone().step_by(tiling.panel) {
                let cols = (block.cols.end - j).min(tiling.panel);
                let (b, b_stride) = self.right_panel(tiling, packing, block, &ks, j..j + cols);
                let next = self.next_panel(tiling, packing, block, &ks, j);
                let (ahead, ahead_stride) = next.unwrap_or((b, 0));
                let strip = Strip {
                    a,
                    a_stride,
                    b,
                    b_stride,
                    c: block.c.add(j),
                    c_rows: starts.as_ptr(),
                    panels: 0,
                    depth: ks.len(),
                    cols,
                    add: ks.start > block.ks.start,
                    ahead,
                    ahead_stride,
                };
                strips(tiling, strip, rows.len(), !self.left.slabs);
            }
        }
    }

    /// The block of `A`, packed to `to` or in place, and its stride.
    #[inline(always)]
    unsafe fn left_block<E: Micro>(
        &self,
        block: &Block<E>,
        rows: &Range<usize>,
        ks: &Range<usize>,
        to: *mut E,
    ) -> (*const E, usize) {
        // SAFETY: the caller's promise.
        unsafe {
            if let Some((offset, stride)) = self.in_place(rows.start, ks.clone()) {
                (block.a.add(offset), stride)
            } else if self.left.slabs {
                let stride = slab_stride(rows.len());
                self.left.source.copy(block.a, ks.clone(), rows.clone(), to, stride);
                (to, stride)
            } else {
                let stride = ks.len() + ROW_GAP;
                self.left.source.copy(block.a, rows.clone(), ks.clone(), to, stride);
                (to, stride)
            }
        }
    }

    /// One panel of `B`, and the distance between its depths.
    #[inline(always)]
    unsafe fn right_panel<E: Micro>(
        &self,
        tiling: &Tiling,
        packing: Packing,
        block: &Block<E>,
        ks: &Range<usize>,
        js: Range<usize>,
    ) -> (*const E, usize) {
        let width = tiling.width(js.len());
        // SAFETY: the caller's promise.
        unsafe {
            match (packing, &self.right) {
                (Packing::Shared, _) => {
                    let at = ks.start * tiling.padded(self.n) + js.start * ks.len();
                    (block.packed.add(at), width)
                }
                (Packing::InPlace, Right::Rows { ld }) if js.len() == width => {
                    (block.b.add(ks.start * ld + js.start), *ld)
                }
                _ => {
                    self.right.pack(tiling.level, block.b, ks.clone(), js, block.local, width);
                    (block.local, width)
                }
            }
        }
    }

    /// Where the panel after column `j` lies, unpacked or packed, and the distance between its depths:
    /// it is fetched while the panel at `j` is multiplied.
    #[inline(always)]
    fn next_panel<E: Micro>(
        &self,
        tiling: &Tiling,
        packing: Packing,
        block: &Block<E>,
        ks: &Range<usize>,
        j: usize,
    ) -> Option<(*const E, usize)> {
        let (mut j, mut ks) = (j + tiling.panel, ks.clone());
        if j >= block.cols.end {
            let end = (ks.end + depth_block(self.k)).min(block.ks.end);
            (j, ks) = (block.cols.start, ks.end..end);
        }
        if ks.is_empty() {
            return None;
        }
        match (packing, &self.right) {
            (Packing::Shared, _) => {
                let at = ks.start * tiling.padded(self.n) + j * ks.len();
                Some((block.packed.wrapping_add(at), tiling.panel))
            }
            (_, Right::Rows { ld }) => Some((block.b.wrapping_add(ks.start * ld + j), *ld)),
            _ => None,
        }
    }

    /// How many panels of one depth block each the whole of `B` is packed in.
    pub fn packed_panels(&self, tiling: &Tiling) -> usize {
        self.k.div_ceil(depth_block(self.k)) * self.n.div_ceil(tiling.panel)
    }

    /// Packs one of the [`Part::packed_panels`] into its place in `to`.
    ///
    /// # Safety
    /// `b` is the whole of `B`; `to` holds `k` times the padded columns.
    #[inline(always)]
    pub unsafe fn pack_panel<E: Micro>(&self, tiling: &Tiling, index: usize, b: *const E, to: *mut E) {
        let across = self.n.div_ceil(tiling.panel);
        let k = index / across * depth_block(self.k);
        let j = index % across * tiling.panel;
        let (ks, js) = (k..(k + depth_block(self.k)).min(self.k), j..(j + tiling.panel).min(self.n));
        let width = tiling.width(js.len());
        // SAFETY: the panel lies inside `B`, and its place inside `to`.
        unsafe {
            let to = to.add(k * tiling.padded(self.n) + j * ks.len());
            self.right.pack(tiling.level, b, ks, js, to, width);
        }
    }
}

/// Runs the register tiles of one panel: as few panels of rows as fit, of nearly equal height.
///
/// # Safety
/// The strip's pointers cover its rows, of which there is one at least.
#[inline(always)]
pub unsafe fn strips<E: Micro>(tiling: &Tiling, mut strip: Strip<E>, rows: usize, lines: bool) {
    let panels = rows.div_ceil(micro::max_rows(tiling.level));
    let (low, tall) = (rows / panels, rows % panels);
    let vecs = strip.cols.div_ceil(tiling.lanes);
    for (height, panels) in [(low + 1, tall), (low, panels - tall)] {
        if panels == 0 {
            continue;
        }
        strip.panels = panels;
        let kernel = micro::kernel::<E>(tiling.level, height, vecs, lines);
        // SAFETY: the strip's pointers cover its rows; the level was checked when planning.
        unsafe {
            kernel(&strip);
            let done = height * panels;
            strip.a = strip.a.add(if lines { done * strip.a_stride } else { done });
            strip.c_rows = strip.c_rows.add(done);
            let fetched = panels * (strip.depth / UNROLL) * strip.ahead_stride;
            strip.ahead = strip.ahead.wrapping_add(fetched);
        }
    }
}

/// The distance between packed slabs: an odd number of cache lines, to spread over the cache sets.
fn slab_stride(rows: usize) -> usize {
    rows.div_ceil(16) / 2 * 32 + 16
}

/// The lengths of the fewest nearly equal shares of `len` that are at most `most` long, in units.
pub fn shares(len: usize, most: usize, unit: usize) -> impl Iterator<Item = usize> {
    let units = len.div_ceil(unit);
    let n = units.div_ceil((most / unit).max(1)).max(1);
    (0..n).map(move |i| {
        let edge = |i: usize| (i * units / n * unit).min(len);
        edge(i + 1) - edge(i)
    })
}
