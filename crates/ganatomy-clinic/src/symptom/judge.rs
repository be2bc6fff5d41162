//! How surely D tells samples from data.

use super::Signal;
use crate::Chart;

/// What it is called.
const RIGHT: &str = "the share of items that D is right on";

/// The share of items that D is right on: of both kinds alike; of a relativistic critic, of pairs, by the middle difference of its
/// outputs; of least squares, whose outputs are judged by targets and not by their sign, by how far that difference is beside the one
/// of the targets. Losses hold penalties too, and tell less. Nothing of another critic, whose outputs have no level.
pub fn certainty(chart: &Chart) -> Option<Signal> {
    let by_gap = |right: &dyn Fn(f64) -> f64| {
        let mut signal = gap(chart)?.named(RIGHT);
        signal.points.iter_mut().for_each(|point| point.1 = right(point.1));
        Some(signal)
    };
    if chart.facts.loss_is(&["relativistic", "relativistic-average"]) {
        return by_gap(&|gap| 1.0 / (1.0 + (-gap).exp()));
    }
    if chart.facts.loss_is(&["least-squares"]) {
        let [fake, real] = chart.facts.targets.unwrap_or([0.0, 1.0]);
        return by_gap(&|gap| (0.5 + gap / (real - fake) / 2.0).clamp(0.0, 1.0));
    }
    if chart.facts.has_critic() {
        return None;
    }
    both(chart, ["discriminator/accuracy_real", "discriminator/accuracy_fake"], RIGHT, |real, fake| {
        (real + fake) / 2.0
    })
}

/// The share of pairs of a real item and a sample of which D holds the real one for more real: it has a meaning under every loss.
pub fn told(chart: &Chart) -> Option<Signal> {
    // Targets may be the other way round.
    let is_turned = chart.facts.loss_is(&["least-squares"])
        && chart.facts.targets.is_some_and(|[fake, real]| fake > real);
    let own = Signal::of(chart, "discriminator/auc", |share| if is_turned { 1.0 - share } else { share });
    own.map(|signal| signal.named("the share of pairs that D is right on"))
}

/// D that errs in more than this share of items is not sure.
const UNSURE: f64 = 0.1;

/// Is D not sure, as far as that is told?
pub fn is_unsure(chart: &Chart) -> bool {
    certainty(chart).is_some_and(|signal| signal.course(|right| (1.0 - right) / UNSURE).lasts())
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
