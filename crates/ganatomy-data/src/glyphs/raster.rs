//! Draws a pen path on paper, smooth at its edges.

use super::pen::Drawing;

/// Inks the drawing into an image: −1 is paper, 1 is ink.
///
/// The value comes from each pixel centre's distance d to the path less the pen's radius: full ink inside,
/// none outside, and a smooth step over a pixel or two between.
///
/// # Shapes
/// `image`: size × size.
pub(super) fn ink(drawing: &Drawing, size: usize, image: &mut [f32]) {
    // The image holds distances until the last line, so no second buffer is needed.
    distances(drawing, size, image);
    image.iter_mut().for_each(|x| *x = inked(*x, size));
}

/// Draws the edge of a drawing, a line just inside the ink, and beside it the drawing itself.
///
/// # Shapes
/// `pair`: size × size × 2, the edge first; `work`: size × size.
pub(super) fn edge_and_ink(drawing: &Drawing, size: usize, work: &mut [f32], pair: &mut [f32]) {
    distances(drawing, size, work);
    let line = (LINE * size as f32).max(1.0);
    for (&distance, pixel) in work.iter().zip(pair.chunks_exact_mut(2)) {
        pixel.copy_from_slice(&[inked(distance.max(-distance - line), size), inked(distance, size)]);
    }
}

/// How much ink a pixel at this distance from the edge has.
fn inked(distance: f32, size: usize) -> f32 {
    let softness = SOFTNESS * (size as f32 / 28.0).clamp(0.5, 1.0);
    let t = (0.5 - distance / softness).clamp(0.0, 1.0);
    2.0 * (t * t * (3.0 - 2.0 * t)) - 1.0
}

/// The distance of every pixel from the edge of the ink, negative inside; pixels far from it hold [`FAR`].
fn distances(drawing: &Drawing, size: usize, image: &mut [f32]) {
    image.fill(FAR);
    let mut start = 0;
    for &end in &drawing.ends {
        for pair in drawing.points[start..end].windows(2) {
            near(pair[0], pair[1], size, image);
        }
        start = end;
    }
}

/// Farther than any pixel.
const FAR: f32 = 1e9;
/// Width of the edge, pixels.
const SOFTNESS: f32 = 1.7;
/// Width of the line along an edge, as a share of the side; at least a pixel.
const LINE: f32 = 0.06;

/// Lowers every pixel's distance to its distance from the segment a–b, whose ends carry the pen's radius.
fn near(a: [f32; 3], b: [f32; 3], size: usize, distances: &mut [f32]) {
    let reach = a[2].max(b[2]) + 0.5 * SOFTNESS;
    let columns = span(a[0], b[0], reach, size);
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let per_square = 1.0 / (dx * dx + dy * dy).max(1e-12);
    for row in span(a[1], b[1], reach, size) {
        let y = row as f32 + 0.5 - a[1];
        let pixels = &mut distances[row * size..][columns.clone()];
        for (column, pixel) in columns.clone().zip(pixels) {
            let x = column as f32 + 0.5 - a[0];
            let t = ((x * dx + y * dy) * per_square).clamp(0.0, 1.0);
            let (off_x, off_y) = (x - t * dx, y - t * dy);
            let distance = (off_x * off_x + off_y * off_y).sqrt() - (a[2] + t * (b[2] - a[2]));
            *pixel = pixel.min(distance);
        }
    }
}

/// The pixels whose centres lie within `reach` of the interval from `a` to `b`.
fn span(a: f32, b: f32, reach: f32, size: usize) -> std::ops::Range<usize> {
    // A cast from a negative or too large float saturates, which is the clamp that is wanted.
    let low = (a.min(b) - reach - 0.5).ceil() as usize;
    let high = (a.max(b) + reach + 0.5).floor() as usize;
    low.min(size)..high.min(size)
}
