//! The three products of a convolution as ordinary products over receptive fields.
//!
//! ```text
//!   forward       y[pixel, co]      = patches(x)[pixel, (tap, ci)]   w[(tap, ci), co]
//!   weight grad   dw[(tap, ci), co] = patches(x)^T[(tap, ci), pixel] dy[pixel, co]
//!   input grad    one product for each residue (pixel + pad) mod stride, as only every
//!                 stride-th tap meets it:
//!
//!     stride 2:   0 1 0 1 0      dx[residue, ci] = patches(dy)[pixel, (taps of residue, co)]
//!                 2 3 2 3 2                        w[(taps of residue, co), ci]
//!                 0 1 0 1 0      each an ordinary convolution of dy with stride 1
//! ```

use crate::cpu::gemm::layout::{Layout, Lines, Steps};
use crate::cpu::gemm::narrow::NARROW;
use crate::cpu::gemm::operand::{Left, Right, RowMap, Source};
use crate::cpu::gemm::part::Part;
use crate::cpu::gemm::patches::{Axis, Patches};
use crate::cpu::gemm::scatter::Scatter;
use crate::cpu::gemm::{Gemm, Micro};
use crate::cpu::level::Level;
use crate::cpu::spec::{ConvPass, ConvSpec};

impl<E: Micro> Gemm<E> {
    /// Plans one product of a convolution over receptive fields.
    pub fn conv(spec: &ConvSpec, pass: ConvPass, level: Level) -> Gemm<E> {
        Gemm::plan(layout(spec, pass), spec.result_len(pass), level)
    }
}

/// The products that make up a pass.
fn layout(spec: &ConvSpec, pass: ConvPass) -> Layout {
    match pass {
        ConvPass::Forward => forward(spec),
        ConvPass::InputGrad if spec.covers_input() => covering_input_grad(spec),
        ConvPass::InputGrad if spec.spreads() => spread_input_grad(spec),
        ConvPass::InputGrad => input_grad(spec),
        ConvPass::WeightGrad => weight_grad(spec),
    }
}

impl ConvSpec {
    fn channels_in(&self) -> usize {
        self.c_in / self.groups
    }

    fn channels_out(&self) -> usize {
        self.c_out / self.groups
    }

    fn taps(&self) -> usize {
        self.k_h * self.k_w
    }

    fn out_pixels(&self) -> usize {
        self.images * self.out_h() * self.out_w()
    }

    /// Does one window see the whole image, so that the convolution is a dense product?
    fn covers_input(&self) -> bool {
        let one = [self.in_h, self.in_w] == [self.k_h, self.k_w] && self.dilation == [1, 1];
        one && self.pad == [0, 0] && self.groups == 1
    }

    /// Are there so few input channels that the lanes are better filled with all their taps?
    fn spreads(&self) -> bool {
        self.c_in <= NARROW && self.groups == 1 && self.taps() > 1
    }

    fn layout(&self, part: Part, steps: Steps) -> Layout {
        Layout {
            n_lines: part.m,
            parts: vec![part],
            lines: vec![Lines::single()],
            instances: self.groups,
            steps,
            side_by_side: true,
            line_rows: 1,
            ld: self.c_out,
            long_rows: false,
            exchanged: false,
            scatter: None,
        }
    }
}

/// The receptive fields of `x`.
fn windows(spec: &ConvSpec) -> Source {
    if spec.covers_input() {
        return Source::Dense { ld: spec.taps() * spec.c_in };
    }
    let axis = |i: usize, count: usize, taps: usize, size: usize| Axis {
        count,
        step: spec.stride[i],
        origin: -(spec.pad[i] as isize),
        taps,
        dilation: spec.dilation[i],
        size,
    };
    if spec.taps() == 1 && spec.stride == [1, 1] && spec.pad == [0, 0] {
        return Source::Dense { ld: spec.c_in };
    }
    Source::Patches(Patches {
        y: axis(0, spec.out_h(), spec.k_h, spec.in_h),
        x: axis(1, spec.out_w(), spec.k_w, spec.in_w),
        channels: spec.channels_in(),
        pixel_stride: spec.c_in,
    })
}

fn forward(spec: &ConvSpec) -> Layout {
    let part = Part {
        left: Left { source: windows(spec), slabs: false },
        right: Right::Rows { ld: spec.c_out },
        m: spec.out_pixels(),
        n: spec.channels_out(),
        k: spec.taps() * spec.channels_in(),
        rows: RowMap::dense(spec.c_out),
    };
    let (a, b) = (spec.channels_in(), spec.channels_out());
    spec.layout(part, Steps { a, b, c: b })
}

fn weight_grad(spec: &ConvSpec) -> Layout {
    let part = Part {
        left: Left { source: windows(spec), slabs: true },
        right: Right::Rows { ld: spec.c_out },
        m: spec.taps() * spec.channels_in(),
        n: spec.channels_out(),
        k: spec.out_pixels(),
        rows: RowMap::dense(spec.c_out),
    };
    let (a, b) = (spec.channels_in(), spec.channels_out());
    spec.layout(part, Steps { a, b, c: b })
}

