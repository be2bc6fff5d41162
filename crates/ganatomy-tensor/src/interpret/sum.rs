//! Sums as exact as doubles allow: what is lost in each addition is added up apart (Neumaier, 1974).

/// A sum under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    sum: f64,
    /// What rounding has taken from the sum so far.
    lost: f64,
}

impl Sum {
    /// The sum with one more term.
    pub fn with(self, term: f64) -> Sum {
        let sum = self.sum + term;
        // Exact whichever of the two is larger, and without a branch (Knuth).
        let added = sum - self.sum;
        let lost = (self.sum - (sum - added)) + (term - added);
        Sum { sum, lost: self.lost + lost }
    }

    /// The sum; infinite or NaN where plain addition is.
    pub fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(terms: &[f64], expected: f64) {
        let found = terms.iter().fold(Sum::default(), |sum, &x| sum.with(x)).value();
        assert!(found == expected || found.is_nan() && expected.is_nan(), "{terms:?}: {found}");
    }

    #[test]
    fn small_terms_are_not_lost_and_infinities_stay() {
        check(&[1e16, 1.0, -1e16], 1.0);
        check(&[1.0, 1e100, 1.0, -1e100], 2.0);
        check(&[1.0, f64::INFINITY, 2.0], f64::INFINITY);
        check(&[f64::INFINITY, -f64::INFINITY], f64::NAN);
        check(&[], 0.0);
    }
}
