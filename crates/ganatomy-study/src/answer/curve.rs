//! The score on the way: the median of runs, and the middle half of them.

use serde::Serialize;

use super::AnswerError;
use super::gather::Gathered;
use crate::stats::quantile;
use crate::{Curves, Point};

/// Runs of an arm that are looked at.
const MOST_RUNS: usize = 100;
/// Places along a curve.
const MOST_PLACES: usize = 80;

/// The score of one arm on the way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// The arm by its place.
    pub arm: usize,
    /// Finished runs that it is of.
    pub n_runs: usize,
    /// Over steps.
    pub by_steps: Vec<Course>,
    /// Over seconds of training.
    pub by_secs: Vec<Course>,
    /// Over gradients of a player.
    pub by_gradients: Vec<Course>,
}

/// The scores of runs at one place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Course {
    /// The place: steps, seconds or gradients.
    pub at: f64,
    /// A quarter of the runs have a smaller score.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// A quarter have a larger one.
    pub high: f64,
}

/// Of every arm that has finished runs with scores on their way.
pub(super) fn curves(
    gathered: &Gathered<'_>,
    stage: usize,
    source: &dyn Curves,
) -> Result<Vec<Curve>, AnswerError> {
    let mut runs = Vec::new();
    for (arm, group) in gathered.groups(stage).iter().enumerate() {
        let mut rows: Vec<usize> = gathered.finished(group).into_iter().map(|(_, row)| row).collect();
        rows.sort_unstable();
        let n = rows.len().min(MOST_RUNS);
        runs.extend((0..n).map(|i| (arm, rows[i * rows.len() / n])));
    }
    let ids: Vec<u64> = runs.iter().map(|(_, row)| gathered.row(*row).id).collect();
    let read = source.curves(&ids).map_err(|source| AnswerError::Curves { source })?;
    let read: Vec<(&(usize, usize), Vec<Point>)> = runs.iter().zip(read).collect();
    let arms = read.chunk_by(|a, b| a.0.0 == b.0.0);
    Ok(arms.filter_map(|runs| curve(gathered, runs)).collect())
}

fn curve(gathered: &Gathered<'_>, runs: &[(&(usize, usize), Vec<Point>)]) -> Option<Curve> {
    let told: Vec<&(&(usize, usize), Vec<Point>)> =
        runs.iter().filter(|(_, points)| !points.is_empty()).collect();
    let arm = told.first()?.0.0;
    let along = |place: &dyn Fn(usize, &Point) -> f64| {
        let one = |(run, points): &&(&(usize, usize), Vec<Point>)| {
            let placed = points.iter().map(|point| [place(run.1, point), point.score]);
            placed.filter(|point| point.iter().all(|x| x.is_finite())).collect()
        };
        courses(&told.iter().map(one).collect::<Vec<Vec<[f64; 2]>>>())
    };
    Some(Curve {
        arm,
        n_runs: told.len(),
        by_steps: along(&|_, point| point.step as f64),
        by_secs: along(&|_, point| point.secs),
        by_gradients: along(&|row, point| gathered.config(row).gradients_per_step * point.step as f64),
    })
}

/// Median and quartiles of curves, wherever at least half of them have a value; linear between the points of each.
fn courses(curves: &[Vec<[f64; 2]>]) -> Vec<Course> {
    let mut places: Vec<f64> = curves.iter().flatten().map(|point| point[0]).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    if places.len() > MOST_PLACES {
        let (first, last) = (places[0], places[places.len() - 1]);
        let step = (last - first) / (MOST_PLACES - 1) as f64;
        places = (0..MOST_PLACES).map(|i| first + step * i as f64).collect();
    }
    let course = |at: f64| {
        let mut values: Vec<f64> = curves.iter().filter_map(|curve| value(curve, at)).collect();
        if values.is_empty() || 2 * values.len() < curves.len() {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| quantile(&values, share));
        Some(Course { at, low: low?, median: median?, high: high? })
    };
    places.into_iter().filter_map(course).collect()
}

/// The value of a curve at a place between its ends.
fn value(curve: &[[f64; 2]], at: f64) -> Option<f64> {
    let after = curve.partition_point(|point| point[0] < at);
    let [x, y] = *curve.get(after)?;
    if x == at {
        return Some(y);
    }
    let [before, from] = *curve.get(after.checked_sub(1)?)?;
    Some(from + (y - from) * (at - before) / (x - before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_the_middle_of_runs() {
        let line = |slope: f64, last: usize| (0..=last).map(|i| [i as f64, slope * i as f64]).collect();
        let found = courses(&[line(1.0, 4), line(2.0, 4), line(3.0, 4), line(9.0, 1)]);
        assert_eq!(found.len(), 5);
        assert_eq!((found[1].low, found[1].median, found[1].high), (1.75, 2.5, 4.5));
        // The run that ended early is left out where it has no value.
        assert_eq!((found[3].at, found[3].median), (3.0, 6.0));
        assert_eq!(value(&[[0.0, 1.0], [2.0, 3.0]], 0.5), Some(1.5));
        assert_eq!(
            (value(&[[1.0, 1.0]], 0.5), value(&[[1.0, 1.0]], 2.0), courses(&[])),
            (None, None, vec![])
        );
    }

    #[test]
    fn many_places_are_thinned() {
        let curves: Vec<Vec<[f64; 2]>> =
            (0..5).map(|k| (0..100).map(|i| [i as f64 + 0.1 * f64::from(k), i as f64]).collect()).collect();
        let found = courses(&curves);
        assert!(found.len() <= MOST_PLACES && found.len() > MOST_PLACES - 3, "{}", found.len());
    }
}
