//! `dead-players`: a player has no opinion and makes no movement.

use super::from_log::PRINT_LOSSES;
use super::stuck::by_log;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{BALANCE, CLIP, MOVING, USUAL_RATES, WIDER};
use crate::symptom::{Signal, quality};
use crate::{Chart, Lasting};

/// A weight's size that changes less than this from reading to reading does not move.
const STILL: f64 = 1e-7;
/// Logits of both kinds that are nearer than this say nothing.
const NO_OPINION: f64 = 1e-4;
/// Samples of which fewer are like data than this are bad.
const QUALITY: f64 = 0.3;
/// Readings in a row.
const IN_A_ROW: usize = 5;

/// Readings of a log that tell it.
const READINGS: &[&[&str]] = &[
    &["discriminator/loss"],
    &["discriminator/loss_real", "discriminator/loss_fake"],
    &["discriminator/probability_real", "discriminator/probability_fake"],
    &["discriminator/penalty"],
    &["discriminator/logit_real", "discriminator/logit_fake"],
];

pub(super) const VERDICT: Verdict = Verdict {
    name: "dead-players",
    doc: "a player does not move, or D has no opinion",
    page: "D's weights stay where they are, or its outputs on real and generated items are the same, reading after reading, while samples \
           are bad: a critic clipped to nothing, labels without meaning, a learning rate of zero.",
    needs: "D's outputs or the size of its weights (the probe weights)",
    remedies: &[MOVING, CLIP, BALANCE, USUAL_RATES, WIDER],
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_LOSSES, examine: Some(by_log) },
};

/// What does not move or says nothing, if anything.
pub(super) fn stuck(chart: &Chart) -> Option<(Lasting, Signal)> {
    let sizes = Signal::of(chart, "discriminator/weight_norm", |size| size).map(|mut sizes| {
        let moved = |pair: &[(u64, f64)]| (pair[1].0, (pair[1].1 / pair[0].1 - 1.0).abs());
        sizes.points = sizes.points.windows(2).map(moved).collect();
        (sizes, STILL)
    });
    let gap = crate::symptom::gap(chart).map(|signal| (signal, NO_OPINION));
    [sizes, gap].into_iter().flatten().find_map(|(signal, bound)| {
        let lasting = signal
            .course(|value| bound / value.abs().max(1e-12))
            .from(chart.steps() / 5)
            .lasting_of(IN_A_ROW)?;
        Some((lasting, signal))
    })
}

fn examine(chart: &Chart) -> Answer {
    if crate::symptom::gap(chart).is_none() && chart.reading("discriminator/weight_norm").is_none() {
        return Answer::CannotTell;
    }
    let is_bad = quality(chart).is_none_or(|signal| signal.under(QUALITY).lasting_of(IN_A_ROW).is_some());
    match stuck(chart).filter(|_| is_bad && !super::exploding_gradient::ran_away(chart)) {
        Some((lasting, signal)) => held(
            lasting,
            signal.evidence(IN_A_ROW, "a change from reading to reading"),
            "The discriminator does not move, or says the same of samples and of data: nothing is learned from it.".to_owned(),
            "판별자가 움직이지 않거나 샘플과 데이터를 똑같이 봅니다: 배울 것이 없습니다.".to_owned(),
        ),
        None => Answer::Absent,
    }
}
