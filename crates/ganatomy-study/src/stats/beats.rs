//! The probability that a run of one arm is better than a run of another.

use ganatomy_data::keyed::{Keyed, purpose};

use super::Interval;
use super::share::wilson;

/// Resamples of few runs, and the least of many.
const RESAMPLES: [usize; 2] = [50_000, 2_000];
/// Draws that the intervals of all pairs may take together.
const DRAWS: usize = 200_000_000;
/// Draws that one may take.
const DRAWS_OF_ONE: usize = 4_000_000;

/// One arm against another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beats {
    /// The share of all pairs of runs in which the first arm's is better; ties count half.
    pub probability: f64,
    /// How sure that is, if both have at least two runs.
    pub interval: Option<Interval>,
    /// Resamples of the interval; 0 if it is DeLong's or Wilson's.
    pub resamples: usize,
}

/// `U / (n m)` of two arms (Mann and Whitney 1947; rliable's probability of improvement), one of so many pairs; `None` if one has no runs.
///
/// The interval is the middle 95 % of resamples of both arms' runs, 50,000 of few and at least 2,000 of many; of more than 2,000 runs it is
/// the normal one with the standard error of DeLong et al. (1988). Where one arm wins every pair either has no width, and Wilson's interval of as many pairs as the smaller arm has runs
/// stands for it.
pub fn beats(x: &[f64], y: &[f64], n_pairs: usize) -> Option<Beats> {
    if x.is_empty() || y.is_empty() {
        return None;
    }
    let (values, [own, other]) = counted(x, y);
    let (n, m) = (x.len(), y.len());
    let probability = won(&own, &other) / (n * m) as f64;
    let told = |interval, resamples| Some(Beats { probability, interval, resamples });
    if n < 2 || m < 2 {
        return told(None, 0);
    }
    if probability == 0.0 || probability == 1.0 {
        let k = n.min(m);
        return told(wilson(if probability == 1.0 { k } else { 0 }, k), 0);
    }
    let budget = DRAWS_OF_ONE.min(DRAWS / n_pairs.max(1));
    if n + m > DRAWS_OF_ONE / RESAMPLES[1] {
        return told(Some(delong(&own, &other, probability)), 0);
    }
    let resamples = (budget / (n + m)).clamp(RESAMPLES[1], RESAMPLES[0]);
    told(resampled([x, y], &values, resamples), resamples)
}

/// The different values of both, ascending, and how often each occurs on either side.
fn counted(x: &[f64], y: &[f64]) -> (Vec<f64>, [Vec<f64>; 2]) {
    let mut values = [x, y].concat();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let count = |side: &[f64]| {
        let mut counts = vec![0.0; values.len()];
        side.iter().for_each(|value| counts[place(&values, *value)] += 1.0);
        counts
    };
    let counts = [count(x), count(y)];
    (values, counts)
}

fn place(values: &[f64], value: f64) -> usize {
    values.partition_point(|other| *other < value)
}

/// Pairs that the first side wins; ties count half.
fn won(own: &[f64], other: &[f64]) -> f64 {
    let (mut won, mut below) = (0.0, 0.0);
    for (own, other) in own.iter().zip(other) {
        won += own * (below + other / 2.0);
        below += other;
    }
    won
}

fn resampled(sides: [&[f64]; 2], values: &[f64], resamples: usize) -> Option<Interval> {
    let places = sides.map(|side| side.iter().map(|value| place(values, *value)).collect::<Vec<usize>>());
    let [n, m] = sides.map(<[f64]>::len);
    let mut draws = Keyed::new(&[purpose("bootstrap of a pair"), n as u64, m as u64]);
    let mut counts = [0; 2].map(|_| vec![0.0; values.len()]);
    let mut found = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        for (counts, places) in counts.iter_mut().zip(&places) {
            counts.fill(0.0);
            places.iter().for_each(|_| counts[places[draws.below(places.len() as u64) as usize]] += 1.0);
        }
        found.push(won(&counts[0], &counts[1]) / (n * m) as f64);
    }
    Interval::of_percentiles(&mut found)
}

/// `p ± 1.96 sqrt(s10 / n + s01 / m)`: the variances of the share of the other side that each run beats.
fn delong(own: &[f64], other: &[f64], probability: f64) -> Interval {
    let half = 1.96 * (variance(own, other) + variance(other, own)).sqrt();
    Interval { low: (probability - half).max(0.0), high: (probability + half).min(1.0) }
}

/// The variance of the mean share of the other side that a run of this side beats.
fn variance(own: &[f64], other: &[f64]) -> f64 {
    let [n, m]: [f64; 2] = [own, other].map(|counts| counts.iter().sum());
    let (mut below, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (own, other) in own.iter().zip(other) {
        let share = (below + other / 2.0) / m;
        sum += own * share;
        squares += own * share * share;
        below += other;
    }
    (squares - sum * sum / n) / (n - 1.0) / n
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list, table};
    use super::*;

    #[test]
    fn probabilities_are_rliables() {
        for name in table("beats").keys() {
            let (x, y) = name.split_once('-').unwrap();
            let found = beats(&list("sets", x), &list("sets", y), 1).unwrap();
            check(name, found.probability, list("beats", name)[0], 1e-11);
        }
    }

    #[test]
    fn many_runs_have_delongs_error_and_resamples_agree_with_it() {
        let (x, y) = (list("large", "x"), list("large", "y"));
        let [expected, _, error] = list("large", "found")[..] else { panic!("three numbers") };
        let (_, [own, other]) = counted(&x, &y);
        let normal = delong(&own, &other, expected);
        check("DeLong", normal.high - expected, 1.96 * error, 1e-11);
        let drawn = beats(&x, &y, 1).unwrap();
        assert_eq!(drawn.resamples, DRAWS_OF_ONE / 170);
        let interval = drawn.interval.unwrap();
        check("low", interval.low, normal.low, 0.1 * error);
        check("high", interval.high, normal.high, 0.1 * error);
        // Ten times as many runs of the same values are no longer resampled.
        let (x, y) = (x.repeat(15), y.repeat(15));
        let many = beats(&x, &y, 1).unwrap();
        assert_eq!((many.resamples, many.probability < 0.45), (0, true));
    }

    #[test]
    fn a_clean_sweep_is_not_certain() {
        let [low, high] = [[1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0]];
        let found = beats(&high, &low, 1).unwrap();
        let interval = found.interval.unwrap();
        assert_eq!((found.probability, interval.high), (1.0, 1.0));
        assert!(interval.low < 0.6, "{interval:?}");
        assert_eq!(beats(&low, &high, 1).unwrap().interval.unwrap().low, 0.0);
        assert_eq!(beats(&[1.0], &[2.0, 3.0], 1).unwrap().interval, None);
        assert_eq!(beats(&[], &[2.0, 3.0], 1), None);
    }

    #[test]
    fn a_failed_run_loses_to_every_finished_one() {
        let worst = f64::NEG_INFINITY;
        let found = beats(&[worst, 1.0, 2.0], &[0.5, worst, worst], 1).unwrap();
        // 1 and 2 win all six of theirs; the failed one ties with two and loses one.
        check("probability", found.probability, 7.0 / 9.0, 1e-12);
    }
}
