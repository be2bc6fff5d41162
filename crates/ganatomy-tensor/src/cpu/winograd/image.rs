//! Images to and from the nine matrices of their tiles.

use std::ops::Range;

use pulp::Simd;

use super::columns::Columns;
use super::tiles::{Edge, PHASES, Segment, Stack, Tiles};
use super::transform::{Fold, Spread, Unwindow, Window, transform};
use crate::cpu::gemm::lanes::Lanes;

/// A side of the transforms: images of the input or of the output, tile by tile.
pub struct Side<'a, E, S> {
    /// The instruction set.
    pub simd: S,
    /// The shape.
    pub tiles: &'a Tiles,
    /// The images of the block.
    pub images: Range<usize>,
    /// What lies outside.
    pub edge: Edge<E>,
}

impl<E: Lanes, S: Simd> Side<'_, E, S> {
    /// Calls `each(image, [image in the block, ty, tx])` for all tiles, and `more` behind the last.
    #[inline(always)]
    fn each_tile(&self, more: usize, mut each: impl FnMut(usize, [usize; 3])) {
        let tiles = self.tiles;
        let count = |axis: usize| if more > 0 { tiles.out[axis] / 2 + 1 } else { tiles.count(axis, 0) };
        for (n, image) in self.images.clone().enumerate() {
            for ty in 0..count(0) {
                for tx in 0..count(1) {
                    each(image, [n, ty, tx]);
                }
            }
        }
    }

    /// The rows of a tile at all positions.
    #[inline(always)]
    fn rows(&self, of: &Stack<E>, tile: [usize; 3], missing: *mut E) -> [[*mut E; 3]; 3] {
        let mut rows = [[missing; 3]; 3];
        for (sy, rows) in rows.iter_mut().enumerate() {
            for (sx, to) in rows.iter_mut().enumerate() {
                if let Some(row) = self.tiles.row([sy, sx], tile) {
                    *to = of.row(3 * sy + sx, row);
                }
            }
        }
        rows
    }

    /// The starts of `N` x `N` pixels of the input from a tile's first one; `usize::MAX` outside.
    #[inline(always)]
    fn inputs<const N: usize>(&self, image: usize, phase: usize, [ty, tx]: [usize; 2]) -> [[usize; N]; N] {
        let tiles = self.tiles;
        let mut starts = [[usize::MAX; N]; N];
        for (i, starts) in starts.iter_mut().enumerate() {
            let Some(y) = tiles.input(0, phase / 2, 2 * ty + i) else { continue };
            for (j, start) in starts.iter_mut().enumerate() {
                if let Some(x) = tiles.input(1, phase % 2, 2 * tx + j) {
                    *start = ((image * tiles.size[0] + y) * tiles.size[1] + x) * tiles.c_in;
                }
            }
        }
        starts
    }

    /// The starts of the 2 x 2 pixels of the output in a tile; `usize::MAX` outside.
    #[inline(always)]
    fn outputs(&self, [image, ty, tx]: [usize; 3]) -> [[usize; 2]; 2] {
        let [height, width] = self.tiles.out;
        let mut starts = [[usize::MAX; 2]; 2];
        for (i, starts) in starts.iter_mut().enumerate() {
            for (j, start) in starts.iter_mut().enumerate() {
                let (y, x) = (2 * ty + i, 2 * tx + j);
                if y < height && x < width {
                    *start = ((image * height + y) * width + x) * self.tiles.c_out;
                }
            }
        }
        starts
    }

    /// Input images to `V`, its columns being the segments of the phases.
    ///
    /// # Safety
    /// `x` is the whole input; `to` has room for the block.
    #[inline(always)]
    pub unsafe fn window(&self, x: *const E, segments: &[Segment; PHASES], to: &Stack<E>) {
        self.each_tile(
            0,
            #[inline(always)]
            |image, tile| {
                let rows = self.rows(to, tile, std::ptr::null_mut());
                for (phase, segment) in segments.iter().enumerate() {
                    if segment.len == 0 {
                        continue;
                    }
                    let starts = self.inputs::<3>(image, phase, [tile[1], tile[2]]);
                    let from = read(x.wrapping_add(segment.channel), &starts, self.edge.zeros);
                    let mut to = [[self.edge.dump; 3]; 3];
                    for i in 0..3 {
                        for j in 0..3 {
                            if !rows[i][j].is_null() {
                                to[i][j] = rows[i][j].wrapping_add(segment.col);
                            }
                        }
                    }
                    // SAFETY: the caller's promise; outside, zeros are read and nothing is kept.
                    unsafe { transform::<Window, E, S, 3, 3>(self.simd, &from, &to, segment.len) };
                }
            },
        );
    }

    /// The adjoint of [`Side::window`]: `M`, its columns being phases of channels, to whole input images.
    ///
    /// # Safety
    /// `x` is the whole input; the images are whole in `from`.
    #[inline(always)]
    pub unsafe fn unwindow(&self, from: &Stack<E>, columns: &Columns, x: *mut E) {
        let zeros = self.edge.zeros.cast_mut();
        self.each_tile(
            1,
            #[inline(always)]
            |image, [n, ty, tx]| {
                let mut own = [[zeros; 4]; 4];
                for (i, own) in own.iter_mut().enumerate() {
                    for (j, own) in own.iter_mut().enumerate() {
                        let (y, x) = ((ty + i.min(1)).wrapping_sub(1), (tx + j.min(1)).wrapping_sub(1));
                        let (sy, sx) = ((i + 2) % 3, (j + 2) % 3);
                        if let Some(row) = self.tiles.row([sy, sx], [n, y, x]) {
                            *own = from.row(3 * sy + sx, row);
                        }
                    }
                }
                for phase in 0..PHASES {
                    let starts = self.inputs::<2>(image, phase, [ty, tx]);
                    let to = write(x.wrapping_add(columns.channels.start), &starts, self.edge.dump);
                    let mut from = [[self.edge.zeros; 4]; 4];
                    for i in 0..4 {
                        for j in 0..4 {
                            if own[i][j] != zeros {
                                from[i][j] = own[i][j].wrapping_add(phase * columns.width);
                            }
                        }
                    }
                    let len = columns.channels.len();
                    // SAFETY: the caller's promise; outside, zeros are read and nothing is kept.
                    unsafe { transform::<Unwindow, E, S, 4, 2>(self.simd, &from, &to, len) };
                }
            },
        );
    }

    /// Output images to their factors, panel by panel of channels.
    ///
    /// # Safety
    /// `y` is the whole output; `to` has room for the block.
    #[inline(always)]
    pub unsafe fn spread(&self, y: *const E, channels: Range<usize>, panel: usize, to: &Stack<E>) {
        self.each_tile(
            0,
            #[inline(always)]
            |image, [n, ty, tx]| {
                let starts = self.outputs([image, ty, tx]);
                for (index, first) in channels.clone().step_by(panel).enumerate() {
                    let len = panel.min(channels.end - first);
                    let ld = if len < panel { len.next_multiple_of(E::width::<S>()) } else { to.ld };
                    let to = Stack { at: to.at.wrapping_add(index * to.panel), ld, ..*to };
                    let from = read(y.wrapping_add(first), &starts, self.edge.zeros);
                    let to = self.rows(&to, [n, ty, tx], self.edge.dump);
                    // SAFETY: the caller's promise; outside, zeros are read and nothing is kept.
                    unsafe { transform::<Spread, E, S, 2, 3>(self.simd, &from, &to, len) };
                }
            },
        );
    }

    /// The adjoint of [`Side::spread`]: `M` to some channels of output images.
    ///
    /// # Safety
    /// `y` is the whole output.
    #[inline(always)]
    pub unsafe fn fold(&self, from: &Stack<E>, channels: Range<usize>, y: *mut E) {
        self.each_tile(
            0,
            #[inline(always)]
            |image, [n, ty, tx]| {
                let starts = self.outputs([image, ty, tx]);
                let to = write(y.wrapping_add(channels.start), &starts, self.edge.dump);
                let from = self.rows(from, [n, ty, tx], self.edge.zeros.cast_mut());
                let mut rows = [[self.edge.zeros; 3]; 3];
                for i in 0..3 {
                    for j in 0..3 {
                        rows[i][j] = from[i][j].cast_const();
                    }
                }
                // SAFETY: the caller's promise; outside, zeros are read and nothing is kept.
                unsafe { transform::<Fold, E, S, 3, 2>(self.simd, &rows, &to, channels.len()) };
            },
        );
    }
}

/// Pointers to pixels that are read.
#[inline(always)]
fn read<E, const N: usize>(from: *const E, starts: &[[usize; N]; N], zeros: *const E) -> [[*const E; N]; N] {
    let mut pointers = [[zeros; N]; N];
    for i in 0..N {
        for j in 0..N {
            if starts[i][j] != usize::MAX {
                pointers[i][j] = from.wrapping_add(starts[i][j]);
            }
        }
    }
    pointers
}

/// Pointers to pixels that are written.
#[inline(always)]
fn write<E, const N: usize>(to: *mut E, starts: &[[usize; N]; N], dump: *mut E) -> [[*mut E; N]; N] {
    let mut pointers = [[dump; N]; N];
    for i in 0..N {
        for j in 0..N {
            if starts[i][j] != usize::MAX {
                pointers[i][j] = to.wrapping_add(starts[i][j]);
            }
        }
    }
    pointers
}
