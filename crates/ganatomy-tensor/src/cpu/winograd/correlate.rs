//! Forward and input gradient: rows of tiles times the transformed kernel.
//!
//! ```text
//!   block of tiles x columns                     depth in blocks:
//!     V[9][64 tiles][128]    from the image      once a block of depths
//!     U[9][128][256 cols]    from the kernel     packed by phase 0, or once a block of depths
//!     M[9][64 tiles][256]    sums                to the result behind the last block of depths
//! ```

use std::ops::Range;

use pulp::Simd;

use super::columns::{Columns, Panel};
use super::cut::{Cut, EdgePlace, GAP, Place, Room};
use super::image::Side;
use super::nine::Nine;
use super::tiles::{PHASES, POSITIONS, Stack, Tiles};
use super::weight::{pack, pack_transposed, piece_len};
use crate::cpu::gemm::Micro;
use crate::cpu::gemm::part::Tiling;
use crate::cpu::task::{Pointers, Tile};

/// The most packing tasks.
const PACK_TASKS: usize = 16;

/// A planned forward pass or input gradient.
#[derive(Clone, Debug)]
pub struct Correlate {
    tiles: Tiles,
    tiling: Tiling,
    /// The input gradient, whose right operand is the transposed kernel.
    adjoint: bool,
    cut: Cut,
    all: Columns,
    edge: EdgePlace,
    piece: usize,
    left: Place,
    right: Place,
    sums: Place,
    local_len: usize,
}

impl<E> Pointers<E> {
    /// Nine matrices in the scratch memory.
    #[inline(always)]
    pub fn stack(&self, place: &Place) -> Stack<E> {
        let at = self.local.wrapping_add(place.start);
        Stack { at, step: place.step, panel: place.panel, ld: place.ld }
    }
}

impl Correlate {
    /// Plans a pass.
    pub fn new(tiles: Tiles, tiling: Tiling, adjoint: bool) -> Correlate {
        let (depth, channels, phases) =
            if adjoint { (tiles.c_out, tiles.c_in, PHASES) } else { (PHASES * tiles.c_in, tiles.c_out, 1) };
        let cut = Cut::new(&tiles, depth, channels, phases, tiling.panel);
        let columns = |channels: Range<usize>| Columns::new(channels, phases, tiling.panel, tiling.lanes);
        let widest = columns(0..cut.cols.iter().map(|cols| cols.len()).max().unwrap_or(0));
        let rows = cut.block * tiles.most();
        let mut room = Room::default();
        let left = room.rows(rows, cut.depth().next_multiple_of(16) + GAP);
        let panels = if cut.shared { 0 } else { widest.panels() };
        let right = room.panels(panels, cut.depth(), tiling.panel);
        let sums = room.rows(rows, widest.phases * widest.width);
        let piece = room.run(if adjoint { piece_len(tiling.panel) } else { 0 });
        let edge = room.edge(left.ld.max(sums.ld));
        let all = columns(0..channels);
        let local_len = room.len;
        Correlate { tiles, tiling, adjoint, cut, all, edge, piece, left, right, sums, local_len }
    }

    /// Does the phase only transform the kernel?
    #[inline(always)]
    pub fn transforms(&self, phase: usize) -> bool {
        self.cut.shared && phase == 0
    }

    /// The number of tasks of each phase.
    pub fn phases(&self) -> Vec<usize> {
        let multiply = self.cut.images.len() * self.cut.cols.len();
        if self.cut.shared { vec![self.packs().min(PACK_TASKS), multiply] } else { vec![multiply] }
    }

    /// Elements of shared memory: the right operand, blocks of depths one after another.
    pub fn shared_len(&self) -> usize {
        let depth: usize = self.cut.ks.iter().map(|ks| ks.len()).sum();
        if self.cut.shared { POSITIONS * self.all.panels() * depth * self.tiling.panel } else { 0 }
    }

    /// Elements of scratch memory.
    pub fn local_len(&self) -> usize {
        self.local_len
    }

