//! One arm: its middle, its best, its failures.

use std::collections::BTreeSet;

use serde::Serialize;

use super::gather::{Gathered, Group};
use super::tally::Tally;
use crate::stats::{Bootstrap, Interval, Share, bootstrap, centres, median, profile, wilson};

/// Scores of an arm that are kept one by one.
const MOST_SCORES: usize = 400;

/// One arm in the stage that answers. Numbers are `None` where no run finished.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its runs.
    pub runs: Tally,
    /// Its configurations.
    pub n_configurations: usize,
    /// Different seeds of its runs.
    pub n_seeds: usize,
    /// The median of the runs that finished.
    pub median: Option<Estimate>,
    /// The mean of the middle half of them.
    pub interquartile_mean: Option<Estimate>,
    /// The best of them.
    pub best: Option<Estimate>,
    /// Resamples of the intervals; 0 if there are none.
    pub resamples: usize,
    /// Runs were resampled within each configuration, so that the intervals are of these configurations with other seeds.
    pub stratified: bool,
    /// Of the runs that ended, those that failed.
    pub failures: Option<Rate>,
    /// Medians of the other readings, over the runs that finished and have them.
    pub also: Vec<Option<f64>>,
    /// The share of runs that ended with a better score than each of the answer's thresholds.
    pub profile: Vec<Share>,
    /// The scores of the runs that finished, from worse to better; evenly chosen ones of very many.
    pub scores: Vec<f64>,
}

/// A number, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its interval, from two runs on.
    pub interval: Option<Interval>,
}

/// A share of runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
    /// The share, with Wilson's interval.
    pub share: Share,
}

/// The arms of a stage, with their profiles at thresholds of turned scores.
pub(super) fn arms(gathered: &Gathered<'_>, stage: usize, thresholds: &[f64]) -> Vec<Arm> {
    let names = gathered.results.arms.iter();
    names.zip(gathered.groups(stage)).map(|(name, group)| arm(gathered, name, group, thresholds)).collect()
}

fn arm(gathered: &Gathered<'_>, name: &str, group: &Group, thresholds: &[f64]) -> Arm {
    let runs = gathered.tally(group);
    let scores: Vec<f64> = gathered.finished(group).into_iter().map(|(score, _)| score).collect();
    let (found, stratified) = intervals(gathered, group, &scores);
    let middle = centres(&scores);
    let estimate = |value: Option<f64>, interval: Option<Interval>| {
        let turned = |interval: Interval| if gathered.sign < 0.0 { interval.turned() } else { interval };
        value.map(|value| Estimate { value: gathered.sign * value, interval: interval.map(turned) })
    };
    let ended = runs.ended();
    let failures = wilson(runs.failed, ended).map(|Interval { low, high }| {
        let share = Share { share: runs.failed as f64 / ended as f64, low, high };
        Rate { n: runs.failed, of: ended, share }
    });
    let seeds: BTreeSet<u64> = group.rows().map(|row| gathered.row(row).seed).collect();
    let kept = scores.len().min(MOST_SCORES);
    Arm {
        name: name.to_owned(),
        runs,
        n_configurations: group.cells.len(),
        n_seeds: seeds.len(),
        median: estimate(middle.map(|m| m.median), found.map(|f| f.median)),
        interquartile_mean: estimate(
            middle.map(|m| m.interquartile_mean),
            found.map(|f| f.interquartile_mean),
        ),
        best: estimate(middle.map(|m| m.best), found.map(|f| f.best)),
        resamples: found.map_or(0, |found| found.resamples),
        stratified,
        failures,
        also: (0..gathered.results.also.len()).map(|i| also(gathered, group, i)).collect(),
        profile: profile(&scores, ended, thresholds),
        scores: (0..kept)
            .map(|i| gathered.sign * scores[i * (scores.len() - 1) / (kept - 1).max(1)])
            .collect(),
    }
}

/// The intervals, and whether they are stratified by configuration: they are if there are several of them, and each has runs to draw from.
fn intervals(gathered: &Gathered<'_>, group: &Group, scores: &[f64]) -> (Option<Bootstrap>, bool) {
    let strata = gathered.strata(group);
    if strata.len() > 1 && strata.iter().all(|runs| runs.len() > 1) {
        return (bootstrap(&strata.iter().map(Vec::as_slice).collect::<Vec<_>>()), true);
    }
    (bootstrap(&[scores]), false)
}

/// The median of another reading.
fn also(gathered: &Gathered<'_>, group: &Group, place: usize) -> Option<f64> {
    let rows = gathered.finished(group).into_iter().map(|(_, row)| gathered.row(row));
    let mut values: Vec<f64> =
        rows.filter_map(|row| row.also.get(place).copied()).filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    median(&values)
}
