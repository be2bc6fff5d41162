//! Whether samples come back to where they were.

use super::turning::{apart, shares};
use crate::{Chart, Evidence};

/// Readings that a swing is told from.
const READINGS: usize = 24;
/// Shares that are nearer than this stay, by chance of the draw.
const STAYS: f64 = 0.2;

/// How samples swing.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The share of the way that they have gone at half a period which they have come back after a whole one.
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

/// How samples swing between bins of the data over the last readings; `back` is 0 where they stay, or go on and on.
///
/// With `d(k)` the mean total variation between the shares at readings that are `k` apart, and `k` where it is the largest before it
/// falls: `1 - min d(m) / d(k)` over `m > k`.
pub fn swing(chart: &Chart) -> Option<Swing> {
    let (_, all) = shares(chart)?;
    let late = &all[all.len().checked_sub(READINGS)?..];
    let lags = READINGS * 2 / 3;
    let mean = |lag: usize| {
        let pairs = late.windows(lag + 1).map(|window| apart(&window[0].1, &window[lag].1));
        pairs.sum::<f64>() / (READINGS - lag) as f64
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
    let (since, step) = (late[0].0, late[READINGS - 1].0);
    let period = (step - since) * best.1 as u64 / (READINGS as u64 - 1);
    Some(Swing { back: best.0, period, since, step, n: READINGS })
}

impl Swing {
    /// The share of the way back as evidence.
    pub fn evidence(&self) -> Option<Evidence> {
        let expected = "near 0".to_owned();
        Some(Evidence {
            reading: "samples/bin_share/* come back".into(),
            step: self.step,
            value: self.back,
            expected,
        })
    }
}
