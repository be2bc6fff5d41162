//! `generator-too-strong`: D cannot tell samples from data though they are bad.

use super::from_log::{BOTH, PRINT_LOSSES};
use super::stuck::is_cut_off;
use super::{Answer, FromLog, Verdict, dead_players, held};
use crate::Chart;
use crate::cure::known::{BALANCE, D_STEPS, R3GAN, TWO_TIME_SCALES, USUAL_RATES, WIDER};
use crate::symptom::{Kind, Losses, MEAN, Signal, certainty, family, quality, told};

/// D that is right on no more than this share of pairs, or items, tells nothing.
const RIGHT: f64 = 0.6;
/// Samples of which fewer are like data than this are bad.
const QUALITY: f64 = 0.3;
/// Readings in a row, of single batches.
const LEAST: usize = 7;

/// D's loss of a log over so many times chance, and G's under that.
const LOSES: [f64; 2] = [2.0, 0.1];
/// The same where D's accuracy is under the third: it calls samples real.
const FOOLED: [f64; 3] = [1.15, 0.6, 0.2];

pub(super) const VERDICT: Verdict = Verdict {
    name: "generator-too-strong",
    doc: "D cannot tell samples from data, though they are bad",
    page: "D tells pairs of a real item and a sample about as often as chance while few samples are like data: it is too small, too slow or too rarely trained to teach \
           G anything.",
    needs: "D's outputs of pairs (the probe bins) or its accuracy, and how like data samples are",
    remedies: &[BALANCE, D_STEPS, TWO_TIME_SCALES, WIDER, R3GAN, USUAL_RATES],
    examine,
    from_log: FromLog { readings: BOTH, line: PRINT_LOSSES, examine: Some(by_log) },
};

fn examine(chart: &Chart) -> Answer {
    // What is told of pairs has to last for a third of the readings.
    let late = |signal: &Signal| signal.late(crate::LASTING);
    let Some(quality) = quality(chart) else {
        return Answer::CannotTell;
    };
    let by_pairs = told(chart).map(|signal| (late(&signal), late(&quality), signal));
    let right = by_pairs.or_else(|| certainty(chart).map(|signal| (LEAST, LEAST, signal)));
    let Some((n, n_bad, signal)) = right else {
        return Answer::CannotTell;
    };
    let bad = quality.under(QUALITY).from(chart.steps() / 5).lasting_of(n_bad);
    // It is 0.5 where D knows nothing, and less where it errs.
    let cannot =
        signal.course(|right| (1.0 - right).max(0.0) / (1.0 - RIGHT)).from(chart.steps() / 5).lasting_of(n);
    match (bad, cannot) {
        (Some(bad), Some(cannot)) if !dead_players::is_dead(chart) => held(
            crate::Lasting { since: bad.since.max(cannot.since), ..cannot },
            signal.evidence(n, format!("over {RIGHT}")).into_iter().chain(quality.evidence(n_bad, format!("over {QUALITY}"))),
            "The discriminator cannot tell samples from data, though few of them are like data: it is too weak.".to_owned(),
            "데이터와 닮은 샘플이 적은데도 판별자가 구별하지 못합니다: 판별자가 너무 약합니다.".to_owned(),
        ),
        _ => Answer::Absent,
    }
}

/// A D whose loss is far over chance while G's is near 0, and whose outputs are not cut off.
fn by_log(chart: &Chart) -> Answer {
    let Some((losses, family)) = Losses::of(chart).zip(family(chart)) else {
        return Answer::CannotTell;
    };
    let is_of_level = family.is(&[Kind::NonSaturating, Kind::LeastSquares, Kind::Unknown]);
    let Some(g) = losses.g.as_ref().filter(|_| is_of_level) else {
        return Answer::Untold(super::from_log::PRINT_OUTPUTS);
    };
    let chance = family.chance.unwrap_or(2.0 * MEAN);
    let accuracy = Signal::of(chart, "discriminator/accuracy", |share| share);
    let strength = |stretch: &crate::symptom::Stretch| {
        let (d, g) = (stretch.d / chance, stretch.g.unwrap_or(f64::INFINITY).max(1e-6));
        let loses = (d / LOSES[0]).min(LOSES[1] / g);
        let right = accuracy.as_ref().and_then(|right| right.at(stretch.steps[1]));
        let is_fooled = right.is_some_and(|right| right < FOOLED[2]);
        let fooled = if is_fooled { (d / FOOLED[0]).min(FOOLED[1] / g) } else { 0.0 };
        if is_cut_off(stretch.d) { 0.0 } else { loses.max(fooled) }
    };
    match losses.lasting(strength).filter(|_| !g.points.is_empty()) {
        Some(lasting) => held(
            lasting,
            losses.evidence_of_d(format!("near {chance:.3}")).into_iter().chain(losses.evidence_of_g("well above 0")),
            "The discriminator loses: its loss is over chance while the generator's is low, so that it calls samples real.".to_owned(),
            "판별자가 집니다: 판별자의 손실은 우연 수준보다 높고 생성자의 손실은 낮습니다. 샘플을 진짜로 보는 것입니다.".to_owned(),
        )
        .surely(0.75),
        None => Answer::Absent,
    }
}
