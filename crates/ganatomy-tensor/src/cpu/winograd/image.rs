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
    /// Stands in for what lies outside.
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

    /// The rows that [`Unwindow`] reads for a tile: the last positions of the tile before, then its own.
    #[inline(always)]
    fn rows_before(&self, of: &Stack<E>, [n, ty, tx]: [usize; 3]) -> [[*mut E; 4]; 4] {
        let mut rows = [[self.edge.zeros; 4]; 4];
        for (i, rows) in rows.iter_mut().enumerate() {
            for (j, from) in rows.iter_mut().enumerate() {
                let (y, x) = ((ty + i.min(1)).wrapping_sub(1), (tx + j.min(1)).wrapping_sub(1));
                let (sy, sx) = ((i + 2) % 3, (j + 2) % 3);
                if let Some(row) = self.tiles.row([sy, sx], [n, y, x]) {
                    *from = of.row(3 * sy + sx, row);
                }
            }
        }
        rows
    }

    /// The first `N` x `N` pixels of a phase of the input in a tile.
    #[inline(always)]
    fn inputs<const N: usize>(
        &self,
        x: *mut E,
        phase: usize,
        [image, ty, tx]: [usize; 3],
        missing: *mut E,
    ) -> [[*mut E; N]; N] {
        let tiles = self.tiles;
        let (mut lines, mut pixels) = ([usize::MAX; N], [usize::MAX; N]);
        for i in 0..N {
            if let Some(y) = tiles.input(0, phase / 2, 2 * ty + i) {
                lines[i] = (image * tiles.size[0] + y) * tiles.size[1] * tiles.c_in;
            }
            if let Some(x) = tiles.input(1, phase % 2, 2 * tx + i) {
                pixels[i] = x * tiles.c_in;
            }
        }
        grid(x, lines, pixels, missing)
    }

    /// The 2 x 2 pixels of the output in a tile.
    #[inline(always)]
    fn outputs(&self, y: *mut E, [image, ty, tx]: [usize; 3], missing: *mut E) -> [[*mut E; 2]; 2] {
        let tiles = self.tiles;
        let (mut lines, mut pixels) = ([usize::MAX; 2], [usize::MAX; 2]);
        for i in 0..2 {
            if 2 * ty + i < tiles.out[0] {
                lines[i] = (image * tiles.out[0] + 2 * ty + i) * tiles.out[1] * tiles.c_out;
            }
            if 2 * tx + i < tiles.out[1] {
                pixels[i] = (2 * tx + i) * tiles.c_out;
            }
        }
        grid(y, lines, pixels, missing)
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
            |image, [n, ty, tx]| {
                let rows = self.rows(to, [n, ty, tx], self.edge.dump);
                for (phase, segment) in segments.iter().enumerate().filter(|(_, segment)| segment.len > 0) {
                    let x = x.cast_mut().wrapping_add(segment.channel);
                    let from = self.inputs::<3>(x, phase, [image, ty, tx], self.edge.zeros);
                    let to = shifted(&rows, segment.col);
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
        let (x, len) = (x.wrapping_add(columns.channels.start), columns.channels.len());
        self.each_tile(
            1,
            #[inline(always)]
            |image, [n, ty, tx]| {
                let rows = self.rows_before(from, [n, ty, tx]);
                for phase in 0..PHASES {
                    let to = self.inputs::<2>(x, phase, [image, ty, tx], self.edge.dump);
                    if to == [[self.edge.dump; 2]; 2] {
                        continue;
                    }
                    let from = shifted(&rows, phase * columns.width);
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
                for (index, first) in channels.clone().step_by(panel).enumerate() {
                    let len = panel.min(channels.end - first);
                    let ld = if len < panel { len.next_multiple_of(E::width::<S>()) } else { to.ld };
                    let to = Stack { at: to.at.wrapping_add(index * to.panel), ld, ..*to };
                    let y = y.cast_mut().wrapping_add(first);
                    let from = self.outputs(y, [image, ty, tx], self.edge.zeros);
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
                let from = self.rows(from, [n, ty, tx], self.edge.zeros);
                let to = self.outputs(y.wrapping_add(channels.start), [image, ty, tx], self.edge.dump);
                // SAFETY: the caller's promise; outside, zeros are read and nothing is kept.
                unsafe { transform::<Fold, E, S, 3, 2>(self.simd, &from, &to, channels.len()) };
            },
        );
    }
}

/// Pixels at the crossings of lines and columns, which are outside at `usize::MAX`.
#[inline(always)]
fn grid<E, const N: usize>(
    image: *mut E,
    lines: [usize; N],
    pixels: [usize; N],
    missing: *mut E,
) -> [[*mut E; N]; N] {
    let mut pointers = [[missing; N]; N];
    for i in 0..N {
        for j in 0..N {
            if lines[i] != usize::MAX && pixels[j] != usize::MAX {
                pointers[i][j] = image.wrapping_add(lines[i] + pixels[j]);
            }
        }
    }
    pointers
}

/// The same rows, some columns further.
#[inline(always)]
fn shifted<E, const N: usize>(rows: &[[*mut E; N]; N], by: usize) -> [[*mut E; N]; N] {
    let mut pointers = *rows;
    for row in &mut pointers {
        for pointer in row {
            *pointer = pointer.wrapping_add(by);
        }
    }
    pointers
}
