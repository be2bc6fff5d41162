//! The arrows of a vector field on a grid.

use crate::axes::{Axis, Plot};
use crate::canvas::{Canvas, Point};
use crate::colour::ARROW;

/// Each arrow has a square of this side, in pixels.
const CELL: f32 = 30.0;
/// The lengths of the weakest and the strongest arrow, in pixels.
const LENGTHS: (f32, f32) = (7.0, 25.0);

/// Draws an arrow in the middle of each cell, longer where the field is stronger.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, field: &dyn Fn([f64; 2]) -> [f64; 2]) {
    let width = plot.area.right - plot.area.left;
    let n = (width / CELL) as usize;
    let middle = |axis: &Axis, k: usize| axis.low + (k as f64 + 0.5) / n as f64 * (axis.high - axis.low);
    let cells = (0..n * n).map(|i| [middle(&plot.x, i % n), middle(&plot.y, i / n)]);
    let arrows: Vec<Arrow> = cells.filter_map(|[x, y]| Arrow::of(plot.place(x, y), field([x, y]))).collect();
    let most = strong(&arrows);
    let strokes = arrows.iter().flat_map(|arrow| arrow.strokes(most)).collect();
    canvas.strokes(strokes, 1.1, ARROW);
}

/// A direction of length 1 in pixels, and the field's strength.
struct Arrow {
    at: Point,
    along: (f32, f32),
    strength: f64,
}

impl Arrow {
    /// `None` where the field has no direction.
    fn of(at: Point, [x, y]: [f64; 2]) -> Option<Arrow> {
        let strength = x.hypot(y);
        let directed = strength > 0.0 && strength.is_finite();
        directed.then(|| Arrow { at, along: ((x / strength) as f32, (-y / strength) as f32), strength })
    }

    /// The shaft and the head of an arrow that has its middle at the point.
    fn strokes(&self, most: f64) -> [Vec<Point>; 2] {
        // With the square root, weak arrows near an equilibrium are still visible next to strong ones.
        let share = (self.strength / most).min(1.0).sqrt() as f32;
        let length = LENGTHS.0 + share * (LENGTHS.1 - LENGTHS.0);
        let (dx, dy) = self.along;
        let from_middle = |along: f32, across: f32| {
            (self.at.0 + along * dx - across * dy, self.at.1 + along * dy + across * dx)
        };
        let (tip, barb) = (length / 2.0, (length * 0.3).min(5.0));
        let shaft = vec![from_middle(-tip, 0.0), from_middle(tip, 0.0)];
        let side = |s: f32| from_middle(tip - barb, s * barb * 0.6);
        [shaft, vec![side(1.0), from_middle(tip, 0.0), side(-1.0)]]
    }
}

/// The strength that gives an arrow its full length: the 95th percentile, as a field may have a pole.
fn strong(arrows: &[Arrow]) -> f64 {
    let mut strengths: Vec<f64> = arrows.iter().map(|arrow| arrow.strength).collect();
    strengths.sort_unstable_by(f64::total_cmp);
    strengths.get(strengths.len() * 19 / 20).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(direction: [f64; 2], most: f64, expected: Option<[Point; 2]>) {
        let found = Arrow::of((50.0, 50.0), direction).map(|arrow| {
            let [shaft, head] = arrow.strokes(most);
            assert_eq!(shaft[1], head[1], "the head sits on the tip");
            [shaft[0], shaft[1]].map(|(x, y)| ((x * 10.0).round() / 10.0, (y * 10.0).round() / 10.0))
        });
        assert_eq!(found, expected, "of {direction:?}");
    }

    #[test]
    fn arrows_point_along_the_field_and_up_is_up() {
        check([2.0, 0.0], 2.0, Some([(37.5, 50.0), (62.5, 50.0)]));
        check([0.0, 0.5], 2.0, Some([(50.0, 58.0), (50.0, 42.0)]));
        check([0.0, -9e9], 2.0, Some([(50.0, 37.5), (50.0, 62.5)]));
        check([0.0, 0.0], 2.0, None);
        check([f64::NAN, 1.0], 2.0, None);
        check([f64::INFINITY, 1.0], 2.0, None);
    }
}
