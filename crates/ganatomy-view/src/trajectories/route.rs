//! A path as the fewest lines that look the same.

use std::collections::HashSet;

use crate::axes::Plot;
use crate::canvas::Point;

/// Points nearer than this to the one before are left out, in pixels.
const NEAR: f64 = 0.4;
/// Lines are cut off this far outside the plot, in pixels.
const MARGIN: f64 = 4.0;
/// Lines whose ends agree to this many pixels are drawn once.
const SAME: f64 = 0.5;
/// Lines with both ends farther out than this, in pixels, are left out: rounding decides where they run.
const FAR: f64 = 1e9;

/// The pixels of a path, cut where it leaves the plot and where it would repeat itself.
///
/// So a path that goes round for ever has no more lines than there are pixels on its way.
pub(super) fn pieces(points: &[[f64; 2]], plot: &Plot) -> Vec<Vec<Point>> {
    let frame = Frame::of(plot);
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut drawn = HashSet::new();
    let mut before: Option<[f64; 2]> = None;
    for point in points {
        let here = frame.pixel(plot, *point);
        let (Some(a), Some(b)) = (before, here) else {
            before = here;
            continue;
        };
        if (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) < NEAR {
            continue;
        }
        before = here;
        if let Some((a, b)) = frame.cut(a, b)
            && drawn.insert([a[0], a[1], b[0], b[1]].map(|v| (v / SAME).round() as i64))
        {
            let [a, b] = [a, b].map(|[x, y]| (x as f32, y as f32));
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&a) => piece.push(b),
                _ => pieces.push(vec![a, b]),
            }
        }
    }
    pieces
}

/// The box beyond which nothing is drawn.
struct Frame {
    low: [f64; 2],
    high: [f64; 2],
}

impl Frame {
    fn of(plot: &Plot) -> Frame {
        let area = plot.area;
        let low = [area.left, area.top].map(|v| f64::from(v) - MARGIN);
        Frame { low, high: [area.right, area.bottom].map(|v| f64::from(v) + MARGIN) }
    }

    /// The pixel of a point; `None` if it has none.
    fn pixel(&self, plot: &Plot, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let shares = [plot.x.position(x), 1.0 - plot.y.position(y)];
        let place = |i: usize| {
            let (low, high) = (self.low[i] + MARGIN, self.high[i] - MARGIN);
            low + shares[i] * (high - low)
        };
        let pixel = [place(0), place(1)];
        pixel.iter().all(|v| v.is_finite()).then_some(pixel)
    }

    /// The part of a line inside, if there is one (Liang and Barsky, 1984).
    fn cut(&self, a: [f64; 2], b: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
        let far = |p: [f64; 2]| p[0].abs().max(p[1].abs());
        if far(a) > far(b) {
            // Counted from its nearer end, a cut is exact however far the other end is.
            return self.cut(b, a).map(|(b, a)| (a, b));
        }
        if far(a) > FAR {
            return None;
        }
        let (mut from, mut to) = (0f64, 1f64);
        for i in 0..2 {
            let way = b[i] - a[i];
            if way == 0.0 {
                if a[i] < self.low[i] || a[i] > self.high[i] {
                    return None;
                }
                continue;
            }
            let (s, t) = ((self.low[i] - a[i]) / way, (self.high[i] - a[i]) / way);
            from = from.max(s.min(t));
            to = to.min(s.max(t));
        }
        let at = |share: f64| std::array::from_fn(|i| a[i] + share * (b[i] - a[i]));
        // Ends that are inside stay exactly what they are, so that neighbouring lines join.
        let start = if from > 0.0 { at(from) } else { a };
        (from < to).then(|| (start, if to < 1.0 { at(to) } else { b }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axes::Axis;
    use crate::canvas::Area;

    /// On a plot of 100 x 100 pixels, one a unit, y upwards.
    fn drawn(points: &[[f64; 2]]) -> Vec<Vec<Point>> {
        let axis = || Axis { low: 0.0, high: 100.0, ..Axis::default() };
        let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        pieces(points, &Plot { area, x: axis(), y: axis() })
    }

    fn check(points: &[[f64; 2]], expected: &[&[Point]]) {
        let found = drawn(points);
        let close = |a: &Point, b: &Point| (a.0 - b.0).abs() < 1e-3 && (a.1 - b.1).abs() < 1e-3;
        let same = found.len() == expected.len()
            && found.iter().zip(expected).all(|(piece, wanted)| {
                piece.len() == wanted.len() && piece.iter().zip(*wanted).all(|(a, b)| close(a, b))
            });
        assert!(same, "{points:?} became {found:?}");
    }

    #[test]
    fn paths_are_cut_at_the_edge() {
        check(&[], &[]);
        check(&[[1.0, 1.0]], &[]);
        check(&[[10.0, 10.0], [20.0, 10.0], [20.0, 30.0]], &[&[(10.0, 90.0), (20.0, 90.0), (20.0, 70.0)]]);
        check(
            &[[50.0, 50.0], [50.0, 250.0], [60.0, 250.0], [60.0, 50.0]],
            &[&[(50.0, 50.0), (50.0, -4.0)], &[(60.0, -4.0), (60.0, 50.0)]],
        );
        check(&[[50.0, 50.0], [f64::NAN, 0.0], [60.0, 50.0]], &[]);
        check(&[[50.0, 50.0], [1e200, 50.0], [f64::INFINITY, 0.0]], &[&[(50.0, 50.0), (104.0, 50.0)]]);
        check(&[[1e200, -1e200], [50.0, 50.0]], &[&[(104.0, 104.0), (50.0, 50.0)]]);
        check(&[[-1e30, 1e20], [1e30, 1e20]], &[]);
    }

    #[test]
    fn lines_of_the_same_look_are_drawn_once() {
        check(&[[10.0, 10.0], [10.1, 10.0], [10.2, 10.0], [20.0, 10.0]], &[&[(10.0, 90.0), (20.0, 90.0)]]);
        let round = |n: usize| -> Vec<[f64; 2]> {
            let angle = |k: usize| k as f64 * 0.1;
            (0..n).map(|k| [50.0 + 40.0 * angle(k).cos(), 50.0 + 40.0 * angle(k).sin()]).collect()
        };
        let n: usize = drawn(&round(100_000)).iter().map(Vec::len).sum();
        assert!(n < 6000, "a circle of 251 pixels takes {n} points");
    }
}