/// One window an image: `dx[image, (tap, ci)] = dy[image, co] w[(tap, ci), co]^T`.
fn covering_input_grad(spec: &ConvSpec) -> Layout {
    let width = spec.taps() * spec.c_in;
    let part = Part {
        left: Left { source: Source::Dense { ld: spec.c_out }, slabs: false },
        right: Right::Columns { ld: spec.c_out, segment: spec.c_out, offsets: vec![0] },
        m: spec.images,
        n: width,
        k: spec.c_out,
        rows: RowMap::dense(width),
    };
    let mut layout = spec.layout(part, Steps::default());
    layout.line_rows = spec.taps();
    layout.ld = spec.c_in;
    layout.long_rows = true;
    layout
}

fn input_grad(spec: &ConvSpec) -> Layout {
    let mut parts = Vec::new();
    let mut lines = Vec::new();
    for down in residues(spec, 0) {
        for across in residues(spec, 1) {
            lines.push(Lines {
                height: spec.in_h,
                origin: down.first,
                step: spec.stride[0],
                count: down.axis.count,
                width: across.axis.count,
            });
            parts.push(input_grad_part(spec, &down, &across));
        }
    }
    let (a, c) = (spec.channels_out(), spec.channels_in());
    Layout {
        n_lines: spec.images * spec.in_h,
        parts,
        lines,
        instances: spec.groups,
        steps: Steps { a, b: a, c },
        side_by_side: true,
        line_rows: spec.in_w,
        ld: spec.c_in,
        long_rows: false,
        exchanged: false,
        scatter: None,
    }
}

/// `spread[pixel, (tap, ci)] = dy[pixel, co] w[(tap, ci), co]^T`, added up by [`Scatter`].
fn spread_input_grad(spec: &ConvSpec) -> Layout {
    let width = spec.taps() * spec.c_in;
    let part = Part {
        left: Left { source: Source::Dense { ld: spec.c_out }, slabs: false },
        right: Right::Columns { ld: spec.c_out, segment: spec.c_out, offsets: vec![0] },
        m: spec.out_pixels(),
        n: width,
        k: spec.c_out,
        rows: RowMap::dense(width),
    };
    let mut layout = spec.layout(part, Steps::default());
    layout.n_lines = spec.images * spec.in_h;
    layout.line_rows = spec.in_w;
    layout.ld = spec.c_in;
    layout.long_rows = true;
    layout.scatter = Some(Scatter::new(spec));
    layout
}

/// The pixels of one direction that the same taps meet.
struct Residue {
    /// The first such pixel of dx.
    first: usize,
    /// Their windows over dy.
    axis: Axis,
    /// The kernel's tap under each tap of the window.
    taps: Vec<usize>,
}

/// The residues of one direction that have pixels.
fn residues(spec: &ConvSpec, i: usize) -> Vec<Residue> {
    let (stride, pad, dilation) = (spec.stride[i], spec.pad[i], spec.dilation[i]);
    let (taps, size, out) = match i {
        0 => (spec.k_h, spec.in_h, spec.out_h()),
        _ => (spec.k_w, spec.in_w, spec.out_w()),
    };
    let of = |first: usize| {
        // dx[p] gets dy[(p + pad - tap * dilation) / stride] for the taps that divide.
        let at = |tap: usize| (first + pad) as isize - (tap * dilation) as isize;
        let meets = |tap: &usize| at(*tap).rem_euclid(stride as isize) == 0;
        let taps: Vec<usize> = (0..taps).rev().filter(meets).collect();
        let pixel = |tap: &usize| at(*tap).div_euclid(stride as isize);
        let origin = taps.first().map_or(0, pixel);
        let apart = taps.get(1).map_or(1, |tap| (pixel(tap) - origin) as usize);
        let count = (size - first).div_ceil(stride);
        let axis = Axis { count, step: 1, origin, taps: taps.len(), dilation: apart, size: out };
        Residue { first, axis, taps }
    };
    (0..stride.min(size)).map(of).collect()
}

fn input_grad_part(spec: &ConvSpec, down: &Residue, across: &Residue) -> Part {
    let tap_len = spec.channels_in() * spec.c_out;
    let offset = |ky: usize, kx: usize| (ky * spec.k_w + kx) * tap_len;
    let offsets: Vec<usize> =
        down.taps.iter().flat_map(|&y| across.taps.iter().map(move |&x| offset(y, x))).collect();
    let patches = Patches {
        y: down.axis.clone(),
        x: across.axis.clone(),
        channels: spec.channels_out(),
        pixel_stride: spec.c_out,
    };
    let (inner, middle) = (spec.stride[1] * spec.c_in, spec.stride[0] * spec.in_w * spec.c_in);
    Part {
        m: spec.images * down.axis.count * across.axis.count,
        n: spec.channels_in(),
        k: patches.width(),
        left: Left { source: Source::Patches(patches), slabs: false },
        right: Right::Columns { ld: spec.c_out, segment: spec.channels_out(), offsets },
        rows: RowMap {
            origin: (down.first * spec.in_w + across.first) * spec.c_in,
            inner: (across.axis.count, inner),
            middle: (down.axis.count, middle),
            outer: spec.in_h * spec.in_w * spec.c_in,
        },
    }
}
