//! How surely D tells samples from data.

use super::Signal;
use crate::Chart;

/// The smaller of D's accuracies on real and on generated items; nothing of a critic, whose outputs have no level.
pub fn accuracy(chart: &Chart) -> Option<Signal> {
    if chart.facts.has_critic() {
        return None;
    }
    both(chart, "discriminator/accuracy_real", "discriminator/accuracy_fake", f64::min)
}

/// Logits of real items less those of generated ones.
pub fn gap(chart: &Chart) -> Option<Signal> {
    both(chart, "discriminator/logit_real", "discriminator/logit_fake", |real, fake| real - fake)
}

/// A function of two readings at the steps of the first.
fn both(chart: &Chart, first: &'static str, second: &str, value: impl Fn(f64, f64) -> f64) -> Option<Signal> {
    let (one, other) = (chart.reading(first)?, chart.reading(second)?);
    let points = one.points().iter().filter_map(|&(step, a)| Some((step, value(a, other.at(step)?))));
    Some(Signal { reading: first.into(), points: points.collect() })
}
