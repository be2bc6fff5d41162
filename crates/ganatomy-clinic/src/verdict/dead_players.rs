//! `dead-players`: a player has no opinion and makes no movement.

use super::from_log::PRINT_LOSSES;
use super::stuck::by_log;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{BALANCE, CLIP, MOVING, USUAL_RATES, WIDER};
use crate::symptom::{Signal, gap, moved, quality, told};
use crate::{Chart, Lasting};

/// A weight's size that changes less than this from reading to reading does not move.
const STILL: f64 = 1e-7;
/// Logits of both kinds that are nearer than this say nothing.
const NO_OPINION: f64 = 1e-4;
/// Samples that go less far from reading to reading, in widths of the data, stay.
const STAYS: f64 = 0.003;
/// A generator whose weights' size changes more than this moves, though the middle of its samples stays.
const G_MOVES: f64 = 5e-4;
/// D whose share of pairs is farther from a half than this has an opinion.
const OPINION: f64 = 0.1;
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
    page: "D's weights stay where they are, a critic says the same of samples and of data, or samples (of at most eight numbers) stay under a D that tells \
           nothing, reading after reading, while samples are bad: a critic clipped to nothing, labels without meaning, a learning rate of zero.",
    needs: "D's outputs or the size of its weights (the probes weights and bins)",
    remedies: &[MOVING, CLIP, BALANCE, USUAL_RATES, WIDER],
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_LOSSES, examine: Some(by_log) },
};

/// What a symptom is told from.
type Told = (Lasting, Signal);

/// What does not move or says nothing, if anything.
pub(super) fn stuck(chart: &Chart) -> Option<Told> {
    still(chart).or_else(|| silent(chart)).or_else(|| settled(chart))
}

/// Can D do nothing, whatever it is shown?
pub(super) fn is_dead(chart: &Chart) -> bool {
    still(chart).or_else(|| silent(chart)).is_some()
}

/// A D whose weights do not move.
fn still(chart: &Chart) -> Option<Told> {
    let changes = changes(chart, "discriminator/weight_norm")?;
    lasts(chart, changes, |change| STILL / change.max(1e-12))
}

/// How much of itself a size changes from reading to reading.
fn changes(chart: &Chart, reading: &'static str) -> Option<Signal> {
    let mut sizes = Signal::of(chart, reading, |size| size)?;
    let change = |pair: &[(u64, f64)]| (pair[1].0, (pair[1].1 / pair[0].1 - 1.0).abs());
    sizes.points = sizes.points.windows(2).map(change).collect();
    Some(sizes)
}

/// A critic, or where pairs and places do not tell any D, that says the same of both kinds.
fn silent(chart: &Chart) -> Option<Told> {
    let is_settled_told = told(chart).is_some() && moved(chart).is_some();
    let gap = gap(chart).filter(|_| chart.facts.has_critic() || !is_settled_told)?;
    lasts(chart, gap, |gap| NO_OPINION / gap.abs().max(1e-12))
}

/// Samples that stay where they are under a D without an opinion.
fn settled(chart: &Chart) -> Option<Told> {
    let (moved, told) = (moved(chart)?, told(chart)?);
    lasts(chart, told, |share| OPINION / (share - 0.5).abs().max(1e-6))?;
    if let Some(of_g) = changes(chart, "generator/weight_norm") {
        lasts(chart, of_g, |change| G_MOVES / change.max(1e-12))?;
    }
    lasts(chart, moved, |way| STAYS / way.max(1e-12))
}

fn lasts(chart: &Chart, signal: Signal, strength: impl Fn(f64) -> f64) -> Option<Told> {
    let lasting = signal.course(strength).from(chart.steps() / 5).lasting_of(IN_A_ROW)?;
    Some((lasting, signal))
}

fn examine(chart: &Chart) -> Answer {
    if gap(chart).is_none() && chart.reading("discriminator/weight_norm").is_none() {
        return Answer::CannotTell;
    }
    let bad = |signal: Signal| {
        // Of a short record all that there are.
        let n = IN_A_ROW.min(signal.points.len().max(crate::LASTING));
        signal.under(QUALITY).lasting_of(n).is_some()
    };
    let is_bad = quality(chart).is_none_or(bad);
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
