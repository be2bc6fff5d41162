//! How much of the data's variety samples have.

use super::{Signal, quality};
use crate::Chart;

/// The share of known modes or classes that samples hold, as if they were even.
pub(crate) const OF_MODES: &str = "the share of modes held";

/// The share of the data that samples hold: of known modes or classes as many as if they were even, `exp(-KL)`; else of classes of the nearest real items; else of bins of
/// the data that are filled; else the coverage of features.
pub fn held(chart: &Chart) -> Option<Signal> {
    let by_bins = || Signal::of(chart, "samples/bins_held", |share| share);
    by_modes(chart)
        .or_else(|| by_classes(chart))
        .or_else(by_bins)
        .or_else(|| Signal::of(chart, "scores/density-coverage/coverage", |share| share))
}

/// The share of known modes or classes that samples hold.
fn by_modes(chart: &Chart) -> Option<Signal> {
    Signal::of(chart, "samples/reverse_kl", |kl| (-kl).exp()).map(|signal| signal.named(OF_MODES))
}

/// The same of classes, each sample being of the class of the nearest real item.
fn by_classes(chart: &Chart) -> Option<Signal> {
    Signal::of(chart, "samples/nearest_classes_kl", |kl| (-kl).exp()).map(|signal| signal.named(OF_MODES))
}

/// Classes of the nearest items mean something of samples of which more than this share are like data.
const LIKE_DATA: f64 = 0.05;

/// How many known modes or classes samples have, as if they were even: `K exp(-KL)`.
pub fn n_effective(chart: &Chart) -> Option<Signal> {
    let n_modes = chart.n_modes()? as f64;
    // Samples that are like nothing are of some class too.
    let is_like_data = || quality(chart).is_none_or(|quality| quality.over(LIKE_DATA).lasts());
    let mut share = by_modes(chart).or_else(|| by_classes(chart).filter(|_| is_like_data()))?;
    share.points.iter_mut().for_each(|point| point.1 *= n_modes);
    Some(share.named("the number of modes held"))
}

/// The share of bins of the data that samples hold, as if they were even.
pub(crate) const OF_BINS: &str = "the share of bins held";
/// Samples of which this share is near data fill bins as data do; of worse ones bins fill unevenly, by this power of the share, down to
/// a least one (of runs of the ward that hold all modes).
const NEAR: f64 = 0.92;
const POWER: f64 = 1.5;
const LEAST: f64 = 0.63;

/// The share of bins of the data that samples hold, as if they were even, beside what samples so like data hold that miss nothing.
pub fn by_bins(chart: &Chart) -> Option<Signal> {
    let near = Signal::of(chart, "samples/near_data", |share| (share / NEAR).powf(POWER).clamp(LEAST, 1.0))?;
    let kl = chart.reading("samples/bins_kl")?.points();
    let points = kl.iter().filter_map(|&(step, kl)| Some((step, (-kl).exp() / near.at(step)?))).collect();
    Some(Signal { reading: OF_BINS.into(), points })
}

/// A mode is held by such a part of the samples that are due to it.
const HELD: f64 = 0.2;

/// The share of known modes that are held.
pub fn modes_held(chart: &Chart) -> Option<Signal> {
    let all: Vec<_> = chart.family("samples/mode_share/").map(|(_, series)| series.points()).collect();
    let n = all.iter().map(|points| points.len()).min()?;
    let is_held = |share: f64| share * all.len() as f64 >= HELD;
    let at = |i: usize| all.iter().filter(|points| is_held(points[i].1)).count() as f64 / all.len() as f64;
    let points = (0..n).map(|i| (all[0][i].0, at(i))).collect();
    Some(Signal { reading: "the share of modes with samples".into(), points })
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

/// How wide samples are beside the data: by their distance from their middle, else by their distances from each other.
pub fn width(chart: &Chart) -> Option<Signal> {
    Signal::of(chart, "samples/spread", |ratio| ratio).or_else(|| diversity(chart))
}

/// How far samples are apart beside how far real items are.
pub fn diversity(chart: &Chart) -> Option<Signal> {
    let own = Signal::of(chart, "samples/diversity", |ratio| ratio);
    own.or_else(|| Signal::of(chart, "scores/diversity/diversity_ratio", |ratio| ratio))
}
