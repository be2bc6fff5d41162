//! The distance to the equilibrium over the steps.

use super::Path;
use super::scene::look;
use crate::axes::{Axis, Plot};
use crate::canvas::{Area, Canvas};
use crate::colour::shade;
use crate::curves::padded;
use crate::thin::envelope;

/// Distances are shown up to this many times the largest at the start, ...
const FARTHEST: f64 = 1e6;
/// ... and down to this share of it: smaller ones are rounding errors.
const NEAREST: f64 = 1e-17;

/// Widths of the measured line and of theory's, in pixels: where they agree, both are visible.
const LINE: f32 = 2.8;
const THEORY: f32 = 1.2;

/// The axes that hold the distances of all paths; `None` if there is none to draw.
pub(super) fn plot(paths: &[Path<'_>], equilibrium: [f64; 2], area: Area) -> Option<Plot> {
    let drawable = |d: &f64| d.is_finite() && *d > 0.0;
    let lines: Vec<Vec<(u64, f64)>> = paths.iter().map(|path| readings(path.points, equilibrium)).collect();
    let all = || lines.iter().flatten().map(|(_, d)| *d).filter(drawable);
    let (low, high) = all().fold((f64::INFINITY, 0f64), |(low, high), d| (low.min(d), high.max(d)));
    if high == 0.0 {
        return None;
    }
    let starts = lines.iter().filter_map(|line| line.first()).map(|(_, d)| *d).filter(drawable);
    let start = starts.fold(0.0, f64::max);
    let (low, high) = match start > 0.0 {
        true => (low.max(start * NEAREST), high.min(start * FARTHEST)),
        false => (low, high),
    };
    let (low, high) = padded(low, high, true);
    let steps = lines.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1).max(1);
    let x = Axis { low: 0.0, high: steps as f64, whole: true, name: "step".to_owned(), ..Axis::default() };
    let y = Axis {
        low,
        high,
        log: true,
        name: "distance to the equilibrium (log scale)".to_owned(),
        ..Axis::default()
    };
    Some(Plot { area, x, y })
}

/// Draws the first `n` distances of each path, all of theory, and the mark of the path at its last point.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, paths: &[Path<'_>], equilibrium: [f64; 2], n: usize) {
    let columns = (plot.area.right - plot.area.left) as usize;
    let mut ends = Vec::new();
    canvas.clip(Some(plot.area));
    for (i, path) in paths.iter().enumerate() {
        let readings = readings(&path.points[..path.points.len().min(n)], equilibrium);
        let runs = plot.runs(&envelope(&readings, columns));
        ends.extend(runs.last().and_then(|run| run.last()).map(|at| (i, *at)));
        canvas.strokes(runs, LINE, look(i).0);
    }
    for (i, path) in paths.iter().enumerate() {
        let steps = path.points.len().saturating_sub(1);
        let start = readings(&path.points[..path.points.len().min(1)], equilibrium);
        if let (Some((_, start)), Some(factor)) = (start.first(), path.theory) {
            draw_theory(canvas, plot, (*start, factor, steps), i);
        }
    }
    canvas.clip(None);
    for (i, at) in ends.into_iter().filter(|(_, at)| plot.area.holds(*at)) {
        let (colour, end) = look(i);
        end.draw(canvas, at, colour);
    }
}

/// Draws start * factor^t for t up to `steps`: a straight line, as the axis is logarithmic.
fn draw_theory(canvas: &mut Canvas, plot: &Plot, (start, factor, steps): (f64, f64, usize), i: usize) {
    let (from, to) = (plot.y.position(start), plot.y.position(start * factor));
    let last = from + (to - from) * steps as f64;
    if steps == 0 || !last.is_finite() || !from.is_finite() {
        return;
    }
    // Cut at the edge, as a line that diverges would be dashed for ever.
    let edge = if last > from { 1.05 } else { -0.05 };
    let share =
        if (-0.05..=1.05).contains(&last) { 1.0 } else { ((edge - from) / (last - from)).clamp(0.0, 1.0) };
    let Area { left, right, top, bottom } = plot.area;
    let x = |share: f64| left + (plot.x.position(share * steps as f64) as f32) * (right - left);
    let y = |position: f64| bottom - position as f32 * (bottom - top);
    let ends = ((x(0.0), y(from)), (x(share), y(from + share * (last - from))));
    canvas.dashes(ends.0, ends.1, THEORY, shade(look(i).0, 0.3));
}

/// (step, distance), NaN where the point is NaN.
fn readings(points: &[[f64; 2]], equilibrium: [f64; 2]) -> Vec<(u64, f64)> {
    let distance = |p: &[f64; 2]| (p[0] - equilibrium[0]).hypot(p[1] - equilibrium[1]);
    (0..).zip(points.iter().map(distance)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vertical axis of paths with these distances.
    fn check(paths: &[&[f64]], expected: Option<(f64, f64)>) {
        let points: Vec<Vec<[f64; 2]>> =
            paths.iter().map(|path| path.iter().map(|d| [1.0, 2.0 + d]).collect()).collect();
        let paths: Vec<Path> = points.iter().map(|points| Path { name: "p", points, theory: None }).collect();
        let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        let found = plot(&paths, [1.0, 2.0], area).map(|plot| (plot.y.low, plot.y.high));
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-6;
        let same = match (found, expected) {
            (Some(found), Some(expected)) => {
                let (low, high) = padded(expected.0, expected.1, true);
                close(found.0, low) && close(found.1, high)
            }
            (found, expected) => found.is_none() && expected.is_none(),
        };
        assert!(same, "{points:?} span {found:?}, not {expected:?}");
    }

    #[test]
    fn distances_far_beyond_the_start_are_cut() {
        check(&[&[1.0, 2.0, 4.0], &[1.0, 0.5]], Some((0.5, 4.0)));
        check(&[&[1.0, 1e300, f64::INFINITY], &[1.0, 0.25]], Some((0.25, 1e6)));
        check(&[&[f64::NAN, 3.0], &[0.0, 6.0]], Some((3.0, 6.0)));
        check(&[&[0.0, 0.0], &[], &[f64::NAN]], None);
    }

    #[test]
    fn theory_is_a_straight_line_that_ends_at_the_edge() {
        let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        let axis = |low: f64, high: f64, log| Axis { low, high, log, ..Axis::default() };
        let plot = Plot { area, x: axis(0.0, 100.0, false), y: axis(1.0, 100.0, true) };
        let reach = |factor: f64| {
            let mut canvas = Canvas::new(100, 100).ok()?;
            draw_theory(&mut canvas, &plot, (1.0, factor, 100), 0);
            let picture = canvas.finish().picture().ok()?;
            let inked = |x: &usize| (0..100).any(|y| picture.at(*x, y).is_some_and(|p| p[0] < 128));
            (0..100).rfind(inked).map(|x| x / 10)
        };
        assert_eq!(
            [1.04, 1.2, 1.0, 0.0, -1.0, f64::NAN].map(reach),
            [Some(9), Some(2), Some(9), None, None, None]
        );
    }
}
