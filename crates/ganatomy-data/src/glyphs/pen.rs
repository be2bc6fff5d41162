//! The hand: turns an outline into a path of pen points, different every time.

use std::f32::consts::TAU;

use super::outlines::{DIGITS, Knot};
use crate::keyed::Keyed;

/// The path of a pen over the paper.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawing {
    /// x, y and the pen's radius there, in pixels.
    pub(super) points: Vec<[f32; 3]>,
    /// Where each stroke ends among the points.
    pub(super) ends: Vec<usize>,
    knots: Vec<[f32; 2]>,
    lengths: Vec<f32>,
    tangents: Vec<[f32; 2]>,
}

/// Standard deviation of each knot's own move, as a share of the digit's height.
const KNOT_STD: f32 = 0.022;
/// The most that the pen's radius swells or fades, as a share of it.
const PRESSURE: f32 = 0.25;
/// How much larger a broad pen's radius is, as a share of the side.
const BROADER: f32 = 0.05;
/// The scale of a broad pen's drawing.
const SMALLER: f32 = 0.88;
/// Pieces of straight line between two knots.
const N_PIECES: usize = 5;

impl Drawing {
    /// Writes `digit` on a square of side `size`, different every time.
    pub(super) fn write(&mut self, digit: usize, size: usize, stream: &mut Keyed) {
        self.points.clear();
        self.ends.clear();
        let outlines = DIGITS[digit];
        for stroke in outlines[stream.below(outlines.len() as u64) as usize] {
            self.trace(stroke, stream);
        }
        self.bend(stream);
        let radius = stream.between(0.026, 0.062);
        self.place(size as f32, radius, stream);
        self.press(size as f32 * radius, stream);
    }

    /// Gives the drawing a broad pen, and makes it a little smaller about the middle of the paper so that it still fits.
    pub(super) fn broaden(&mut self, size: f32) {
        let (middle, more) = (0.5 * size, BROADER * size);
        for [x, y, radius] in &mut self.points {
            (*x, *y) = (middle + SMALLER * (*x - middle), middle + SMALLER * (*y - middle));
            *radius += more;
        }
    }

    /// Adds one stroke: a Hermite spline through its knots, each moved a little.
    fn trace(&mut self, stroke: &[Knot], stream: &mut Keyed) {
        self.knots.clear();
        self.knots.extend(stroke.iter().map(|knot| knot.at.map(|x| x + KNOT_STD * stream.normal())));
        self.lengths.clear();
        self.lengths.extend(self.knots.windows(2).map(|w| distance(w[0], w[1]).max(1e-3)));
        self.tangents.clear();
        self.tangents.extend((0..self.knots.len()).map(|i| inner_tangent(&self.knots, &self.lengths, i)));
        let is_end = |i: usize| i == 0 || i + 1 == stroke.len() || stroke[i].corner;
        self.push_point(self.knots[0]);
        for i in 0..self.lengths.len() {
            let (a, b, length) = (self.knots[i], self.knots[i + 1], self.lengths[i]);
            let chord = scale(sub(b, a), 1.0 / length);
            let (mut from, mut to) = (self.tangents[i], self.tangents[i + 1]);
            // At an end or a corner the tangent is that of a parabola, and ignores what lies beyond.
            match (is_end(i), is_end(i + 1)) {
                (true, true) => (from, to) = (chord, chord),
                (true, false) => from = sub(scale(chord, 1.5), scale(to, 0.5)),
                (false, true) => to = sub(scale(chord, 1.5), scale(from, 0.5)),
                (false, false) => {}
            }
            for piece in 1..=N_PIECES {
                self.push_point(hermite(
                    a,
                    b,
                    scale(from, length),
                    scale(to, length),
                    piece as f32 / N_PIECES as f32,
                ));
            }
        }
        self.ends.push(self.points.len());
    }

    fn push_point(&mut self, [x, y]: [f32; 2]) {
        self.points.push([x, y, 0.0]);
    }

