//! The receptive fields of an image as rows of a matrix that is never laid out as a whole.
//!
//! ```text
//!   row (image, y, x) = [ tap (0,0): c c c | tap (0,1): c c c | ... | tap (kh-1,kw-1): c c c ]
//!   The taps of one kernel line are neighbours in the image (NHWC, dilation 1), so a line is one
//!   copy; what lies outside the image is written as zeros.
//! ```

use std::ops::Range;

use super::runs::{copy_run, zero_run};
use crate::element::Element;

/// One direction of a window that slides over an image.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Windows.
    pub count: usize,
    /// Pixels between windows.
    pub step: usize,
    /// Pixel of tap 0 of window 0; may lie outside the image.
    pub origin: isize,
    /// Taps of a window.
    pub taps: usize,
    /// Pixels between taps.
    pub dilation: usize,
    /// Pixels of the image.
    pub size: usize,
}

impl Axis {
    /// The pixel under tap 0 of a window.
    #[inline(always)]
    fn pixel(&self, window: usize) -> isize {
        self.origin + (window * self.step) as isize
    }

    /// The pixel under a tap, if it lies inside the image.
    #[inline(always)]
    fn inside(&self, first: isize, tap: usize) -> Option<usize> {
        let pixel = first + (tap * self.dilation) as isize;
        (0..self.size as isize).contains(&pixel).then_some(pixel as usize)
    }
}

/// The matrix of receptive fields: rows (image, y, x), columns (tap y, tap x, channel).
#[derive(Clone, Debug)]
pub struct Patches {
    /// The vertical direction.
    pub y: Axis,
    /// The horizontal direction.
    pub x: Axis,
    /// Channels that are read.
    pub channels: usize,
    /// Channels of a pixel in memory.
    pub pixel_stride: usize,
}

impl Patches {
    /// Columns of the matrix.
    pub fn width(&self) -> usize {
        self.y.taps * self.x.taps * self.channels
    }

    /// Copies the block `rows` x `cols` to `to`, whose rows are `ld` apart.
    ///
    /// # Safety
    /// `from` is the whole image batch; `to` holds `rows.len() * ld` elements.
    #[inline(always)]
    pub unsafe fn copy<E: Element>(
        &self,
        from: *const E,
        rows: Range<usize>,
        cols: Range<usize>,
        to: *mut E,
        ld: usize,
    ) {
        let (mut x, line) = (rows.start % self.x.count, rows.start / self.x.count);
        let (mut y, mut image) = (line % self.y.count, line / self.y.count);
        for i in 0..rows.len() {
            // SAFETY: the row lies inside the block.
            unsafe { self.copy_row(from, [image, y, x], &cols, to.add(i * ld)) };
            x += 1;
            if x == self.x.count {
                (x, y) = (0, y + 1);
            }
            if y == self.y.count {
                (y, image) = (0, image + 1);
            }
        }
    }

    #[inline(always)]
    unsafe fn copy_row<E: Element>(
        &self,
        from: *const E,
        [image, y, x]: [usize; 3],
        cols: &Range<usize>,
        to: *mut E,
    ) {
        let line_width = self.x.taps * self.channels;
        let (first_y, first_x) = (self.y.pixel(y), self.x.pixel(x));
        let whole = self.columns_inside(first_x);
        let (mut tap, mut start) = (cols.start / line_width, cols.start % line_width);
        let mut col = cols.start;
        while col < cols.end {
            let end = line_width.min(start + cols.end - col);
            // SAFETY: the line lies inside the image, and its columns inside the row.
            unsafe {
                let to = to.add(col - cols.start);
                match (self.y.inside(first_y, tap), &whole) {
                    (None, _) => zero_run(to, end - start),
                    (Some(row), Some(inside)) => {
                        let line = (image * self.y.size + row) * self.x.size;
                        let pixel = (line as isize + first_x) * self.channels as isize;
                        copy_inside(from.wrapping_offset(pixel), start..end, inside, to);
                    }
                    (Some(row), None) => {
                        let line = (image * self.y.size + row) * self.x.size;
                        let from = from.add(line * self.pixel_stride);
                        self.copy_taps(from, first_x, start..end, to);
                    }
                }
            }
            col += end - start;
            (tap, start) = (tap + 1, 0);
        }
    }

    /// The columns of a kernel line that lie inside the image, if its taps are neighbours there.
    #[inline(always)]
    fn columns_inside(&self, first: isize) -> Option<Range<usize>> {
        if self.x.dilation != 1 || self.channels != self.pixel_stride {
            return None;
        }
        let channels = self.channels as isize;
        let width = self.x.taps as isize * channels;
        let low = (-first * channels).clamp(0, width);
        let high = ((self.x.size as isize - first) * channels).clamp(low, width);
        Some(low as usize..high as usize)
    }

    /// Copies the columns `cols` of one kernel line over the image line at `from`, tap by tap.
    #[inline(always)]
    unsafe fn copy_taps<E: Element>(&self, from: *const E, first: isize, cols: Range<usize>, to: *mut E) {
        let mut col = cols.start;
        while col < cols.end {
            let tap = col / self.channels;
            let channel = col - tap * self.channels;
            let n = (self.channels - channel).min(cols.end - col);
            // SAFETY: the caller's promise.
            unsafe {
                let to = to.add(col - cols.start);
                match self.x.inside(first, tap) {
                    None => zero_run(to, n),
                    Some(x) => copy_run(from.add(x * self.pixel_stride + channel), to, n),
                }
            }
            col += n;
        }
    }
}

/// Copies the columns `cols` of a kernel line whose column 0 is at `from`: zeros but `inside`.
#[inline(always)]
unsafe fn copy_inside<E: Element>(from: *const E, cols: Range<usize>, inside: &Range<usize>, to: *mut E) {
    let low = inside.start.clamp(cols.start, cols.end);
    let high = inside.end.clamp(low, cols.end);
    // SAFETY: the columns from `low` to `high` are pixels of the image line.
    unsafe {
        if low > cols.start {
            zero_run(to, low - cols.start);
        }
        copy_run(from.wrapping_add(low), to.add(low - cols.start), high - low);
        if high < cols.end {
            zero_run(to.add(high - cols.start), cols.end - high);
        }
    }
}
