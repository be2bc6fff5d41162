//! `exploding-gradient`: gradients or weights grow without bound.

use super::{Answer, Verdict, held};
use crate::symptom::Signal;
use crate::{Chart, median};

/// Weights that are so many times as large as at first have run away.
const WEIGHTS: f64 = 10.0;
/// Weights of this root mean square have run away wherever they began: networks begin at 0.02 to 0.5.
const LARGE: f64 = 2.0;
/// So many times as large as at first, at least.
const GROWN: f64 = 2.0;
/// Gradients that are so many times as long as at first.
const GRADIENTS: f64 = 300.0;

pub(super) const VERDICT: Verdict = Verdict {
    name: "exploding-gradient",
    doc: "gradients or weights grow without bound",
    page: "The players throw each other further with each step: weights are many times as large as at first, or gradients hundreds of \
           times as long. What comes next is usually `diverged`.",
    needs: "norms of gradients or weights (the probes gradients and weights)",
    remedies: super::diverged::SLOWER,
    examine,
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
                signal.evidence(format!("near {early:.1e}, as at first")),
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

/// Are a player's weights far beyond what a network of use has?
pub(super) fn ran_away(chart: &Chart) -> bool {
    ["generator/weight_norm", "discriminator/weight_norm"].into_iter().any(|name| {
        let sizes = Signal::of(chart, name, |size| size);
        sizes.is_some_and(|signal| signal.over(LARGE).lasts())
    })
}
