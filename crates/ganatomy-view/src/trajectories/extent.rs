//! What the plane shows, chosen so that a path that diverges does not make the others too small.

use super::Trajectories;
use crate::ViewError;

/// The plane reaches this much farther than most paths do.
const BEYOND: f64 = 2.0;
/// The farthest start is at least this share of the plane's reach away from the middle.
const LEAST_START: f64 = 0.05;
/// Room on every side, as a share of the whole.
const ROOM: f64 = 0.06;

/// A box: least x, greatest x, least y, greatest y.
type Extent = [f64; 4];

/// The square that the axes span.
pub(super) fn square(what: &Trajectories<'_>) -> Result<Extent, ViewError> {
    let [left, right, bottom, top] = what.extent.unwrap_or_else(|| chosen(what));
    // Halves first, as the sum of two huge numbers is not finite.
    let (x, y) = (left / 2.0 + right / 2.0, bottom / 2.0 + top / 2.0);
    let half = (right / 2.0 - left / 2.0).max(top / 2.0 - bottom / 2.0);
    let found = [x - half, x + half, y - half, y + half];
    // Written so that an extent of NaN is refused as well; finer than that, axes have no ticks.
    let spanned = left < right && bottom < top && half > (x.abs() + y.abs()) * 1e-9;
    if spanned && (2.0 * half).is_finite() && found.iter().all(|v| v.is_finite()) {
        return Ok(found);
    }
    Err(ViewError::Empty { what: format!("a plane over {:?}", [left, right, bottom, top]) })
}

/// The box of the starts, the equilibrium and every point within reach, with some room.
fn chosen(what: &Trajectories<'_>) -> Extent {
    let starts = what.paths.iter().filter_map(|path| path.points.first().copied()).filter(is_finite);
    let anchors: Vec<[f64; 2]> = starts.chain(what.equilibrium.filter(is_finite)).collect();
    let Some(around) = bounds(anchors.iter().copied()) else {
        return [-1.0, 1.0, -1.0, 1.0];
    };
    let middle = what.equilibrium.filter(is_finite).unwrap_or_else(|| middle(around));
    let radius = |p: &[f64; 2]| (p[0] - middle[0]).abs().max((p[1] - middle[1]).abs());
    let paths: Vec<Vec<f64>> = what.paths.iter().map(|path| sorted(path.points.iter().map(radius))).collect();
    let reach = reach(&paths, anchors.iter().map(radius).fold(0.0, f64::max));
    let near = what.paths.iter().flat_map(|path| path.points).copied();
    let near = near.filter(|p| is_finite(p) && radius(p) <= reach);
    let [left, right, bottom, top] = bounds(near.chain(anchors.iter().copied())).unwrap_or(around);
    let room = (right - left).max(top - bottom) * ROOM;
    let room = if room > 0.0 { room } else { middle[0].abs().max(middle[1].abs()).max(1.0) };
    [left - room, right + room, bottom - room, top + room]
}

/// How far from the middle points are shown: [`BEYOND`] times as far as half of the paths stay in 95 % of their points.
fn reach(paths: &[Vec<f64>], start: f64) -> f64 {
    let nearly_all = |radii: &Vec<f64>| radii.get(radii.len() * 19 / 20).copied();
    let typical = sorted(paths.iter().filter_map(nearly_all));
    let typical = typical.get(typical.len().saturating_sub(1) / 2).copied().unwrap_or(start);
    let bounded = if start > 0.0 { typical.min(start / (LEAST_START * BEYOND)) } else { typical };
    bounded.max(start) * BEYOND
}

/// The finite values in order.
fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn is_finite(point: &[f64; 2]) -> bool {
    point.iter().all(|v| v.is_finite())
}

fn middle([left, right, bottom, top]: Extent) -> [f64; 2] {
    [left / 2.0 + right / 2.0, bottom / 2.0 + top / 2.0]
}

fn bounds(points: impl Iterator<Item = [f64; 2]>) -> Option<Extent> {
    points.fold(None, |found, [x, y]| {
        let [left, right, bottom, top] = found.unwrap_or([x, x, y, y]);
        Some([left.min(x), right.max(x), bottom.min(y), top.max(y)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Path;

    /// A path along x, and half the width of the plane chosen for all.
    fn check(paths: &[&[f64]], equilibrium: Option<[f64; 2]>, expected: f64) {
        let points: Vec<Vec<[f64; 2]>> =
            paths.iter().map(|path| path.iter().map(|x| [*x, 0.0]).collect()).collect();
        let paths: Vec<Path> = points.iter().map(|points| Path { name: "p", points, theory: None }).collect();
        let field = |p: [f64; 2]| p;
        let what = Trajectories {
            title: "",
            axes: ["x", "y"],
            paths: &paths,
            field: &field,
            equilibrium,
            extent: None,
        };
        let [left, right, bottom, top] = square(&what).unwrap();
        assert!(((right - left) / (top - bottom) - 1.0).abs() < 1e-9, "not a square");
        let half = (right - left) / 2.0;
        assert!((half / expected - 1.0).abs() < 1e-6, "{paths:?} are seen on {half}, not {expected}");
        let seen = |x: f64| left < x && x < right;
        assert!(points.iter().filter_map(|p| p.first()).all(|p| seen(p[0]) || p[0].is_nan()));
    }

    #[test]
    fn a_path_that_diverges_does_not_shrink_the_others() {
        let origin = Some([0.0, 0.0]);
        let room = 1.0 + 2.0 * ROOM;
        check(&[&[1.0, -1.0]], origin, room);
        check(&[&[1.0, -1.0], &[1.0, -1.0], &[1.0, -2.0, 1e9]], origin, 1.5 * room);
        check(&[&[1.0, -1.0], &[1.0, 1e300, f64::INFINITY]], origin, room);
        // Alone, it may go far.
        check(&[&[1.0, -15.0]], origin, 8.0 * room);
        check(&[&[1.0, -20.0, 1e9]], origin, 10.5 * room);
        // A start far out is still visible.
        check(&[&[1.0], &[1.0], &[-99.0, 0.0]], origin, 50.0 * room);
        check(&[&[0.0, 8.0]], None, 4.0 * room);
        check(&[&[3.0]], None, 3.0);
        check(&[&[f64::NAN], &[]], None, 1.0);
    }

    #[test]
    fn impossible_extents_are_refused() {
        let points = [[0.0, 0.0]];
        let refused = |extent| {
            let paths = [Path { name: "p", points: &points, theory: None }];
            let what = Trajectories {
                title: "",
                axes: ["x", "y"],
                paths: &paths,
                field: &|p| p,
                equilibrium: None,
                extent: Some(extent),
            };
            square(&what).is_err()
        };
        let extents = [
            [0.0, 0.0, 0.0, 1.0],
            [1.0, 0.0, 0.0, 1.0],
            [f64::NAN, 0.0, 0.0, 1.0],
            [-1e308, 1e308, 0.0, 1.0],
            [1e10, 1e10 + 1e-5, 0.0, 1e-5],
            [0.0, 1.0, 0.0, 2.0],
        ];
        assert_eq!(extents.map(refused), [true, true, true, true, true, false]);
    }
}
