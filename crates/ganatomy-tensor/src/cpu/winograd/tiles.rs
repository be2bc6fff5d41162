//! Which tiles an image is cut into, and where their pixels lie.
//!
//! ```text
//!   output, 5 wide      | 0 1 | 2 3 | 4 . |     3 tiles at positions 0 and 1, 2 at position 2:
//!   tiles                  0     1     2        the last product of a half tile is not needed
//!
//!   input               -1 0  1 2  3 4  5 6 ..  pixel 2 i + p - 1 is the i-th of phase p
//!   i                    0    1    2    3       tile t reads i = 2t, 2t + 1, 2t + 2
//! ```

use std::ops::Range;

use crate::cpu::spec::ConvSpec;

/// Products of a tile.
pub const POSITIONS: usize = 9;
/// Phases of the input.
pub const PHASES: usize = 4;
/// Taps of the kernel in one direction.
const TAPS: usize = 4;

/// A convolution of 4 x 4 taps in steps of two with one zero around the image.
#[derive(Clone, Copy, Debug)]
pub struct Tiles {
    /// Images in the batch.
    pub images: usize,
    /// Lines and columns of an input image.
    pub size: [usize; 2],
    /// Lines and columns of an output image.
    pub out: [usize; 2],
    /// Input channels.
    pub c_in: usize,
    /// Output channels.
    pub c_out: usize,
}

impl Tiles {
    /// The tiles of a convolution that is of this kind.
    pub fn of(spec: &ConvSpec) -> Option<Tiles> {
        let kind = [spec.k_h, spec.k_w] == [TAPS; 2]
            && spec.stride == [2; 2]
            && spec.pad == [1; 2]
            && spec.dilation == [1; 2]
            && spec.groups == 1;
        let (images, size, out) = (spec.images, [spec.in_h, spec.in_w], [spec.out_h(), spec.out_w()]);
        let some = images * out[0] * out[1] * spec.c_in * spec.c_out > 0;
        (kind && some).then_some(Tiles { images, size, out, c_in: spec.c_in, c_out: spec.c_out })
    }

    /// Tiles in a direction that take part in the products of a position.
    #[inline(always)]
    pub fn count(&self, axis: usize, position: usize) -> usize {
        if position == 2 { self.out[axis] / 2 } else { self.out[axis].div_ceil(2) }
    }

    /// Tiles of an image that take part in the products of each position.
    #[inline(always)]
    pub fn counts(&self) -> [usize; POSITIONS] {
        let mut counts = [0; POSITIONS];
        for (position, count) in counts.iter_mut().enumerate() {
            *count = self.count(0, position / 3) * self.count(1, position % 3);
        }
        counts
    }

    /// Tiles of an image.
    pub fn most(&self) -> usize {
        self.count(0, 0) * self.count(1, 0)
    }

    /// Which row a tile has at a position, the images counted from the first of the block.
    #[inline(always)]
    pub fn row(&self, [sy, sx]: [usize; 2], [image, ty, tx]: [usize; 3]) -> Option<usize> {
        let (down, across) = (self.count(0, sy), self.count(1, sx));
        if ty < down && tx < across { Some((image * down + ty) * across + tx) } else { None }
    }

    /// The pixel of the input in one direction that is the `i`-th of a phase.
    #[inline(always)]
    pub fn input(&self, axis: usize, phase: usize, i: usize) -> Option<usize> {
        let pixel = (2 * i + phase).wrapping_sub(1);
        (i <= self.out[axis] && pixel < self.size[axis]).then_some(pixel)
    }

    /// Where a tap of a phase starts in the kernel.
    #[inline(always)]
    pub fn tap(&self, phase: usize, [a, b]: [usize; 2]) -> usize {
        let (y, x) = (2 * a + phase / 2, 2 * b + phase % 2);
        (y * TAPS + x) * self.c_in * self.c_out
    }

    /// Rows of the output, seen as a matrix of channels, that images have.
    pub fn output_rows(&self, images: &Range<usize>) -> Range<usize> {
        let pixels = self.out[0] * self.out[1];
        images.start * pixels..images.end * pixels
    }

    /// Rows of the input, seen as a matrix of channels, that images have.
    pub fn input_rows(&self, images: &Range<usize>) -> Range<usize> {
        let pixels = self.size[0] * self.size[1];
        images.start * pixels..images.end * pixels
    }
}

/// Nine matrices of a block in scratch memory, by rows, or by panels of rows.
#[derive(Clone, Copy, Debug)]
pub struct Stack<E> {
    /// Row 0 of panel 0 of position 0.
    pub at: *mut E,
    /// Between positions.
    pub step: usize,
    /// Between panels.
    pub panel: usize,
    /// Between rows.
    pub ld: usize,
}

impl<E> Stack<E> {
    /// Where a row starts.
    #[inline(always)]
    pub fn row(&self, position: usize, row: usize) -> *mut E {
        self.at.wrapping_add(position * self.step + row * self.ld)
    }
}

/// Memory for rows and pixels that do not exist, as long as the longest of them.
#[derive(Clone, Copy, Debug)]
pub struct Edge<E> {
    /// Zeros, only read.
    pub zeros: *mut E,
    /// Written, and never read.
    pub dump: *mut E,
}

/// Some input channels of a phase, and the column that they start at in a block.
#[derive(Clone, Debug, Default)]
pub struct Segment {
    /// First channel.
    pub channel: usize,
    /// Channels.
    pub len: usize,
    /// First column in the block.
    pub col: usize,
}

impl Tiles {
    /// The depths `ks` of the forward product, by phases.
    pub fn segments(&self, ks: &Range<usize>) -> [Segment; PHASES] {
        let mut segments: [Segment; PHASES] = Default::default();
        for (phase, segment) in segments.iter_mut().enumerate() {
            let start = ks.start.max(phase * self.c_in);
            let end = ks.end.min((phase + 1) * self.c_in).max(start);
            let channel = start.saturating_sub(phase * self.c_in);
            *segment = Segment { channel, len: end - start, col: start - ks.start };
        }
        segments
    }
}
