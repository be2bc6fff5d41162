//! How much of the data's variety samples have.

use super::Signal;
use crate::Chart;

/// The share of known modes or classes that samples hold, as if they were even.
pub(crate) const OF_MODES: &str = "the share of modes held";

/// The share of the data that samples hold: of known modes or classes as many as if they were even, `exp(-KL)`; else of bins of
/// the data that are filled; else the coverage of features.
pub fn held(chart: &Chart) -> Option<Signal> {
    let by_modes =
        Signal::of(chart, "samples/reverse_kl", |kl| (-kl).exp()).map(|signal| signal.named(OF_MODES));
    let by_bins = || Signal::of(chart, "samples/bins_held", |share| share);
    by_modes.or_else(by_bins).or_else(|| Signal::of(chart, "scores/density-coverage/coverage", |share| share))
}

/// How many known modes or classes samples have, as if they were even: `K exp(-KL)`.
pub fn n_effective(chart: &Chart) -> Option<Signal> {
    let n_modes = chart.n_modes()? as f64;
    Signal::of(chart, "samples/reverse_kl", |kl| n_modes * (-kl).exp())
        .map(|signal| signal.named("the number of modes held"))
}

/// How much of their variance lies between samples, where there is no data to hold them beside.
pub fn between(chart: &Chart) -> Option<Signal> {
    let own = Signal::of(chart, "samples/between_share", |share| share);
    own.filter(|_| diversity(chart).is_none())
}

/// How many samples have a twin among themselves.
pub fn twins(chart: &Chart) -> Option<Signal> {
    Signal::of(chart, "samples/twin_share", |share| share)
}

/// How far samples are apart beside how far real items are.
pub fn diversity(chart: &Chart) -> Option<Signal> {
    let own = Signal::of(chart, "samples/diversity", |ratio| ratio);
    own.or_else(|| Signal::of(chart, "scores/diversity/diversity_ratio", |ratio| ratio))
}
