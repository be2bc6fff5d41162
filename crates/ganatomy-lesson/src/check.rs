//! Checks: what a lesson claims, as code that measures it.

use ganatomy_view::Words;
use ganatomy_view::page::{Claim, Verdict};
use serde_json::{Value, json};

use crate::number::number;

/// What a measured value must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// At most `within` away from a value.
    Near {
        /// The value.
        value: f64,
        /// How far from it at most.
        within: f64,
    },
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Between two values, ends included.
    Between(f64, f64),
}

impl Wanted {
    /// Does a value fulfil it? NaN never does.
    pub fn holds(&self, measured: f64) -> bool {
        match *self {
            Wanted::Near { value, within } => (measured - value).abs() <= within,
            Wanted::AtLeast(least) => measured >= least,
            Wanted::AtMost(most) => measured <= most,
            Wanted::Between(low, high) => (low..=high).contains(&measured),
        }
    }

    fn words(&self, digits: usize) -> Words {
        let n = |value: f64| number(value, digits);
        match *self {
            Wanted::Near { value, within } => Words::both(format!("{} ± {}", n(value), number(within, 1))),
            Wanted::AtLeast(least) => Words::both(format!("≥ {}", n(least))),
            Wanted::AtMost(most) => Words::both(format!("≤ {}", n(most))),
            Wanted::Between(low, high) => Words::both(format!("{} … {}", n(low), n(high))),
        }
    }

    fn json(&self) -> Value {
        match *self {
            Wanted::Near { value, within } => json!({"near": value, "within": within}),
            Wanted::AtLeast(least) => json!({"at_least": least}),
            Wanted::AtMost(most) => json!({"at_most": most}),
            Wanted::Between(low, high) => json!({"between": [low, high]}),
        }
    }
}

/// The name of a check, its claim in English and in Korean, what was measured, and what it must be.
pub type Claimed = (&'static str, &'static str, &'static str, f64, Wanted);

/// A claim and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A short name for programs, such as `simultaneous-factor`.
    pub name: String,
    /// What is claimed.
    pub claim: Words,
    /// What was measured.
    pub measured: f64,
    /// What it must be.
    pub wanted: Wanted,
    /// Where the expectation comes from: theory, a paper, or the lesson's own claim.
    pub source: Words,
    /// Digits that the page shows.
    pub digits: usize,
    /// A published number to compare with: a difference is shown, but is no failure.
    pub published: bool,
}

impl Check {
    /// A claim of the lesson itself.
    pub fn new(name: impl Into<String>, claim: impl Into<Words>, measured: f64, wanted: Wanted) -> Check {
        Check {
            name: name.into(),
            claim: claim.into(),
            measured,
            wanted,
            source: Words::new("this lesson", "이 과"),
            digits: 3,
            published: false,
        }
    }

    /// The same, expected by theory or a paper.
    pub fn from(self, source: impl Into<Words>) -> Check {
        Check { source: source.into(), ..self }
    }

    /// The same with this many digits shown.
    pub fn digits(self, digits: usize) -> Check {
        Check { digits, ..self }
    }

    /// The same as a comparison with a published number, which other set-ups need not meet.
    pub fn published(self, source: impl Into<Words>) -> Check {
        Check { source: source.into(), published: true, ..self }
    }

    /// Does the claim hold?
    pub fn holds(&self) -> bool {
        self.wanted.holds(self.measured)
    }

    /// Is this a claim of the lesson that does not hold?
    pub fn failed(&self) -> bool {
        !self.published && !self.holds()
    }

    /// The row of a page.
    pub fn row(&self) -> Claim {
        let verdict = match (self.published, self.holds()) {
            (false, true) => Verdict::Passed,
            (false, false) => Verdict::Failed,
            (true, true) => Verdict::Agrees,
            (true, false) => Verdict::Differs,
        };
        Claim {
            text: self.claim.clone(),
            measured: number(self.measured, self.digits),
            expected: self.wanted.words(self.digits),
            source: self.source.clone(),
            verdict,
        }
    }

    /// The same for programs; a value that is not finite is `null`.
    pub fn json(&self) -> Value {
        json!({
            "name": self.name,
            "claim": self.claim.en,
            "measured": self.measured,
            "wanted": self.wanted.json(),
            "from": self.source.en,
            "holds": self.holds(),
            "published": self.published,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: Wanted, measured: f64, expected: bool) {
        assert_eq!(wanted.holds(measured), expected, "{measured} {wanted:?}");
    }

    #[test]
    fn wishes_hold_or_not() {
        let near = Wanted::Near { value: 1.0, within: 0.5 };
        check(near, 1.5, true);
        check(near, 1.6, false);
        check(near, f64::NAN, false);
        check(Wanted::AtLeast(3.0), 3.0, true);
        check(Wanted::AtLeast(3.0), f64::NAN, false);
        check(Wanted::AtMost(3.0), 3.1, false);
        check(Wanted::Between(1.0, 2.0), 2.0, true);
        check(Wanted::Between(1.0, 2.0), 0.9, false);
    }

    #[test]
    fn a_published_number_that_differs_is_no_failure() {
        let own = Check::new("a", "a", 1.0, Wanted::AtLeast(2.0));
        assert!(own.failed());
        let published = own.published("someone");
        assert!(!published.failed() && !published.holds());
        assert_eq!(published.row().verdict, Verdict::Differs);
    }
}
