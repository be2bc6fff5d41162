//! Score profiles: the share of runs that are better than a threshold.

use serde::{Deserialize, Serialize};

use super::share::wilson;

/// Thresholds of a profile.
const MOST: usize = 101;

/// A share of runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Of each threshold, the share of n runs that are better, with Wilson's interval at each (rliable's `create_performance_profile`, section 4.2 of Agarwal
/// et al. 2021, whose band is a bootstrap's). The values are those of the runs that finished, ascending; the others are better than nothing.
pub fn profile(ascending: &[f64], n: usize, thresholds: &[f64]) -> Vec<Share> {
    let share = |threshold: &f64| {
        let above = ascending.len() - ascending.partition_point(|value| value <= threshold);
        let band = wilson(above, n)?;
        Some(Share { share: above as f64 / n as f64, low: band.low, high: band.high })
    };
    thresholds.iter().filter_map(share).collect()
}

/// Up to 101 thresholds, ascending, that divide ascending values into equal parts: so that one extreme value does not take the room of all others.
pub fn thresholds(ascending: &[f64]) -> Vec<f64> {
    let mut values = ascending.to_vec();
    values.dedup();
    let n = values.len();
    if n <= MOST {
        return values;
    }
    (0..MOST).map(|i| values[i * (n - 1) / (MOST - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list, sorted};
    use super::*;

    #[test]
    fn profiles_are_rliables() {
        let (values, taus) = (sorted("sets", "ten"), list("profile", "taus"));
        let found = profile(&values, 10, &taus);
        for (found, expected) in found.iter().zip(list("profile", "shares")) {
            check("share", found.share, expected, 1e-12);
            assert!(found.low <= expected && expected <= found.high);
        }
        assert_eq!(found.len(), taus.len());
    }

    #[test]
    fn runs_that_failed_are_better_than_nothing() {
        let found = profile(&[1.0, 2.0], 4, &[0.0, 1.0, 5.0]);
        assert_eq!(found.iter().map(|share| share.share).collect::<Vec<_>>(), [0.5, 0.25, 0.0]);
        assert_eq!(profile(&[], 0, &[1.0]), []);
    }

    #[test]
    fn thresholds_follow_the_values() {
        assert_eq!(thresholds(&[1.0, 1.0, 2.0]), [1.0, 2.0]);
        let many: Vec<f64> = (0..1000).map(f64::from).chain([1e9]).collect();
        let found = thresholds(&many);
        assert_eq!((found.len(), found[0], found[50], found[100]), (MOST, 0.0, 500.0, 1e9));
    }
}
