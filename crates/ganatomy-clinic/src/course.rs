//! The course of a symptom: how strong it is over the steps, and since when it lasts.

use crate::median;

/// Readings in a row whose middle has to be past the bound: one alone may be chance.
pub const LASTING: usize = 3;

/// Beyond any doubt.
const STRONGEST: f64 = 1e9;

/// How strong a symptom is at each reading; above 1 it is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    points: Vec<(u64, f64)>,
}

/// A symptom that lasts to the end of its course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lasting {
    /// The step since which it does.
    pub since: u64,
    /// How strong it is: the middle of its last values.
    pub strength: f64,
    /// Readings that it has lasted.
    pub n: usize,
}

impl Course {
    /// A course from its points, steps ascending.
    pub fn new(points: impl IntoIterator<Item = (u64, f64)>) -> Course {
        let numbers = points.into_iter().filter(|point| !point.1.is_nan());
        Course { points: numbers.map(|(step, strength)| (step, strength.min(STRONGEST))).collect() }
    }

    /// The points.
    pub fn points(&self) -> &[(u64, f64)] {
        &self.points
    }

    /// The same from a step on.
    pub fn from(mut self, step: u64) -> Course {
        self.points.retain(|point| point.0 >= step);
        self
    }

    /// The symptom, if it is there at the end: the middle of the last values is past the bound, and so was that of each
    /// value before, back to where it began.
    pub fn lasting(&self) -> Option<Lasting> {
        self.lasting_of(LASTING)
    }

    /// Is the symptom there at the end?
    pub fn lasts(&self) -> bool {
        self.lasting().is_some()
    }

    /// The same with so many values in a row.
    pub fn lasting_of(&self, in_a_row: usize) -> Option<Lasting> {
        let middle = |end: usize| median(self.points[end - in_a_row..end].iter().map(|point| point.1));
        let last = self.points.len();
        if last < in_a_row || in_a_row == 0 {
            return None;
        }
        let strength = middle(last).filter(|strength| *strength > 1.0)?;
        let first = (in_a_row..=last).rev().take_while(|&end| middle(end).is_some_and(|m| m > 1.0)).last()?;
        // It began with the first value past the bound of the window in which it was first seen.
        let begun = (first - in_a_row..last).find(|&i| self.points[i].1 > 1.0)?;
        Some(Lasting { since: self.points[begun].0, strength, n: last - begun })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], expected: Option<(u64, f64)>) {
        let course = Course::new(values.iter().enumerate().map(|(i, &value)| (10 * i as u64, value)));
        assert_eq!(course.lasting().map(|it| (it.since, it.strength)), expected, "{values:?}");
    }

    #[test]
    fn a_symptom_lasts_from_where_it_began() {
        check(&[0.0, 0.0, 2.0, 3.0, 4.0], Some((20, 3.0)));
        check(&[2.0, 2.0, 2.0], Some((0, 2.0)));
        // One good reading between is chance, and so is one bad one.
        check(&[0.0, 0.0, 2.0, 2.0, 0.5, 2.0, 2.0], Some((20, 2.0)));
        check(&[0.0, 0.0, 9.0, 0.0, 0.0], None);
        // It was there, and went.
        check(&[2.0, 2.0, 2.0, 0.0, 0.0], None);
        check(&[2.0, 2.0, 0.0, 0.0, 0.0, 3.0, 3.0], Some((50, 3.0)));
        check(&[2.0, 2.0], None);
        check(&[f64::NAN, 2.0, f64::INFINITY, f64::INFINITY], Some((10, STRONGEST)));
    }
}
