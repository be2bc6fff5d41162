//! The input gradient where the input has few channels: a dense product, then sums of shifted runs.
//!
//! ```text
//!   spread[pixel of dy, (tap, ci)] = dy[pixel, co] w[(tap, ci), co]^T     (all lanes full)
//!
//!   dx line   . . . . . . . . .        each pixel of dy adds its row of taps to dx, which is one
//!   += ox 0   t t t t                  run (NHWC, dilation 1); runs that overlap are added in
//!   += ox 1       t t t t              different sweeps, so that none waits for the one before
//!   += ox 2           t t t t
//! ```

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;
use super::micro::Micro;
use super::part::{Block, Packing, Part, Tiling};
use super::runs::zero_run;
use crate::cpu::spec::ConvSpec;

/// Elements of the spread product that are kept at once.
const KEPT: usize = 32 * 1024;

/// How the spread product is added up.
#[derive(Clone, Debug)]
pub struct Scatter {
    spec: ConvSpec,
    out_h: usize,
    out_w: usize,
}

impl Scatter {
    /// The sums of a convolution's input gradient.
    pub fn new(spec: &ConvSpec) -> Scatter {
        Scatter { spec: *spec, out_h: spec.out_h(), out_w: spec.out_w() }
    }

    /// Elements of scratch beyond what the product needs.
    pub fn local_len(&self, part: &Part) -> usize {
        (self.rows_at_once(part) * self.out_w * part.n).next_multiple_of(16)
    }

    /// Rows of dy whose spread product is kept at once.
    fn rows_at_once(&self, part: &Part) -> usize {
        (KEPT / (self.out_w * part.n).max(1)).clamp(1, self.out_h.max(1))
    }

    /// Computes the lines `lines` of dx, counted through all images.
    ///
    /// # Safety
    /// The pointers of the block cover what the part describes; `block.c` is the whole of dx.
    #[inline(always)]
    pub unsafe fn run<E: Micro>(
        &self,
        part: &Part,
        tiling: &Tiling,
        packing: Packing,
        lines: Range<usize>,
        block: &Block<E>,
    ) {
        let (height, width) = (self.spec.in_h, self.spec.in_w * self.spec.c_in);
        let mut line = lines.start;
        while line < lines.end {
            let image = line / height;
            let end = lines.end.min((image + 1) * height);
            let ys = line - image * height..end - image * height;
            // SAFETY: the lines belong to this task.
            unsafe {
                zero_run(block.c.add(line * width), (end - line) * width);
                self.image(part, tiling, packing, image, ys, block);
            }
            line = end;
        }
    }

    /// Adds what meets the lines `ys` of one image.
    #[inline(always)]
    unsafe fn image<E: Micro>(
        &self,
        part: &Part,
        tiling: &Tiling,
        packing: Packing,
        image: usize,
        ys: Range<usize>,
        block: &Block<E>,
    ) {
        let spec = &self.spec;
        let reach = (spec.k_h - 1) * spec.dilation[0];
        let first = (ys.start + spec.pad[0]).saturating_sub(reach).div_ceil(spec.stride[0]);
        let last = ((ys.end - 1 + spec.pad[0]) / spec.stride[0] + 1).min(self.out_h);
        // SAFETY: the spread rows fit into the scratch, the lines into dx.
        unsafe {
            let spread = block.local;
            let local = block.local.add(self.local_len(part));
            let dx = block.c.add(image * spec.in_h * spec.in_w * spec.c_in);
            for oy in (first..last).step_by(self.rows_at_once(part)) {
                let end = (oy + self.rows_at_once(part)).min(last);
                let row = |oy: usize| (image * self.out_h + oy) * self.out_w;
                let rows = row(oy)..row(end);
                let start = rows.start * part.n;
                let c = spread.wrapping_sub(start);
                part.multiply(tiling, packing, &Block { rows, c, local, ..block.clone() });
                let oys = oy..end;
                tiling.level.vectorize(Sums { scatter: self, spread, dx, oys, ys: ys.clone() });
            }
        }
    }
}

/// Adds the spread product of some rows of dy to some lines of dx of one image.
struct Sums<'a, E> {
    scatter: &'a Scatter,
    spread: *const E,
    dx: *mut E,
    oys: Range<usize>,
    ys: Range<usize>,
}

impl<E: Lanes> WithSimd for Sums<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Scatter { spec, out_w, .. } = self.scatter;
        let run = spec.k_w * spec.c_in;
        for (i, oy) in self.oys.clone().enumerate() {
            for ky in 0..spec.k_h {
                let y = (oy * spec.stride[0] + ky * spec.dilation[0]).wrapping_sub(spec.pad[0]);
                if !self.ys.contains(&y) {
                    continue;
                }
                // SAFETY: the row of taps lies inside the spread rows, the line inside dx.
                unsafe {
                    let from = self.spread.add((i * out_w * spec.k_h + ky) * run);
                    self.line(simd, from, self.dx.add(y * spec.in_w * spec.c_in));
                }
            }
        }
    }
}

impl<E: Lanes> Sums<'_, E> {
    /// Adds one row of taps of every pixel of a row of dy to one line of dx.
    #[inline(always)]
    unsafe fn line<S: Simd>(&self, simd: S, from: *const E, to: *mut E) {
        let Scatter { spec, out_w, .. } = self.scatter;
        let (stride, pad, dilation) = (spec.stride[1], spec.pad[1], spec.dilation[1]);
        let pixels = spec.k_h * spec.k_w * spec.c_in;
        // A dilated kernel is added tap by tap.
        let (pieces, taps) = if dilation == 1 { (1, spec.k_w) } else { (spec.k_w, 1) };
        let sweeps = taps.div_ceil(stride);
        for piece in 0..pieces {
            for sweep in 0..sweeps {
                for ox in (sweep..*out_w).step_by(sweeps) {
                    let x = (ox * stride + piece * dilation) as isize - pad as isize;
                    let low = (-x).clamp(0, taps as isize) as usize;
                    let high = (spec.in_w as isize - x).clamp(low as isize, taps as isize) as usize;
                    if low == high {
                        continue;
                    }
                    let tap = (x + low as isize) as usize;
                    // SAFETY: the taps from `low` to `high` lie inside the line.
                    unsafe {
                        let from = from.add(ox * pixels + (piece + low) * spec.c_in);
                        add_run(simd, from, to.wrapping_add(tap * spec.c_in), (high - low) * spec.c_in);
                    }
                }
            }
        }
    }
}

/// `to += from` for `n` elements.
#[inline(always)]
unsafe fn add_run<E: Lanes, S: Simd>(simd: S, from: *const E, to: *mut E, n: usize) {
    let width = E::width::<S>();
    // SAFETY: the caller's promise.
    unsafe {
        let whole = n / width * width;
        for i in (0..whole).step_by(width) {
            let sum = E::plus(simd, E::load(simd, to.add(i)), E::load(simd, from.add(i)));
            E::store(simd, to.add(i), sum);
        }
        let (from, to, rest) = (from.add(whole), to.add(whole), n - whole);
        if rest > 0 {
            let old = E::load_first(simd, to, rest);
            let sum = E::plus(simd, old, E::load_first(simd, from, rest));
            E::store_first(simd, to, rest, sum);
        }
    }
}
