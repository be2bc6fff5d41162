//! One reading over the steps.

use std::ops::Range;

/// The values of one reading, steps ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    points: Vec<(u64, f64)>,
}

impl Series {
    /// Adds a value. A step that was there already, or lies behind, takes the place of everything from it on.
    pub fn push(&mut self, step: u64, value: f64) {
        if self.points.last().is_some_and(|last| step <= last.0) {
            self.cut(step.saturating_sub(1));
            if step == 0 {
                self.points.clear();
            }
        }
        self.points.push((step, value));
    }

    /// Drops what comes after a step.
    pub fn cut(&mut self, step: u64) {
        self.points.truncate(self.points.partition_point(|point| point.0 <= step));
    }

    /// The points, steps ascending.
    pub fn points(&self) -> &[(u64, f64)] {
        &self.points
    }

    /// The points of some steps.
    pub fn within(&self, steps: Range<u64>) -> &[(u64, f64)] {
        let place = |step| self.points.partition_point(|point| point.0 < step);
        let (from, to) = (place(steps.start), place(steps.end));
        &self.points[from..to.max(from)]
    }

    /// The value at a step, or else the last one before it.
    pub fn at(&self, step: u64) -> Option<f64> {
        let place = self.points.partition_point(|point| point.0 <= step);
        place.checked_sub(1).map(|i| self.points[i].1)
    }

    /// The last value.
    pub fn last(&self) -> Option<(u64, f64)> {
        self.points.last().copied()
    }
}

/// The middle of some numbers, those that are not finite left out; nothing of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut finite: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    finite.sort_unstable_by(f64::total_cmp);
    let half = finite.len() / 2;
    let upper = *finite.get(half)?;
    Some(if finite.len().is_multiple_of(2) { (finite[half - 1] + upper) / 2.0 } else { upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(u64, f64)]) -> Series {
        let mut series = Series::default();
        points.iter().for_each(|&(step, value)| series.push(step, value));
        series
    }

    #[test]
    fn steps_that_repeat_or_go_back_replace() {
        let check = |points: &[(u64, f64)], expected: &[(u64, f64)]| {
            assert_eq!(series(points).points(), expected, "{points:?}");
        };
        check(&[(0, 1.0), (5, 2.0), (5, 3.0)], &[(0, 1.0), (5, 3.0)]);
        check(&[(0, 1.0), (5, 2.0), (9, 3.0), (5, 4.0)], &[(0, 1.0), (5, 4.0)]);
        check(&[(0, 1.0), (5, 2.0), (0, 4.0)], &[(0, 4.0)]);
    }

    #[test]
    fn values_are_found_by_step() {
        let found = series(&[(2, 1.0), (4, 2.0), (6, 3.0)]);
        assert_eq!([1, 2, 5, 9].map(|step| found.at(step)), [None, Some(1.0), Some(2.0), Some(3.0)]);
        assert_eq!(found.within(4..6), [(4, 2.0)]);
        assert_eq!(found.within(7..9), []);
    }

    #[test]
    fn a_median_leaves_out_what_is_no_number() {
        assert_eq!(median([3.0, f64::NAN, 1.0]), Some(2.0));
        assert_eq!(median([3.0, 5.0, f64::INFINITY, 1.0]), Some(3.0));
        assert_eq!(median([f64::NAN]), None);
    }
}
