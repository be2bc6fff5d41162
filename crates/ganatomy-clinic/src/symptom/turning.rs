//! How much of the samples goes elsewhere from one reading to the next.

use super::Signal;
use crate::Chart;

/// The total variation between the shares of samples in bins of the data (or classes) at a reading and at the one before: 0 where
/// samples stay, 1 where all of them have gone elsewhere.
pub fn turning(chart: &Chart) -> Option<Signal> {
    ["samples/bin_share/", "samples/class_share/"].into_iter().find_map(|family| {
        let shares: Vec<_> = chart.family(family).map(|(_, series)| series.points()).collect();
        let n = shares.iter().map(|points| points.len()).min().filter(|_| shares.len() > 1)?;
        let moved =
            |i: usize| shares.iter().map(|points| (points[i].1 - points[i - 1].1).abs()).sum::<f64>() / 2.0;
        let points = (1..n).map(|i| (shares[0][i].0, moved(i))).collect();
        Some(Signal { reading: format!("{family}*").into(), points })
    })
}
