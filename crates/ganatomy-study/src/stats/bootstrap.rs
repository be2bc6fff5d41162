//! Percentile bootstrap intervals of median, interquartile mean and best.

use ganatomy_data::keyed::{Keyed, purpose};

use super::Interval;
use super::centre::median;

/// Resamples of few runs, as rliable takes.
const MOST: usize = 50_000;
/// Resamples of many runs.
const LEAST: usize = 1_000;
/// Draws that an interval may take, unless that is fewer than [`LEAST`] resamples.
const DRAWS: usize = 20_000_000;

/// Intervals of one arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Of the median.
    pub median: Interval,
    /// Of the interquartile mean.
    pub interquartile_mean: Interval,
    /// Of the best. Its upper end is the best itself: no resample holds a better run.
    pub best: Interval,
    /// How many resamples they are of.
    pub resamples: usize,
}

/// Draws runs with replacement within each stratum, as many as there are, and takes the middle 95 % of what the draws say (Efron 1979; strata as in Agarwal
/// et al. 2021, section 4.1). `None` for fewer than two runs, which tell nothing of other runs.
///
/// Up to 400 runs are resampled 50,000 times, more of them less often, and never less than 1,000 times.
pub fn bootstrap(strata: &[&[f64]]) -> Option<Bootstrap> {
    let n: usize = strata.iter().map(|runs| runs.len()).sum();
    if n < 2 {
        return None;
    }
    let (values, strata) = ranked(strata);
    let resamples = (DRAWS / n).clamp(LEAST, MOST);
    let mut draws = Keyed::new(&[purpose("bootstrap of an arm"), n as u64]);
    let mut found: [Vec<f64>; 3] = [0; 3].map(|_| Vec::with_capacity(resamples));
    let mut counts = vec![0u32; values.len()];
    for _ in 0..resamples {
        counts.fill(0);
        for stratum in &strata {
            for _ in 0..stratum.len() {
                counts[stratum[draws.below(stratum.len() as u64) as usize] as usize] += 1;
            }
        }
        let centres = counted(&values, &counts, n);
        found.iter_mut().zip(centres).for_each(|(all, value)| all.push(value));
    }
    let [median, interquartile_mean, best] = found.map(|mut all| Interval::of_percentiles(&mut all));
    Some(Bootstrap { median: median?, interquartile_mean: interquartile_mean?, best: best?, resamples })
}

/// The different values, ascending, and of each stratum the places of its runs among them.
fn ranked(strata: &[&[f64]]) -> (Vec<f64>, Vec<Vec<u32>>) {
    let mut values: Vec<f64> = strata.iter().flat_map(|runs| runs.iter().copied()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let place = |value: &f64| values.partition_point(|other| other < value) as u32;
    let strata = strata.iter().filter(|runs| !runs.is_empty());
    let places = strata.map(|runs| runs.iter().map(place).collect()).collect();
    (values, places)
}

/// Median, interquartile mean and best of n values, of which it is counted how often each occurs.
fn counted(values: &[f64], counts: &[u32], n: usize) -> [f64; 3] {
    let (low, high) = (n / 4, n - n / 4);
    let middle = [(n - 1) / 2, n / 2];
    let (mut before, mut sum, mut best) = (0, 0.0, f64::NAN);
    let mut middles = [f64::NAN; 2];
    for (&value, &count) in values.iter().zip(counts).filter(|(_, count)| **count > 0) {
        let after = before + count as usize;
        let inside = after.min(high).saturating_sub(before.max(low));
        sum += inside as f64 * value;
        for (place, middle) in middle.iter().zip(&mut middles) {
            if (before..after).contains(place) {
                *middle = value;
            }
        }
        (before, best) = (after, value);
    }
    [median(&middles).unwrap_or(f64::NAN), sum / (high - low) as f64, best]
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list, lists, sorted};
    use super::*;

    /// An end of an interval of 50,000 resamples differs by little from that of other 50,000.
    const DRAWN_TOLERANCE: f64 = 0.02;

    fn agrees(what: &str, found: Bootstrap, table: &str) {
        for (name, interval) in [("median", found.median), ("interquartile_mean", found.interquartile_mean)] {
            let expected = list(table, name);
            let width = expected[2] - expected[1];
            check(what, interval.low, expected[1], DRAWN_TOLERANCE * width);
            check(what, interval.high, expected[2], DRAWN_TOLERANCE * width);
        }
    }

    #[test]
    fn intervals_are_rliables() {
        let ten = sorted("sets", "ten");
        let found = bootstrap(&[&ten]).unwrap();
        assert_eq!(found.resamples, 50_000);
        agrees("one stratum", found, "one_stratum");
        assert_eq!(found.best.high, 0.91);
        let columns = lists("strata", "columns");
        let strata: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        agrees("three strata", bootstrap(&strata).unwrap(), "stratified");
    }

    #[test]
    fn strata_keep_their_share() {
        // Two settings far apart: without strata a resample would hold more of one of them.
        let (low, high) = ([0.0, 0.1, 0.2], [9.0, 9.1, 9.2]);
        let apart = bootstrap(&[&low, &high]).unwrap().median;
        let together = bootstrap(&[&[low, high].concat()]).unwrap().median;
        assert!(apart.low > 4.4 && apart.high < 4.8, "{apart:?}");
        assert!(together.low < 0.3 && together.high > 8.9, "{together:?}");
    }

    #[test]
    fn one_run_has_no_interval_and_equal_runs_have_none_of_width() {
        assert_eq!((bootstrap(&[]), bootstrap(&[&[1.0]]), bootstrap(&[&[], &[]])), (None, None, None));
        let same = bootstrap(&[&[8.0; 5]]).unwrap();
        assert_eq!(same.median, Interval { low: 8.0, high: 8.0 });
        assert_eq!(bootstrap(&[&[8.0, 7.0]]), bootstrap(&[&[8.0, 7.0]]), "a report is the same twice");
    }

    #[test]
    fn many_runs_are_resampled_less_often() {
        let many: Vec<f64> = (0..30_000).map(f64::from).collect();
        let found = bootstrap(&[&many]).unwrap();
        assert_eq!(found.resamples, 1_000);
        // The standard error of a median of uniform values is the range over 2 sqrt(n).
        let half = 1.96 * 30_000f64.sqrt() / 2.0;
        check("width", found.median.high - found.median.low, 2.0 * half, 0.15 * half);
    }
}
