//! How much of the samples goes elsewhere from one reading to the next.

use super::Signal;
use crate::Chart;

/// The total variation between the shares of samples at known modes (or in bins of the data, or classes) at a reading and at the one before: 0 where
/// samples stay, 1 where all of them have gone elsewhere.
pub fn turning(chart: &Chart) -> Option<Signal> {
    let (family, shares) = shares(chart)?;
    let points = shares.windows(2).map(|pair| (pair[1].0, apart(&pair[0].1, &pair[1].1))).collect();
    Some(Signal { reading: format!("{family}*").into(), points })
}

/// The step of a reading, and the shares there.
type Shares = (u64, Vec<f64>);

/// The shares of samples at modes, in bins of the data, or in classes, at each reading, and what they are called.
pub(super) fn shares(chart: &Chart) -> Option<(&'static str, Vec<Shares>)> {
    let of = |family: &'static str| {
        let all: Vec<_> = chart.family(family).map(|(_, series)| series.points()).collect();
        let n = all.iter().map(|points| points.len()).min().filter(|_| all.len() > 1)?;
        let at = |i: usize| (all[0][i].0, all.iter().map(|points| points[i].1).collect());
        Some((family, (0..n).map(at).collect::<Vec<Shares>>()))
    };
    // Modes are the better parts, where they are read as often.
    let (modes, bins) = (of("samples/mode_share/"), of("samples/bin_share/"));
    let n_bins = bins.as_ref().map_or(0, |(_, shares)| shares.len());
    modes.filter(|(_, shares)| shares.len() >= n_bins).or(bins).or_else(|| of("samples/class_share/"))
}

/// The total variation between two sets of shares.
pub(super) fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}
