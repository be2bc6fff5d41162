//! Where the samples of the same latent points lie, reading after reading.

use super::Signal;
use super::swing::Swing;
use crate::{Chart, Series};

/// What is read of them, in widths of the data.
const CENTRE: [&str; 2] = ["samples/centre/0", "samples/centre/1"];
const SPREAD: &str = "samples/spread";
/// The middle of samples swings where it goes so far from its mean, as a root mean square, and comes back so often.
const SIZE: f64 = 0.25;
const CROSSINGS: usize = 4;
/// Readings that a swing is told from.
const FEWEST: usize = 8;
/// Of more numbers a direction sees little of where samples go.
const MOST_NUMBERS: usize = 8;

/// A reading of places, of points of few numbers.
fn read<'a>(chart: &'a Chart, name: &str) -> Option<&'a Series> {
    chart.reading(name).filter(|_| chart.item_len() <= MOST_NUMBERS)
}

/// How far samples have gone since the reading before: the most that their middle along either direction, or their width, has changed.
pub fn moved(chart: &Chart) -> Option<Signal> {
    let all = [read(chart, CENTRE[0])?, read(chart, CENTRE[1])?, read(chart, SPREAD)?];
    let steps = all[0].points().windows(2);
    let change = |before: u64, now: u64| {
        let changes = all.iter().map(|series| Some((series.at(now)? - series.at(before)?).abs()));
        let most = |most: f64, change: f64| {
            if most.is_nan() || change.is_nan() { f64::NAN } else { most.max(change) }
        };
        changes.collect::<Option<Vec<f64>>>().map(|all| all.into_iter().fold(0.0, most))
    };
    let points = steps.filter_map(|pair| Some((pair[1].0, change(pair[0].0, pair[1].0)?))).collect();
    Some(Signal { reading: "how far samples of the same noise have gone".into(), points })
}

/// How the middle of samples swings in the last third of the readings: how strongly, above 1 where it does, and the swing, whose `back` is how far.
pub fn swinging(chart: &Chart) -> Option<(f64, Swing)> {
    let of = |name: &'static str| {
        let points = read(chart, name)?.within(chart.step() * 2 / 3..u64::MAX);
        let mean = points.iter().map(|point| point.1).sum::<f64>() / points.len() as f64;
        let off: Vec<f64> = points.iter().map(|point| point.1 - mean).collect();
        let size = (off.iter().map(|x| x * x).sum::<f64>() / off.len() as f64).sqrt();
        let crossings = off.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        let steps: Vec<u64> = points.iter().map(|point| point.0).collect();
        let is_told = steps.len() >= FEWEST && size.is_finite();
        let strength = if crossings >= CROSSINGS { size / SIZE } else { 0.0 };
        let lag = (2 * steps.len()).checked_div(crossings).unwrap_or(0);
        let told = (format!("root mean square of {name} about its mean"), format!("under {SIZE}"));
        is_told.then(|| (strength, Swing { told, ..Swing::new(name.into(), (size, lag), &steps) }))
    };
    CENTRE.into_iter().filter_map(of).max_by(|a, b| a.0.total_cmp(&b.0))
}
