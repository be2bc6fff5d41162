//! Weight gradient: tiles are the depth, phases of input channels the rows, output channels the columns.
//!
//! ```text
//!   images  0 .. 7 | 8 .. 15 | ..    chunks of the depth: the first is folded into dw, the others into
//!   rows    x  columns               partial sums that a last phase adds up
//! ```
//!
//! A task's rows are taps of a few channels, far apart in dw. Only the last phase, which has whole
//! neighbouring rows, returns finished ones, even if it has nothing to add.

use std::ops::Range;

use pulp::Simd;

use super::columns::Columns;
use super::cut::{EdgePlace, GradCut, Place, Room};
use super::image::Side;
use super::nine::Nine;
use super::tiles::{PHASES, POSITIONS, Segment, Tiles};
use super::weight::fold;
use crate::cpu::gemm::Micro;
use crate::cpu::gemm::part::Tiling;
use crate::cpu::task::{Pointers, Tile};

/// Taps of the kernel.
const TAPS: usize = 16;
/// The most adding tasks.
const ADD_TASKS: usize = 16;

/// A planned weight gradient.
#[derive(Clone, Debug)]
pub struct WeightGrad {
    tiles: Tiles,
    tiling: Tiling,
    cut: GradCut,
    edge: EdgePlace,
    left: Place,
    right: Place,
    sums: Place,
    local_len: usize,
}

impl WeightGrad {
    /// Plans the gradient.
    pub fn new(tiles: Tiles, tiling: Tiling) -> WeightGrad {
        let cut = GradCut::new(&tiles, PHASES, tiling.panel);
        let most = |ranges: &[Range<usize>]| ranges.iter().map(|range| range.len()).max().unwrap_or(0);
        let (rows, depth) = (PHASES * most(&cut.rows), cut.block * tiles.most());
        let columns = Columns::new(0..most(&cut.cols), 1, tiling.panel, tiling.lanes);
        let mut room = Room::default();
        let left = room.rows(depth, rows.next_multiple_of(32) + 16);
        let right = room.panels(columns.panels(), depth, tiling.panel);
        let sums = room.rows(rows, columns.width);
        let edge = room.edge(left.ld.max(sums.ld));
        WeightGrad { tiles, tiling, cut, edge, left, right, sums, local_len: room.len }
    }

    /// The number of tasks of each phase.
    pub fn phases(&self) -> Vec<usize> {
        let multiply = self.cut.chunks.len() * self.cut.rows.len() * self.cut.cols.len();
        vec![multiply, self.adds()]
    }

    fn adds(&self) -> usize {
        ADD_TASKS.min(TAPS * self.tiles.c_in)
    }

    fn len(&self) -> usize {
        TAPS * self.tiles.c_in * self.tiles.c_out
    }

    /// Elements of shared memory: partial sums.
    pub fn shared_len(&self) -> usize {
        (self.cut.chunks.len() - 1) * self.len()
    }

    /// Elements of scratch memory.
    pub fn local_len(&self) -> usize {
        self.local_len
    }

    /// Runs a task.
    ///
    /// # Safety
    /// As of `Winograd::run`.
    #[inline(always)]
    pub unsafe fn run<E: Micro, S: Simd>(
        &self,
        simd: S,
        phase: usize,
        task: usize,
        pointers: &Pointers<E>,
    ) -> Option<Tile> {
        // SAFETY: the caller's promise.
        unsafe {
            if phase == 1 {
                return Some(self.add(task, pointers));
            }
            self.multiply(simd, task, pointers);
            None
        }
    }

    #[inline(always)]
    unsafe fn multiply<E: Micro, S: Simd>(&self, simd: S, task: usize, pointers: &Pointers<E>) {
        let (task, cols) = (task / self.cut.cols.len(), task % self.cut.cols.len());
        let (chunk, rows) = (task / self.cut.rows.len(), task % self.cut.rows.len());
        let (images, rows) = (&self.cut.chunks[chunk], &self.cut.rows[rows]);
        let cols = self.cut.cols[cols].clone();
        let columns = Columns::new(cols.clone(), 1, self.tiling.panel, self.tiling.lanes);
        // SAFETY: the caller's promise; tasks write different parts of the gradient or of partial sums.
        unsafe {
            let edge = self.edge.on(pointers.local);
            for first in images.clone().step_by(self.cut.block) {
                let side = Side {
                    simd,
                    tiles: &self.tiles,
                    images: first..(first + self.cut.block).min(images.end),
                    edge,
                };
                self.multiply_images(&side, rows, &columns, first > images.start, pointers);
            }
            let to = match chunk {
                0 => pointers.c,
                _ => pointers.shared.add((chunk - 1) * self.len()),
            };
            fold(simd, &self.tiles, &pointers.stack(&self.sums), rows, &columns, to);
        }
    }

    /// Adds the products of a block of images.
    #[inline(always)]
    unsafe fn multiply_images<E: Micro, S: Simd>(
        &self,
        side: &Side<E, S>,
        channels: &Range<usize>,
        columns: &Columns,
        add: bool,
        pointers: &Pointers<E>,
    ) {
        let (left, right) = (pointers.stack(&self.left), pointers.stack(&self.right));
        let mut segments: [Segment; PHASES] = Default::default();
        for (phase, segment) in segments.iter_mut().enumerate() {
            let len = channels.len();
            *segment = Segment { channel: channels.start, len, col: phase * len };
        }
        // SAFETY: the caller's promise.
        unsafe {
            side.window(pointers.a, &segments, &left);
            side.spread(pointers.b, columns.channels.clone(), columns.panel, &right);
            let depth = self.tiles.counts().map(
                #[inline(always)]
                |count| count * side.images.len(),
            );
            let (tiling, sums) = (&self.tiling, pointers.stack(&self.sums));
            let rows = [PHASES * channels.len(); POSITIONS];
            let skipped = 0;
            Nine { tiling, left, lines: false, right, skipped, sums, rows, depth, add }.multiply(columns);
        }
    }

    /// Adds the partial sums of some rows.
    #[inline(always)]
    unsafe fn add<E: Micro>(&self, task: usize, pointers: &Pointers<E>) -> Tile {
        let (count, tasks, ld) = (TAPS * self.tiles.c_in, self.adds(), self.tiles.c_out);
        let rows = task * count / tasks..(task + 1) * count / tasks;
        let (start, len) = (rows.start * ld, rows.len() * ld);
        // SAFETY: tasks own different rows; the partial sums are complete and only read.
        unsafe {
            let to = std::slice::from_raw_parts_mut(pointers.c.add(start), len);
            for chunk in 1..self.cut.chunks.len() {
                let from = pointers.shared.add((chunk - 1) * self.len() + start);
                let from = std::slice::from_raw_parts(from.cast_const(), len);
                for (sum, &more) in to.iter_mut().zip(from) {
                    *sum += more;
                }
            }
        }
        Tile::new(rows, 0..ld, ld)
    }
}
