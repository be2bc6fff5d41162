//! `exploding-gradient`: gradients or weights grow without bound.

use super::from_log::PRINT_LOSSES;
use super::{Answer, FromLog, Verdict, held};
use crate::symptom::{Kind, Losses, Signal, family};
use crate::{Chart, median};

/// Weights that are so many times as large as at first have run away.
const WEIGHTS: f64 = 10.0;
/// Weights of this root mean square have run away wherever they began: networks begin at 0.02 to 0.5.
const LARGE: f64 = 2.0;
/// So many times as large as at first, at least.
const GROWN: f64 = 2.0;
/// Gradients that are so many times as long as at first.
const GRADIENTS: f64 = 300.0;

/// Readings of a log that tell it.
const READINGS: &[&[&str]] = &[
    &["discriminator/loss"],
    &["discriminator/penalty"],
    &["discriminator/gradient_norm"],
    &["generator/gradient_norm"],
];
/// A loss so many times its early scale, which is at least 1.
const LOSS: f64 = 1e3;
/// A penalty so large, and one that is still in its wake.
const PENALTY: [f64; 2] = [1e4, 1e3];
/// A gradient of a log so long, and so many times as long as at first.
const GRADIENT: [f64; 2] = [100.0, 10.0];

pub(super) const VERDICT: Verdict = Verdict {
    name: "exploding-gradient",
    doc: "gradients or weights grow without bound",
    page: "The players throw each other further with each step: weights are many times as large as at first, or gradients hundreds of \
           times as long. What comes next is usually `diverged`.",
    needs: "norms of gradients or weights (the probes gradients and weights)",
    remedies: super::diverged::CALMER,
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_LOSSES, examine: Some(by_log) },
};

/// Readings, and the growth beyond which they have run away.
const WATCHED: [(&str, f64); 4] = [
    ("generator/weight_norm", WEIGHTS),
    ("discriminator/weight_norm", WEIGHTS),
    ("generator/gradient_norm", GRADIENTS),
    ("discriminator/gradient_norm", GRADIENTS),
];

fn examine(chart: &Chart) -> Answer {
    let mut known = false;
    for (name, bound) in WATCHED {
        let Some(signal) = Signal::of(chart, name, |norm| norm) else {
            continue;
        };
        known = true;
        let first = if bound == WEIGHTS { 1 } else { (signal.points.len() / 10).max(3) };
        let Some(early) = median(signal.points.iter().take(first).map(|point| point.1)) else {
            continue;
        };
        if early <= 0.0 {
            continue;
        }
        let most = bound * early;
        // Weights that began large are large, and have not run away.
        let most = if bound == WEIGHTS { most.min(LARGE.max(GROWN * early)) } else { most };
        if let Some(lasting) = signal.over(most).lasting() {
            let times = lasting.strength * most / early;
            return held(
                lasting,
                signal.evidence(crate::LASTING, format!("near {early:.1e}, as at first")),
                format!(
                    "{name} is {times:.0} times what it was at first: the players throw each other ever further."
                ),
                format!(
                    "{name} 값이 처음의 {times:.0}배입니다: 두 경기자가 서로를 점점 멀리 밀어내고 있습니다."
                ),
            );
        }
    }
    if known { Answer::Absent } else { Answer::CannotTell }
}

/// What losses, penalties and gradients of a log tell, up to where they are no numbers any more.
fn by_log(chart: &Chart) -> Answer {
    let own = super::diverged::broken_since(chart).map(|step| chart.until(step.saturating_sub(1)));
    let chart = own.as_ref().unwrap_or(chart);
    let grown = |name: &'static str, bound: f64, still: f64| {
        let signal = Signal::of(chart, name, f64::abs)?;
        let most = signal.points.iter().map(|point| point.1).fold(0.0, f64::max);
        let lasting = signal.over(still).lasting().filter(|_| most >= bound)?;
        Some((
            lasting,
            signal.evidence(crate::LASTING, "no growth without bound").into_iter().collect(),
            name,
            most,
        ))
    };
    let early = |name: &'static str| {
        let signal = Signal::of(chart, name, f64::abs)?;
        median(signal.points.iter().take((signal.points.len() / 10).max(3)).map(|point| point.1))
    };
    let gradient = |name| {
        let bound = GRADIENT[0].max(GRADIENT[1] * early(name)?);
        grown(name, bound, bound)
    };
    let found = grown("discriminator/penalty", PENALTY[0], PENALTY[1])
        .or_else(|| gradient("discriminator/gradient_norm"))
        .or_else(|| gradient("generator/gradient_norm"))
        .or_else(|| of_losses(chart));
    let Some((lasting, evidence, name, most)) = found else {
        return Answer::Absent;
    };
    let _: &Vec<crate::Evidence> = &evidence;
    held(
        lasting,
        evidence,
        format!("{name} has grown to {most:.0}: the players throw each other ever further."),
        format!("{name} 값이 {most:.0}까지 커졌습니다: 두 경기자가 서로를 점점 멀리 밀어내고 있습니다."),
    )
    .surely(0.85)
}

/// A loss that is a thousand times its early scale; a critic's G has no scale.
fn of_losses(chart: &Chart) -> Option<(crate::Lasting, Vec<crate::Evidence>, &'static str, f64)> {
    let losses = Losses::of(chart)?;
    let is_critic = family(chart)?.is(&[Kind::Critic]);
    let early = |value: &dyn Fn(usize) -> Option<f64>| {
        median((0..3.min(losses.stretches.len())).filter_map(value)).unwrap_or(1.0).abs().max(1.0)
    };
    let (d0, g0) = (early(&|i| Some(losses.stretches[i].d)), early(&|i| losses.stretches[i].g));
    let of_d = losses.lasting(|stretch| stretch.d.abs() / (LOSS * d0));
    if let Some(lasting) = of_d {
        let most = lasting.strength * LOSS * d0;
        return Some((
            lasting,
            losses.evidence_of_d(format!("near {d0:.1}, as at first")).into_iter().collect(),
            "discriminator/loss",
            most,
        ));
    }
    let of_g =
        losses.lasting(|stretch| stretch.g.map_or(0.0, |g| g.abs() / (LOSS * g0))).filter(|_| !is_critic)?;
    let most = of_g.strength * LOSS * g0;
    Some((
        of_g,
        losses.evidence_of_g(format!("near {g0:.1}, as at first")).into_iter().collect(),
        "generator/loss",
        most,
    ))
}

/// Are a player's weights far beyond what a network of use has?
pub(super) fn ran_away(chart: &Chart) -> bool {
    ["generator/weight_norm", "discriminator/weight_norm"].into_iter().any(|name| {
        let sizes = Signal::of(chart, name, |size| size);
        sizes.is_some_and(|signal| signal.over(LARGE).lasts())
    })
}