    /// Bends the paper: u(p) = Σ aₖ·sin(2π fₖ·p + φₖ) with wavelengths near the digit's height.
    fn bend(&mut self, stream: &mut Keyed) {
        let waves: [([f32; 2], [f32; 2], f32); 2] = std::array::from_fn(|_| {
            let amplitude = [0.032 * stream.normal(), 0.032 * stream.normal()];
            let frequency = [stream.between(-1.0, 1.0), stream.between(-1.0, 1.0)];
            (amplitude, frequency, stream.uniform())
        });
        for point in &mut self.points {
            let [x, y, _] = *point;
            for (amplitude, frequency, phase) in waves {
                let wave = (TAU * (frequency[0] * x + frequency[1] * y + phase)).sin();
                point[0] += amplitude[0] * wave;
                point[1] += amplitude[1] * wave;
            }
        }
    }

    /// Rotates, slants and stretches the digit, and sets it near the middle of the paper.
    ///
    /// `radius` is the pen's, as a share of `size`.
    fn place(&mut self, size: f32, radius: f32, stream: &mut Keyed) {
        let (sin, cos) = (0.12 * stream.normal()).clamp(-0.3, 0.3).sin_cos();
        let slant = (0.12 + 0.2 * stream.normal()).clamp(-0.35, 0.6);
        let stretch = stream.between(0.85, 1.35);
        for point in &mut self.points {
            let (x, y) = ((point[0] - 0.5) * stretch, point[1] - 0.5);
            // y points down, so a slant to the right moves the top, where y is negative, to larger x.
            let x = x - slant * y;
            (point[0], point[1]) = (cos * x - sin * y, sin * x + cos * y);
        }
        let (low, high) = bounds(&self.points);
        let extent = (high[0] - low[0]).max(high[1] - low[1]).max(1e-3);
        let height = stream.between(0.58, 0.72);
        let zoom = size * height / extent;
        // The thickest pen must stay more than a pixel away from the edge of the paper.
        let room = 0.5 - 0.5 * height - (1.0 + PRESSURE) * radius - 1.2 / size;
        let reach = room.clamp(0.0, 0.05);
        let shift = [0, 1].map(|axis| {
            let middle = 0.5 * (low[axis] + high[axis]);
            size * (0.5 + stream.between(-reach, reach)) - zoom * middle
        });
        for point in &mut self.points {
            (point[0], point[1]) = (zoom * point[0] + shift[0], zoom * point[1] + shift[1]);
        }
    }

    /// Gives the pen its radius, and lets the pressure swell and fade along the path.
    fn press(&mut self, radius: f32, stream: &mut Keyed) {
        let (depth, turns, phase) =
            (stream.between(0.0, PRESSURE), stream.between(0.3, 1.5), stream.uniform());
        let n = self.points.len() as f32;
        for (i, point) in self.points.iter_mut().enumerate() {
            point[2] = radius * (1.0 + depth * (TAU * (turns * i as f32 / n + phase)).sin());
        }
    }
}

/// The unit-speed tangent at an inner knot: neighbouring chords weighted by the other's length (a parabola's).
fn inner_tangent(knots: &[[f32; 2]], lengths: &[f32], i: usize) -> [f32; 2] {
    if i == 0 || i + 1 == knots.len() {
        return [0.0; 2];
    }
    let (before, after) = (lengths[i - 1], lengths[i]);
    let chord_in = scale(sub(knots[i], knots[i - 1]), after / before);
    let chord_out = scale(sub(knots[i + 1], knots[i]), before / after);
    scale([chord_in[0] + chord_out[0], chord_in[1] + chord_out[1]], 1.0 / (before + after))
}

/// The cubic from `a` to `b` with these derivatives at its ends, at time `t`.
fn hermite(a: [f32; 2], b: [f32; 2], from: [f32; 2], to: [f32; 2], t: f32) -> [f32; 2] {
    let (square, cube) = (t * t, t * t * t);
    let weights =
        [2.0 * cube - 3.0 * square + 1.0, cube - 2.0 * square + t, 3.0 * square - 2.0 * cube, cube - square];
    [0, 1].map(|axis| {
        weights[0] * a[axis] + weights[1] * from[axis] + weights[2] * b[axis] + weights[3] * to[axis]
    })
}

fn bounds(points: &[[f32; 3]]) -> ([f32; 2], [f32; 2]) {
    points.iter().fold(([f32::MAX; 2], [f32::MIN; 2]), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    })
}

fn sub(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

fn scale(a: [f32; 2], factor: f32) -> [f32; 2] {
    [a[0] * factor, a[1] * factor]
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
