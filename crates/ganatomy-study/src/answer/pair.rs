//! One arm against another.

use serde::Serialize;

use super::gather::Gathered;
use crate::stats::{Interval, beats, holm, least_p, rank_sum_p};

/// What is called a difference: wrong anywhere among all pairs in at most this share of studies.
pub(super) const LEVEL: f64 = 0.05;

/// One arm against another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// Both arms by their places, the one that is better more often first.
    pub arms: [usize; 2],
    /// The probability that a run (or configuration) of the first is better than one of the second; ties count half.
    pub probability: f64,
    /// How sure that is, if both have at least two.
    pub interval: Option<Interval>,
    /// Resamples of the interval; 0 if it is a formula's.
    pub resamples: usize,
    /// The p value of the rank sum test for this pair alone.
    pub p: f64,
    /// The same after Holm's correction for all pairs.
    pub p_holm: f64,
    /// Are the two told apart?
    pub different: bool,
    /// The smallest p that so many runs could have had.
    pub least_p: f64,
}

/// All pairs of arms of a stage that have runs that ended, the clearest first.
pub(super) fn pairs(gathered: &Gathered<'_>, stage: usize) -> Vec<Pair> {
    let units: Vec<Vec<f64>> = gathered.groups(stage).iter().map(|group| gathered.units(group)).collect();
    let tested = tested(&units);
    let n_pairs = tested.len();
    let told = |Tested { arms: [a, b], p, p_holm }| {
        let found = beats(&units[a], &units[b], n_pairs)?;
        let turn = found.probability < 0.5;
        let turned = |Interval { low, high }| Interval { low: 1.0 - high, high: 1.0 - low };
        Some(Pair {
            arms: if turn { [b, a] } else { [a, b] },
            probability: if turn { 1.0 - found.probability } else { found.probability },
            interval: if turn { found.interval.map(turned) } else { found.interval },
            resamples: found.resamples,
            p,
            p_holm,
            different: p_holm <= LEVEL,
            least_p: least_p(units[a].len(), units[b].len()),
        })
    };
    let mut pairs: Vec<Pair> = tested.into_iter().filter_map(told).collect();
    pairs.sort_by(|a, b| a.p.total_cmp(&b.p).then(b.probability.total_cmp(&a.probability)));
    pairs
}

/// Two arms, and the test of them.
pub(super) struct Tested {
    pub arms: [usize; 2],
    pub p: f64,
    pub p_holm: f64,
}

/// Tests all pairs of arms that have something to compare.
pub(super) fn tested(units: &[Vec<f64>]) -> Vec<Tested> {
    let both = (0..units.len()).flat_map(|a| (a + 1..units.len()).map(move |b| [a, b]));
    let found: Vec<([usize; 2], f64)> =
        both.filter_map(|arms| Some((arms, rank_sum_p(&units[arms[0]], &units[arms[1]])?))).collect();
    let adjusted = holm(&found.iter().map(|(_, p)| *p).collect::<Vec<_>>());
    found.into_iter().zip(adjusted).map(|((arms, p), p_holm)| Tested { arms, p, p_holm }).collect()
}
