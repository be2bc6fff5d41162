//! Whether the players come back to where they were.

use std::borrow::Cow;

use super::turning::{apart, shares};
use crate::{Chart, Evidence};

/// Readings that a swing is told from, at least and at most.
const FEWEST: usize = 20;
const MOST: usize = 120;
/// Shares that are nearer than this stay, by chance of the draw.
const STAYS: f64 = 0.2;
/// A swing is seen at least so many times.
const TIMES: usize = 2;

/// How the players swing.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// What swings.
    pub reading: Cow<'static, str>,
    /// How surely: 0 where nothing comes back, 1 for a pure wave.
    pub back: f64,
    /// The period, in steps.
    pub period: u64,
    /// The first step of the readings that it is told from.
    pub since: u64,
    /// The last one.
    pub step: u64,
    /// How many readings these are.
    pub n: usize,
}

/// The clearest swing of the last half of a run: of samples between bins of the data, or of D's outputs and the losses.
///
/// Samples: with `d(k)` the mean total variation between the shares at readings that are `k` apart, `1 - min d(m) / d(k)` over
/// `m > k`. Numbers: with `r(k)` their autocorrelation, the smaller of `-r` at its lowest and of `r` at its highest beyond.
pub fn swing(chart: &Chart) -> Option<Swing> {
    let numbers =
        ["discriminator/logit_real", "discriminator/logit_fake", "generator/loss", "discriminator/loss"];
    let of_numbers = numbers.iter().filter_map(|name| of_numbers(chart, name));
    of_samples(chart).into_iter().chain(of_numbers).max_by(|a, b| a.back.total_cmp(&b.back))
}

fn of_samples(chart: &Chart) -> Option<Swing> {
    let (family, all) = shares(chart)?;
    let late: Vec<_> = all.iter().rev().take(MOST).take_while(|point| point.0 >= chart.step() / 3).collect();
    let late: Vec<_> = late.into_iter().rev().collect();
    if late.len() < FEWEST {
        return None;
    }
    let lags = late.len() * 2 / 3;
    let mean = |lag: usize| {
        let pairs = late.windows(lag + 1).map(|window| apart(&window[0].1, &window[lag].1));
        pairs.sum::<f64>() / (late.len() - lag) as f64
    };
    let by_lag: Vec<f64> = (0..=lags).map(mean).collect();
    let mut best = (0.0, 0);
    for far in 1..lags {
        for again in far + 1..=lags {
            let back = 1.0 - by_lag[again] / by_lag[far].max(1e-9);
            if by_lag[far] > STAYS && back > best.0 {
                best = (back, again);
            }
        }
    }
    let steps: Vec<u64> = late.iter().map(|point| point.0).collect();
    Some(Swing::new(format!("{family}*").into(), best, &steps))
}

fn of_numbers(chart: &Chart, name: &'static str) -> Option<Swing> {
    let points = chart.reading(name)?.points();
    let late: Vec<_> =
        points.iter().rev().take(MOST).take_while(|point| point.0 >= chart.step() / 2).collect();
    let steps: Vec<u64> = late.iter().rev().map(|point| point.0).collect();
    let values: Vec<f64> = late.iter().rev().map(|point| point.1).collect();
    if values.len() < FEWEST || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let off: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let product = |lag: usize| off.iter().zip(&off[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let own = product(0);
    let by_lag: Vec<f64> = (0..values.len() / TIMES).map(|lag| product(lag) / own.max(1e-30)).collect();
    let mut best = (0.0, 0);
    for far in 2..by_lag.len() {
        for again in far + 2..by_lag.len() {
            let back = (-by_lag[far]).min(by_lag[again]);
            if back > best.0 {
                best = (back, again);
            }
        }
    }
    Some(Swing::new(name.into(), best, &steps))
}

impl Swing {
    fn new(reading: Cow<'static, str>, (back, lag): (f64, usize), steps: &[u64]) -> Swing {
        let (since, step, n) = (steps[0], steps[steps.len() - 1], steps.len());
        Swing { reading, back, period: (step - since) * lag as u64 / (n as u64 - 1), since, step, n }
    }

    /// How surely it comes back, as evidence.
    pub fn evidence(&self) -> Option<Evidence> {
        let reading = format!("{} comes back", self.reading).into();
        Some(Evidence { reading, step: self.step, value: self.back, expected: "near 0".to_owned() })
    }
}
