//! `diverged`: a number is no longer finite.

use ganatomy_record::Outcome;

use super::from_log::PRINT_LOSSES;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::Cure;
use crate::cure::known::{R1, SLOWER, SPECTRAL_NORM, USUAL_RATES};
use crate::{Chart, Evidence, Lasting};

/// What is looked at, where the record does not say how the run ended.
const LOSSES: [&str; 5] = [
    "discriminator/loss",
    "generator/loss",
    "generator/total_loss",
    "discriminator/loss_real",
    "discriminator/loss_fake",
];

pub(super) const VERDICT: Verdict = Verdict {
    name: "diverged",
    doc: "a number is no longer finite: the run is over",
    page: "A loss, a gradient or a weight has become infinite or not a number, and everything after it is lost. The run ends at \
           the first such number, whose name is in the record; the last healthy checkpoint is kept.",
    needs: "how the run ended, or a loss",
    remedies: CALMER,
    examine,
    from_log: FromLog {
        readings: &[&[LOSSES[0]], &[LOSSES[1]], &[LOSSES[2]]],
        line: PRINT_LOSSES,
        examine: None,
    },
};

/// What keeps players from throwing each other ever further.
pub(super) const CALMER: &[Cure] = &[SLOWER, R1, SPECTRAL_NORM, USUAL_RATES];

/// The step from which a loss is no number any more.
pub(super) fn broken_since(chart: &Chart) -> Option<u64> {
    LOSSES.iter().filter_map(|name| broken(chart, name)).map(|point| point.0).min()
}

/// The first of the values at the end of a loss that are no numbers. Some programs print `nan` for what was not measured, as of G between
/// its moves: of their logs no more is told from such an end than from the longest gap before it.
fn broken(chart: &Chart, name: &str) -> Option<(u64, f64)> {
    let points = chart.reading(name)?.points();
    let n_last = points.iter().rev().take_while(|point| !point.1.is_finite()).count();
    let (before, end) = points.split_at(points.len() - n_last);
    let gaps = before.split(|point| point.1.is_finite()).map(<[_]>::len);
    let is_gap = chart.facts.is_imported && n_last <= gaps.max().unwrap_or(0);
    end.first().copied().filter(|_| !is_gap)
}

fn examine(chart: &Chart) -> Answer {
    let broken = LOSSES.iter().find_map(|name| {
        let found = broken(chart, name)?;
        Some((name.to_string(), found.0, found.1))
    });
    let (quantity, step, value) = match (chart.outcome(), broken) {
        (Some(Outcome::Diverged { quantity }), _) => (quantity.clone(), chart.step(), f64::NAN),
        (_, Some(broken)) => broken,
        (None, None) if LOSSES.iter().all(|name| chart.reading(name).is_none()) => return Answer::CannotTell,
        _ => return Answer::Absent,
    };
    let expected = "a finite number".to_owned();
    held(
        Lasting { since: step, strength: f64::INFINITY, n: 1 },
        [Evidence { reading: quantity.clone().into(), step, middle_of: 1, value, expected }],
        format!("The run diverged: {quantity} stopped being a finite number."),
        format!("발산했습니다: {quantity} 값이 더 이상 유한한 수가 아닙니다."),
    )
}
