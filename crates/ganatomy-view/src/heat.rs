//! The discriminator's surface as a background, with the line where D(x) = 1/2.

use ganatomy_record::Surface;

use crate::axes::{Plot, SMALL};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{Colour, INK, QUIET, diverging};
use crate::text::Align;
use crate::{Picture, ViewError};

/// Width of the line D(x) = 1/2, in pixels.
const BOUNDARY: f32 = 1.4;
/// D(x) is drawn in this many even bands, which are easy to compare with the scale.
const BANDS: usize = 20;

/// A surface whose sizes have been checked.
pub(crate) struct Heat<'a> {
    surface: &'a Surface,
}

impl<'a> Heat<'a> {
    /// Accepts a surface of at least 2x2 logits over an extent that is not empty.
    pub(crate) fn of(surface: &'a Surface) -> Result<Heat<'a>, ViewError> {
        let Surface { width, height, extent, ref logits } = *surface;
        let what = format!("a surface of {width}x{height} logits over {extent:?}");
        let [left, right, bottom, top] = extent;
        // Written so that an extent of NaN is refused as well.
        let spanned = left < right && bottom < top && extent.iter().all(|v| v.is_finite());
        if width < 2 || height < 2 || !spanned {
            return Err(ViewError::Empty { what });
        }
        let expected = width.saturating_mul(height);
        if logits.len() != expected {
            return Err(ViewError::Length { what, expected, found: logits.len() });
        }
        Ok(Heat { surface })
    }

    /// The logit at a point, bilinear between the nodes; `None` outside the extent.
    ///
    /// Nodes stand on the border too: column 0 at xmin, the last column at xmax.
    fn logit(&self, x: f32, y: f32) -> Option<f32> {
        let Surface { width, height, extent: [left, right, bottom, top], ref logits } = *self.surface;
        let u = (x - left) / (right - left) * (width - 1) as f32;
        let v = (y - bottom) / (top - bottom) * (height - 1) as f32;
        if !(0.0..=(width - 1) as f32).contains(&u) || !(0.0..=(height - 1) as f32).contains(&v) {
            return None;
        }
        let (column, row) = ((u as usize).min(width - 2), (v as usize).min(height - 2));
        let (u, v) = (u - column as f32, v - row as f32);
        let node = |r: usize, c: usize| logits[r * width + c];
        let low = node(row, column) * (1.0 - u) + node(row, column + 1) * u;
        let high = node(row + 1, column) * (1.0 - u) + node(row + 1, column + 1) * u;
        Some(low * (1.0 - v) + high * v)
    }

    /// Paints the plot's inside.
    pub(crate) fn draw(&self, picture: &mut Picture, plot: &Plot) {
        let (left, right) = (plot.area.left as i32, plot.area.right as i32);
        let (top, bottom) = (plot.area.top as i32, plot.area.bottom as i32);
        let bands = Bands::new();
        let mut above = self.row(plot, top);
        for py in top..bottom {
            let below = self.row(plot, py + 1);
            for (i, px) in (left..right).enumerate() {
                let Some(logit) = above[i] else { continue };
                let (px, row) = (px as usize, py as usize);
                picture.set(px, row, bands.colour(sigmoid(logit)));
                if let (Some(beside), Some(under)) = (above[i + 1], below[i]) {
                    let coverage = boundary(logit, beside - logit, under - logit);
                    if coverage > 0.0 {
                        picture.mix(px, row, INK, coverage * 0.65);
                    }
                }
            }
            above = below;
        }
    }

    /// The logits at the middles of a row of pixels, and at one pixel more.
    fn row(&self, plot: &Plot, py: i32) -> Vec<Option<f32>> {
        let Area { left, right, top, bottom } = plot.area;
        let along = |share: f32, low: f64, high: f64| (low + f64::from(share) * (high - low)) as f32;
        let share_y = (bottom - py as f32 - 0.5) / (bottom - top);
        let y = along(share_y, plot.y.low, plot.y.high);
        let pixels = left as i32..=right as i32;
        let share_x = |px: i32| (px as f32 + 0.5 - left) / (right - left);
        pixels.map(|px| self.logit(along(share_x(px), plot.x.low, plot.x.high), y)).collect()
    }
}

/// How much of a pixel the line D(x) = 1/2 covers, from its logit and the change to its neighbours.
fn boundary(logit: f32, slope_x: f32, slope_y: f32) -> f32 {
    // |logit| / |gradient| is the distance to the line in pixels. A surface that is zero all over
    // gives NaN, which the caller takes as no line, as it should.
    let distance = logit.abs() / slope_x.hypot(slope_y);
    (BOUNDARY / 2.0 + 0.5 - distance).clamp(0.0, 1.0)
}

/// The scale of the background colours, right of the plot.
pub(crate) fn draw_scale(canvas: &mut Canvas, plot: &Plot) {
    let (left, right) = (plot.area.right + 22.0, plot.area.right + 38.0);
    let (top, bottom) = (plot.area.top + 40.0, plot.area.bottom - 40.0);
    let band = (bottom - top) / BANDS as f32;
    for (i, colour) in Bands::new().0.into_iter().enumerate() {
        let bottom = bottom - i as f32 * band;
        canvas.fill(Area { left, top: bottom - band, right, bottom }, colour);
    }
    canvas
        .outline(Area { left: left - 0.5, top: top - 0.5, right: right + 0.5, bottom: bottom + 0.5 }, QUIET);
    let beside = Style::of(SMALL).placed(Align::Start, Align::Middle);
    for (value, label) in [(0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1")] {
        let y = bottom - value * (bottom - top);
        canvas.line((right, y), (right + 4.0, y), 1.0, QUIET);
        canvas.text(label, (right + 7.0, y), beside);
    }
    let middle = (left + right) / 2.0;
    let above = Style::of(SMALL).placed(Align::Middle, Align::End);
    canvas.text("D(x)", (middle, top - 22.0), above);
    canvas.text("real", (middle, top - 5.0), above);
    canvas.text("fake", (middle, bottom + 5.0), above.placed(Align::Middle, Align::Start));
}

/// The colours of the bands, D(x) = 0 first.
struct Bands([Colour; BANDS]);

impl Bands {
    fn new() -> Bands {
        Bands(std::array::from_fn(|band| diverging(band as f32 / (BANDS - 1) as f32)))
    }

    fn colour(&self, probability: f32) -> Colour {
        if probability.is_nan() {
            return diverging(probability);
        }
        let band = (probability * BANDS as f32) as usize;
        self.0[band.min(BANDS - 1)]
    }
}

/// The probability of a logit, without overflow on either side.
fn sigmoid(logit: f32) -> f32 {
    if logit >= 0.0 { 1.0 / (1.0 + (-logit).exp()) } else { logit.exp() / (1.0 + logit.exp()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(x: f32, y: f32, expected: Option<f32>) {
        let surface = Surface {
            width: 3,
            height: 2,
            extent: [-1.0, 1.0, 0.0, 1.0],
            logits: vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0],
        };
        assert_eq!(Heat::of(&surface).unwrap().logit(x, y), expected, "at ({x}, {y})");
    }

    #[test]
    fn logits_are_bilinear_between_nodes() {
        check(-1.0, 0.0, Some(0.0));
        check(1.0, 1.0, Some(12.0));
        check(0.5, 0.0, Some(1.5));
        check(-1.0, 0.5, Some(5.0));
        check(1.5, 0.5, None);
    }

    #[test]
    fn sigmoid_does_not_overflow() {
        assert_eq!([sigmoid(-1e4), sigmoid(0.0), sigmoid(1e4)], [0.0, 0.5, 1.0]);
    }

    #[test]
    fn surfaces_of_wrong_size_are_refused() {
        let surface = |n: usize, right: f32| Surface {
            width: 2,
            height: 2,
            extent: [0.0, right, 0.0, 1.0],
            logits: vec![0.0; n],
        };
        assert!(matches!(Heat::of(&surface(3, 1.0)), Err(ViewError::Length { .. })));
        assert!(matches!(Heat::of(&surface(4, f32::NAN)), Err(ViewError::Empty { .. })));
        assert!(matches!(Heat::of(&surface(4, 0.0)), Err(ViewError::Empty { .. })));
    }
}
