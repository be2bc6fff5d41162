//! Whether the players come back to where they were.

use std::borrow::Cow;

use super::gap;
use super::turning::{apart, shares, turning};
use crate::{Chart, Evidence, median};

/// Readings that a swing is told from, at least and at most.
const FEWEST: usize = 20;
const MOST: usize = 120;
/// Shares that are nearer than this stay, by chance of the draw.
const STAYS: f64 = 0.2;
/// A difference so many times what D's outputs of data vary by is large.
const FAR: f64 = 5.0;
/// Samples of which more go elsewhere from reading to reading move; chance moves a tenth.
const MOVES: f64 = 0.25;
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
    /// What the evidence calls `back`, and what is expected of it.
    pub told: (String, String),
}

/// The clearest swing of the later part of a run: of samples between bins of the data, of D's opinion, or of its outputs.
///
/// Samples: with `d(k)` the mean total variation between the shares at readings that are `k` apart, `1 - min d(m) / d(k)` over
/// `m > k`. Opinion: how often the difference of D's outputs of both kinds changes its sign, where it is large beside what D's outputs
/// of data vary by: samples lie now on one side of the data and now on the other. Numbers: with `r(k)` their autocorrelation, the smaller of `-r` at its lowest and of `r` at its highest beyond.
pub fn swing(chart: &Chart) -> Option<Swing> {
    let numbers = ["discriminator/logit_real", "discriminator/logit_fake"];
    let of_numbers = numbers.iter().filter_map(|name| of_numbers(chart, name));
    of_samples(chart)
        .into_iter()
        .chain(of_opinion(chart))
        .chain(of_numbers)
        .max_by(|a, b| a.back.total_cmp(&b.back))
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

fn of_opinion(chart: &Chart) -> Option<Swing> {
    let gap = gap(chart)?;
    let real = chart.reading("discriminator/logit_real")?;
    let late: Vec<_> = gap.points.iter().filter(|point| point.0 >= chart.step() / 2).collect();
    if late.len() < FEWEST {
        return None;
    }
    let steps: Vec<u64> = late.iter().map(|point| point.0).collect();
    let level = median(real.within(steps[0]..u64::MAX).iter().map(|point| point.1))?;
    let varies = median(real.within(steps[0]..u64::MAX).iter().map(|point| (point.1 - level).abs()))?;
    let large = median(late.iter().map(|point| point.1.abs()))? >= FAR * varies;
    let flips = late.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0).count();
    let turned = turning(chart)?.points.into_iter().filter(|point| point.0 >= steps[0]);
    let moves = median(turned.map(|point| point.1))? >= MOVES;
    let share = if large && moves { (flips as f64 / late.len() as f64).min(0.5) } else { 0.0 };
    // A sign that changes at every second reading is as sure as a pure wave.
    let lag = (2 * late.len()).checked_div(flips).unwrap_or(0);
    Some(Swing::new("discriminator/logit_real - logit_fake".into(), (2.0 * share, lag), &steps))
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
    pub(super) fn new(reading: Cow<'static, str>, (back, lag): (f64, usize), steps: &[u64]) -> Swing {
        let (since, step, n) = (steps[0], steps[steps.len() - 1], steps.len());
        let told = (format!("{reading} comes back"), "near 0".to_owned());
        Swing { told, reading, back, period: (step - since) * lag as u64 / (n as u64 - 1), since, step, n }
    }

    /// How surely it comes back, as evidence.
    pub fn evidence(&self) -> Option<Evidence> {
        let (reading, expected) = self.told.clone();
        Some(Evidence { reading: reading.into(), step: self.step, middle_of: 1, value: self.back, expected })
    }
}
