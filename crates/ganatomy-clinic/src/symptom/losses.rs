//! The losses that another program's log has of both players, calmed: single readings of a batch say little.

use std::borrow::Cow;

use super::Signal;
use crate::{Chart, Course, Evidence, Lasting, median};

/// A log of more readings is looked at in so many stretches, each by its middle value.
const STRETCHES: usize = 40;
/// Stretches that are the last tenth, and readings in a row of a short log.
const LAST: usize = 4;
const LAST_OF_FEW: usize = 3;
/// A loss of G that is so high and varies so little beside itself is mostly of other parts: reconstruction, classes.
const MOSTLY_OTHER: (f64, f64) = (3.0, 0.15);

/// D's loss of a log and G's, at the same stretches.
#[derive(Clone, Debug)]
pub struct Losses {
    /// D's loss, and what it is called.
    pub d: Signal,
    /// G's own loss, or nothing where only a total of several parts is there.
    pub g: Option<Signal>,
    /// The stretches.
    pub stretches: Vec<Stretch>,
}

/// Some readings in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first step and the last.
    pub steps: [u64; 2],
    /// The middle of D's loss; no number where no reading is finite.
    pub d: f64,
    /// The middle of G's.
    pub g: Option<f64>,
}

/// D's loss: as it is, else the sum of its halves, else what its outputs come to, `-ln D(x) - ln(1 - D(G(z)))`.
pub fn d_loss(chart: &Chart) -> Option<Signal> {
    let sum = |[first, second]: [&'static str; 2], name: &'static str, value: fn(f64, f64) -> f64| {
        let (one, other) = (chart.reading(first)?, chart.reading(second)?);
        let points = one.points().iter().filter_map(|&(step, a)| Some((step, value(a, other.at(step)?))));
        Some(Signal { reading: name.into(), points: points.collect() })
    };
    let halves = ["discriminator/loss_real", "discriminator/loss_fake"];
    let outputs = ["discriminator/probability_real", "discriminator/probability_fake"];
    let is_probability = |name| {
        chart.reading(name).is_some_and(|it| it.points().iter().all(|point| (0.0..=1.0).contains(&point.1)))
    };
    Signal::of(chart, "discriminator/loss", |loss| loss)
        .or_else(|| sum(halves, "discriminator/loss_real + loss_fake", |real, fake| real + fake))
        .or_else(|| {
            let known = outputs.iter().all(|name| is_probability(name));
            let loss = |real: f64, fake: f64| -real.max(1e-7).ln() - (1.0 - fake).max(1e-7).ln();
            known.then(|| sum(outputs, "-ln D(x) - ln(1 - D(G(z)))", loss)).flatten()
        })
}

impl Losses {
    /// The losses of a log that has D's.
    pub fn of(chart: &Chart) -> Option<Losses> {
        let d = d_loss(chart)?;
        let g = Signal::of(chart, "generator/loss", |loss| loss).filter(|g| !is_mostly_other(g));
        let stretches = stretches(&d, g.as_ref());
        Some(Losses { d, g, stretches })
    }

    /// Stretches that are the end of the log.
    pub fn last(&self) -> usize {
        if self.d.points.len() > STRETCHES { LAST } else { LAST_OF_FEW }
    }

    /// How strong a symptom is at each stretch.
    pub fn course(&self, strength: impl Fn(&Stretch) -> f64) -> Course {
        Course::new(self.stretches.iter().map(|stretch| (stretch.steps[0], strength(stretch))))
    }

    /// A symptom that is there at the end, in the middle of the last tenth.
    pub fn lasting(&self, strength: impl Fn(&Stretch) -> f64) -> Option<Lasting> {
        self.course(strength).lasting_of(self.last())
    }

    /// D's loss over the end, as evidence.
    pub fn evidence_of_d(&self, expected: impl Into<String>) -> Option<Evidence> {
        self.evidence(self.d.reading.clone(), |stretch| Some(stretch.d), expected.into())
    }

    /// G's loss over the end, as evidence.
    pub fn evidence_of_g(&self, expected: impl Into<String>) -> Option<Evidence> {
        self.evidence(self.g.as_ref()?.reading.clone(), |stretch| stretch.g, expected.into())
    }

    fn evidence(
        &self,
        reading: Cow<'static, str>,
        value: impl Fn(&Stretch) -> Option<f64>,
        expected: String,
    ) -> Option<Evidence> {
        let late = &self.stretches[self.stretches.len().saturating_sub(self.last())..];
        let value = median(late.iter().filter_map(value))?;
        let since = late.first()?.steps[0];
        let n = self.d.points.iter().filter(|point| point.0 >= since).count();
        Some(Evidence { reading, step: late.last()?.steps[1], value, middle_of: n, expected })
    }

    /// The middle of D's loss and of G's over the end.
    pub fn end(&self) -> Option<(f64, Option<f64>)> {
        let late = &self.stretches[self.stretches.len().saturating_sub(self.last())..];
        Some((median(late.iter().map(|it| it.d))?, median(late.iter().filter_map(|it| it.g))))
    }
}

/// Is a loss of G mostly of other parts than the game's?
fn is_mostly_other(g: &Signal) -> bool {
    let (least, spread) = MOSTLY_OTHER;
    let Some(level) = median(g.points.iter().map(|point| point.1)).filter(|level| *level > least) else {
        return false;
    };
    let varies = median(g.points.iter().map(|point| (point.1 - level).abs())).unwrap_or(0.0);
    let first = g.points.first().map_or(0.0, |point| point.1);
    // A loss that has risen to where it stands is G's own.
    varies < spread * level && first > 0.8 * level && g.points.len() >= 10
}

fn stretches(d: &Signal, g: Option<&Signal>) -> Vec<Stretch> {
    let n = d.points.len();
    let each = n.div_ceil(STRETCHES).max(1);
    let mut from = 0;
    let of = |points: &[(u64, f64)]| {
        let steps = [points[0].0, points[points.len() - 1].0];
        let of_g = g.and_then(|g| {
            let begun = g.points.partition_point(|point| point.0 < steps[0]);
            let until = g.points.partition_point(|point| point.0 <= steps[1]).max(begun);
            median(g.points[begun..until].iter().map(|point| point.1)).or_else(|| g.at(steps[1]))
        });
        let d = median(points.iter().map(|point| point.1)).unwrap_or(f64::NAN);
        Stretch { steps, d, g: of_g.filter(|value| value.is_finite()) }
    };
    let mut all = Vec::new();
    while from < n {
        // The last one is whole, so that the end of a log is not a few readings.
        let to = if n - from < 2 * each { n } else { from + each };
        all.push(of(&d.points[from..to]));
        from = to;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Facts;

    #[test]
    fn a_long_log_is_calmed_and_a_short_one_is_not() {
        let mut chart = Chart::new(Facts::default());
        for step in 1..=1000 {
            chart.read("discriminator/loss", step, if step % 10 == 0 { 9.0 } else { 1.0 });
            chart.read("generator/loss", step, step as f64);
        }
        let losses = Losses::of(&chart).unwrap();
        assert_eq!((losses.stretches.len(), losses.last()), (40, 4));
        assert_eq!(losses.stretches[0], Stretch { steps: [1, 25], d: 1.0, g: Some(13.0) });
        assert!(losses.stretches.iter().all(|stretch| stretch.d == 1.0));
        assert_eq!(losses.evidence_of_d("").unwrap().middle_of, 100);
        assert_eq!(Losses::of(&chart.until(5)).unwrap().stretches.len(), 5);
    }

    #[test]
    fn a_loss_is_put_together_where_only_its_parts_are_there() {
        let mut chart = Chart::new(Facts::default());
        chart.read("discriminator/probability_real", 1, 0.5);
        chart.read("discriminator/probability_fake", 1, 0.5);
        assert!((d_loss(&chart).unwrap().points[0].1 - 2.0 * 2.0_f64.ln()).abs() < 1e-9);
        chart.read("discriminator/loss_real", 1, 0.5);
        chart.read("discriminator/loss_fake", 1, 0.25);
        assert_eq!(d_loss(&chart).unwrap().points, [(1, 0.75)]);
    }

    #[test]
    fn a_total_of_other_parts_is_not_the_games_loss() {
        let mut chart = Chart::new(Facts::default());
        for step in 0..30 {
            chart.read("discriminator/loss", step, 0.2);
            chart.read("generator/loss", step, 25.0 + (step as f64).sin());
        }
        assert_eq!(Losses::of(&chart).unwrap().g, None);
    }
}
