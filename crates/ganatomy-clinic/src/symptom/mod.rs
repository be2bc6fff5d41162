//! What readings mean: each file works one sign of illness out of a chart, whatever readings it has of it.

mod family;
mod judge;
mod losses;
mod place;
mod quality;
mod score;
mod swing;
mod turning;
mod variety;

use std::borrow::Cow;

pub use family::{Family, Kind, MEAN, SUM, family};
pub use judge::{certainty, gap, is_unsure, told};
pub use losses::{Losses, Stretch, d_loss};
pub use place::{moved, swinging};
pub use quality::{good, quality};
pub use score::{Score, score};
pub use swing::{Swing, swing};
pub use turning::turning;
pub(crate) use variety::{OF_BINS, OF_MODES};
pub use variety::{between, by_bins, diversity, held, modes_held, n_effective, twins, width};

use crate::{Chart, Course, Evidence, median};

/// The values of a sign over the steps, and the reading that they are worked out of.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The reading.
    pub reading: Cow<'static, str>,
    /// The values, steps ascending.
    pub points: Vec<(u64, f64)>,
}

impl Signal {
    /// A function of one reading.
    pub(crate) fn of(chart: &Chart, reading: &'static str, value: impl Fn(f64) -> f64) -> Option<Signal> {
        let points = chart.reading(reading)?.points().iter().map(|&(step, read)| (step, value(read)));
        Some(Signal { reading: reading.into(), points: points.collect() })
    }

    /// The same under the name of what was worked out.
    pub(crate) fn named(self, reading: &'static str) -> Signal {
        Signal { reading: reading.into(), ..self }
    }

    /// How strong a symptom is that such values speak for; above 1 it is there.
    pub fn course(&self, strength: impl Fn(f64) -> f64) -> Course {
        // What is no number speaks for nothing.
        let of = |value: f64| if value.is_nan() { value } else { strength(value) };
        Course::new(self.points.iter().map(|&(step, value)| (step, of(value))))
    }

    /// How far values are below a bound: what is too small is a symptom.
    pub fn under(&self, bound: f64) -> Course {
        self.course(|value| bound / value.max(1e-9))
    }

    /// How far values are above a bound: what is too large is a symptom.
    pub fn over(&self, bound: f64) -> Course {
        self.course(|value| value / bound)
    }

    /// The middle of the last values as evidence: what a verdict is made of that holds in so many readings in a row.
    pub fn evidence(&self, in_a_row: usize, expected: impl Into<String>) -> Option<Evidence> {
        let n = in_a_row.clamp(1, self.points.len().max(1));
        let &(step, last) = self.points.last()?;
        let value = median(self.points[self.points.len() - n..].iter().map(|point| point.1)).unwrap_or(last);
        Some(Evidence { reading: self.reading.clone(), step, middle_of: n, value, expected: expected.into() })
    }

    /// The readings of the last third, but at least so many: what is said of who wins has to last.
    pub fn late(&self, least: usize) -> usize {
        (self.points.len() / 3).max(least)
    }

    /// The value at a step, or the last one before it.
    pub fn at(&self, step: u64) -> Option<f64> {
        let place = self.points.partition_point(|point| point.0 <= step);
        place.checked_sub(1).map(|i| self.points[i].1)
    }
}
