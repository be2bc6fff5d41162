//! Two ends between which a number lies at 95 % confidence.

use serde::{Deserialize, Serialize};

use super::centre::quantile;

/// An interval of 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The middle 95 % of resampled values, as numpy's linear percentiles; `None` without values.
    pub(super) fn of_percentiles(values: &mut [f64]) -> Option<Interval> {
        values.sort_by(f64::total_cmp);
        Some(Interval { low: quantile(values, 0.025)?, high: quantile(values, 0.975)? })
    }

    /// The same of values whose sign was turned.
    pub fn turned(self) -> Interval {
        Interval { low: -self.high, high: -self.low }
    }
}