    /// Panels of all blocks of depths.
    fn packs(&self) -> usize {
        self.all.panels() * self.cut.ks.len()
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
            if self.transforms(phase) {
                self.pack_shared(simd, task, pointers);
                return None;
            }
            Some(self.multiply(simd, task, pointers))
        }
    }

    /// The right operand of a block of depths in the shared memory.
    #[inline(always)]
    fn packed<E: Micro>(&self, ks: &Range<usize>, shared: *mut E) -> Stack<E> {
        let width = self.tiling.panel;
        let (panels, panel) = (self.all.panels(), ks.len() * width);
        let at = shared.wrapping_add(POSITIONS * panels * ks.start * width);
        Stack { at, step: panels * panel, panel, ld: width }
    }

    #[inline(always)]
    unsafe fn pack_shared<E: Micro, S: Simd>(&self, simd: S, task: usize, pointers: &Pointers<E>) {
        let (count, tasks) = (self.packs(), self.packs().min(PACK_TASKS));
        for index in task * count / tasks..(task + 1) * count / tasks {
            let ks = &self.cut.ks[index / self.all.panels()];
            let panel = self.all.panel(index % self.all.panels());
            // SAFETY: every panel has its own place.
            unsafe { self.pack(simd, ks, &panel, &self.packed(ks, pointers.shared), pointers) };
        }
    }

    /// Transforms a panel of the kernel.
    #[inline(always)]
    unsafe fn pack<E: Micro, S: Simd>(
        &self,
        simd: S,
        ks: &Range<usize>,
        panel: &Panel,
        to: &Stack<E>,
        pointers: &Pointers<E>,
    ) {
        let at = to.at.wrapping_add(panel.index * to.panel);
        let to = Stack { at, ld: self.tiling.width(panel.channels.len()), ..*to };
        let (level, w) = (self.tiling.level, pointers.b);
        // SAFETY: the caller's promise.
        unsafe {
            if self.adjoint {
                let piece = pointers.local.add(self.piece);
                pack_transposed(simd, level, &self.tiles, w, ks, panel, &to, piece);
            } else {
                pack(simd, &self.tiles, w, ks, panel, &to);
            }
        }
    }

    #[inline(always)]
    unsafe fn multiply<E: Micro, S: Simd>(&self, simd: S, task: usize, pointers: &Pointers<E>) -> Tile {
        let (images, cols) = (task / self.cut.cols.len(), task % self.cut.cols.len());
        let (images, cols) = (&self.cut.images[images], &self.cut.cols[cols]);
        let columns = Columns::new(cols.clone(), self.all.phases, self.tiling.panel, self.tiling.lanes);
        // SAFETY: the caller's promise; tasks write different images or channels.
        unsafe {
            let edge = self.edge.on(pointers.local);
            for first in images.clone().step_by(self.cut.block) {
                let side = Side {
                    simd,
                    tiles: &self.tiles,
                    images: first..(first + self.cut.block).min(images.end),
                    edge,
                };
                for ks in &self.cut.ks {
                    self.multiply_depths(&side, ks, &columns, pointers);
                }
                let sums = pointers.stack(&self.sums);
                if self.adjoint {
                    side.unwindow(&sums, &columns, pointers.c);
                } else {
                    side.fold(&sums, columns.channels.clone(), pointers.c);
                }
            }
        }
        let (rows, ld) = match self.adjoint {
            true => (self.tiles.input_rows(images), self.tiles.c_in),
            false => (self.tiles.output_rows(images), self.tiles.c_out),
        };
        Tile::new(rows, cols.clone(), ld)
    }

    /// Adds the products of one block of depths.
    #[inline(always)]
    unsafe fn multiply_depths<E: Micro, S: Simd>(
        &self,
        side: &Side<E, S>,
        ks: &Range<usize>,
        columns: &Columns,
        pointers: &Pointers<E>,
    ) {
        let left = pointers.stack(&self.left);
        // SAFETY: the caller's promise.
        unsafe {
            if self.adjoint {
                side.spread(pointers.a, ks.clone(), ks.len(), &left);
            } else {
                side.window(pointers.a, &self.tiles.segments(ks), &left);
            }
            let (right, skipped) = self.right(side.simd, ks, columns, pointers);
            let rows = self.tiles.counts().map(
                #[inline(always)]
                |count| count * side.images.len(),
            );
            let (tiling, sums) = (&self.tiling, pointers.stack(&self.sums));
            let (depth, add) = ([ks.len(); POSITIONS], ks.start > 0);
            Nine { tiling, left, lines: true, right, skipped, sums, rows, depth, add }.multiply(columns);
        }
    }

    /// The right operand from the first panel of the columns, and how many panels of a phase are not theirs.
    #[inline(always)]
    unsafe fn right<E: Micro, S: Simd>(
        &self,
        simd: S,
        ks: &Range<usize>,
        columns: &Columns,
        pointers: &Pointers<E>,
    ) -> (Stack<E>, usize) {
        if self.cut.shared {
            let packed = self.packed(ks, pointers.shared);
            let first = columns.channels.start / self.tiling.panel;
            let at = packed.at.wrapping_add(first * packed.panel);
            return (Stack { at, ..packed }, self.all.across() - columns.across());
        }
        let to = pointers.stack(&self.right);
        for index in 0..columns.panels() {
            // SAFETY: the caller's promise.
            unsafe { self.pack(simd, ks, &columns.panel(index), &to, pointers) };
        }
        (to, 0)
    }
}
