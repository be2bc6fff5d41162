//! How surely D tells samples from data.

use super::Signal;
use crate::Chart;

/// What it is called.
const RIGHT: &str = "the share of items that D is right on";

/// The share of items that D is right on: of both kinds alike; of a relativistic critic, of pairs, and of least squares, whose outputs
/// are judged by their distance from a target and not by their sign, by its loss. Nothing of another critic, whose outputs have no level.
pub fn certainty(chart: &Chart) -> Option<Signal> {
    if chart.facts.loss_is(&["relativistic", "relativistic-average"]) {
        // softplus(-(real - fake)), of which the mean over pairs is the loss; twice that where both kinds are averaged.
        let by_loss = Signal::of(chart, "discriminator/loss", |loss| (-loss).exp().clamp(0.0, 1.0));
        return by_loss.map(|signal| signal.named(RIGHT));
    }
    if chart.facts.loss_is(&["least-squares"]) {
        // Half the sum of both squared errors: a quarter where D says the middle of everything, nothing where it is right.
        let by_loss = Signal::of(chart, "discriminator/loss", |loss| (1.0 - 2.0 * loss).clamp(0.0, 1.0));
        return by_loss.map(|signal| signal.named(RIGHT));
    }
    if chart.facts.has_critic() {
        return None;
    }
    both(chart, ["discriminator/accuracy_real", "discriminator/accuracy_fake"], RIGHT, |real, fake| {
        (real + fake) / 2.0
    })
}

/// Logits of real items less those of generated ones.
pub fn gap(chart: &Chart) -> Option<Signal> {
    let name = "discriminator/logit_real - discriminator/logit_fake";
    both(chart, ["discriminator/logit_real", "discriminator/logit_fake"], name, |real, fake| real - fake)
}

/// A function of two readings at the steps of the first.
fn both(
    chart: &Chart,
    [first, second]: [&str; 2],
    name: &'static str,
    value: impl Fn(f64, f64) -> f64,
) -> Option<Signal> {
    let (one, other) = (chart.reading(first)?, chart.reading(second)?);
    let points = one.points().iter().filter_map(|&(step, a)| Some((step, value(a, other.at(step)?))));
    Some(Signal { reading: name.into(), points: points.collect() })
}
