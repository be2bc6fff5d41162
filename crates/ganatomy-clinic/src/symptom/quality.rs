//! How good single samples are, whatever their variety.

use super::{Signal, held};
use crate::Chart;

/// The share of samples that are like data: near a known mode, else as near to real items as others are, else precision.
pub fn quality(chart: &Chart) -> Option<Signal> {
    let by_modes = Signal::of(chart, "samples/high_quality_share", |share| share);
    by_modes
        .or_else(|| by_data(chart))
        .or_else(|| Signal::of(chart, "scores/precision-recall/precision", |share| share))
}

/// Samples that fill bins as evenly as this, and are as far apart as real items but for this factor, are not far from data.
const EVEN: f64 = 0.6;
const APART: f64 = 1.25;
/// What such samples are worth at least.
const LIKELY: f64 = 0.5;

/// The share of samples that are near to real items. Among points of more than two numbers real items are far from each other, and none but
/// the best samples are near: there samples that fill the bins of the data and are as far apart are not held for bad.
fn by_data(chart: &Chart) -> Option<Signal> {
    let near = Signal::of(chart, "samples/near_data", |share| share)?;
    let (kl, apart) = (chart.reading("samples/bins_kl"), chart.reading("samples/diversity"));
    let Some((kl, apart)) = kl.zip(apart).filter(|_| chart.item_len() > 2 && !chart.is_of_images()) else {
        return Some(near);
    };
    let is_alike = |step: u64| {
        let even = kl.at(step).is_some_and(|kl| (-kl).exp() > EVEN);
        even && apart.at(step).is_some_and(|ratio| (1.0 / APART..APART).contains(&ratio))
    };
    let worth = |&(step, share): &(u64, f64)| (step, if is_alike(step) { share.max(LIKELY) } else { share });
    let points = near.points.iter().map(worth).collect();
    Some(Signal { reading: "how like data samples are".into(), points })
}

/// What samples are worth: the share that is like data times the share of the data that they hold, where it has several modes.
pub fn good(chart: &Chart) -> Option<Signal> {
    let quality = quality(chart)?;
    if chart.n_modes() == Some(1) {
        return Some(quality);
    }
    let held = held(chart)?;
    let points =
        quality.points.iter().filter_map(|&(step, share)| Some((step, share.min(1.0) * held.at(step)?)));
    Some(Signal {
        reading: format!("{} x {}", quality.reading, held.reading).into(),
        points: points.collect(),
    })
}
