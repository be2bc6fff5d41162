//! The numbers a field allows.

use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// An interval of finite numbers, either end open, closed or absent.
///
/// ```
/// use ganatomy_record::Range;
/// assert_eq!(Range::positive().to_string(), "greater than 0");
/// assert_eq!(Range::between(0.0, 1.0).to_string(), "from 0 to 1");
/// assert!(!Range::any().contains(f64::NAN));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    low: Bound<f64>,
    high: Bound<f64>,
}

impl Range {
    /// Every finite number.
    pub const fn any() -> Range {
        Range { low: Unbounded, high: Unbounded }
    }

    /// Greater than 0.
    pub const fn positive() -> Range {
        Range::above(0.0)
    }

    /// `low` or more.
    pub const fn at_least(low: f64) -> Range {
        Range { low: Included(low), high: Unbounded }
    }

    /// `high` or less.
    pub const fn at_most(high: f64) -> Range {
        Range { low: Unbounded, high: Included(high) }
    }

    /// Greater than `low`.
    pub const fn above(low: f64) -> Range {
        Range { low: Excluded(low), high: Unbounded }
    }

    /// Less than `high`.
    pub const fn below(high: f64) -> Range {
        Range { low: Unbounded, high: Excluded(high) }
    }

    /// From `low` to `high`, both allowed.
    pub const fn between(low: f64, high: f64) -> Range {
        Range { low: Included(low), high: Included(high) }
    }

    /// From `low` (allowed) up to `high` (not allowed), such as a decay rate.
    pub const fn from_to_below(low: f64, high: f64) -> Range {
        Range { low: Included(low), high: Excluded(high) }
    }

    /// From `low` (not allowed) up to `high` (allowed), such as a fraction that must not be 0.
    pub const fn above_to(low: f64, high: f64) -> Range {
        Range { low: Excluded(low), high: Included(high) }
    }

    /// Between `low` and `high`, neither allowed.
    pub const fn strictly_between(low: f64, high: f64) -> Range {
        Range { low: Excluded(low), high: Excluded(high) }
    }

    /// Whether the number is finite and inside.
    pub fn contains(&self, number: f64) -> bool {
        use std::ops::RangeBounds;
        number.is_finite() && (self.low, self.high).contains(&number)
    }

    /// How a message asks for such a number.
    pub(crate) fn wanted(&self) -> String {
        match (self.low, self.high) {
            (Unbounded, Unbounded) => "a finite number".to_owned(),
            (Included(_), Unbounded | Excluded(_)) | (Unbounded, Included(_)) => {
                format!("a number of {self}")
            }
            _ => format!("a number {self}"),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Unbounded, Unbounded) => f.write_str("any finite number"),
            (Included(low), Unbounded) => write!(f, "at least {low}"),
            (Excluded(low), Unbounded) => write!(f, "greater than {low}"),
            (Unbounded, Included(high)) => write!(f, "at most {high}"),
            (Unbounded, Excluded(high)) => write!(f, "less than {high}"),
            (Included(low), Included(high)) => write!(f, "from {low} to {high}"),
            (Included(low), Excluded(high)) => write!(f, "at least {low} and less than {high}"),
            (Excluded(low), Included(high)) => {
                write!(f, "greater than {low} and at most {high}")
            }
            (Excluded(low), Excluded(high)) => {
                write!(f, "greater than {low} and less than {high}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: Range, text: &str, inside: &[f64], outside: &[f64]) {
        assert_eq!(range.to_string(), text);
        for x in inside {
            assert!(range.contains(*x), "{x} should be {text}");
        }
        for x in outside.iter().chain(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
            assert!(!range.contains(*x), "{x} should not be {text}");
        }
    }

    #[test]
    fn says_and_checks_its_ends() {
        check(Range::any(), "any finite number", &[-1e300, 0.0], &[]);
        check(Range::positive(), "greater than 0", &[1e-300], &[0.0, -1.0]);
        check(Range::at_least(2.0), "at least 2", &[2.0], &[1.999]);
        check(Range::at_most(2.0), "at most 2", &[2.0], &[2.001]);
        check(Range::below(0.5), "less than 0.5", &[0.49], &[0.5]);
        check(Range::between(0.0, 1.0), "from 0 to 1", &[0.0, 1.0], &[-1e-9, 1.1]);
        check(Range::from_to_below(0.0, 1.0), "at least 0 and less than 1", &[0.0], &[1.0]);
        check(Range::above_to(0.0, 1.0), "greater than 0 and at most 1", &[1.0], &[0.0]);
        check(Range::strictly_between(0.0, 1.0), "greater than 0 and less than 1", &[0.5], &[0.0]);
    }
}
