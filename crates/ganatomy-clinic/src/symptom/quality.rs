//! How good single samples are, whatever their variety.

use super::{Signal, held};
use crate::Chart;

/// The share of samples that are like data: near a known mode, else as near to real items as others are, else precision.
pub fn quality(chart: &Chart) -> Option<Signal> {
    let by_modes = Signal::of(chart, "samples/high_quality_share", |share| share);
    let by_data = || Signal::of(chart, "samples/near_data", |share| share);
    by_modes
        .or_else(by_data)
        .or_else(|| Signal::of(chart, "scores/precision-recall/precision", |share| share))
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
