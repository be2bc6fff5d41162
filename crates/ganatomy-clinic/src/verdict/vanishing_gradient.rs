//! `vanishing-gradient`: G's loss no longer tells it where to go.

use super::from_log::PRINT_LOSSES;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{BALANCE, NOISE, NON_SATURATING, R1, USUAL_RATES, WGAN_GP};
use crate::symptom::{Kind, Losses, Signal, diversity, family, is_unsure, quality};
use crate::{Chart, median};

/// A gradient below this share of what it was at its longest has vanished.
const SHARE: f64 = 1e-3;
/// Samples of which fewer are like data than this have not arrived.
const QUALITY: f64 = 0.2;
/// A slope at the samples that is shorter than this is none.
const NONE: f64 = 1e-5;
/// Samples so many times as far apart as data were flung out.
const FLUNG: f64 = 3.0;
/// Readings in a row.
const IN_A_ROW: usize = 5;

/// Readings of a log that tell it.
const READINGS: &[&[&str]] = &[
    &["discriminator/loss", "generator/loss"],
    &["generator/gradient_norm"],
    &["generator/output_gradient_norm"],
];
/// A saturating loss nearer to 0 than this, under a D whose own is under that, has no slope left.
const SATURATED: [f64; 2] = [1e-3, 0.15];

pub(super) const VERDICT: Verdict = Verdict {
    name: "vanishing-gradient",
    doc: "G's gradient has vanished before its samples were good",
    page: "The slope of G's loss at its samples is a thousandth of what it was, though samples are bad: where D is sure, the minimax loss \
           log(1 - D) and every loss that saturates is flat.",
    needs: "the norm of G's gradient (the probe gradients)",
    remedies: &[NON_SATURATING, WGAN_GP, NOISE, BALANCE, R1, USUAL_RATES],
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_LOSSES, examine: Some(by_log) },
};

fn examine(chart: &Chart) -> Answer {
    let own = Signal::of(chart, "generator/output_gradient_norm", |norm| norm);
    let Some(signal) = own.or_else(|| Signal::of(chart, "generator/gradient_norm", |norm| norm)) else {
        return Answer::CannotTell;
    };
    let n = signal.points.len();
    let early = median(signal.points.iter().take((n / 10).max(3)).map(|point| point.1)).unwrap_or(0.0);
    let is_bad = quality(chart).is_none_or(|signal| signal.under(QUALITY).lasts());
    // Weights that have run away leave every gradient behind them small.
    let ran_away = super::exploding_gradient::ran_away(chart);
    let flung = diversity(chart).is_some_and(|signal| signal.over(FLUNG).lasts());
    // D that is not sure leaves G whatever slope it has.
    let unsure = is_unsure(chart);
    let dead = super::dead_players::stuck(chart).is_some();
    let is_bad = is_bad && !ran_away && !flung && !unsure && !dead;
    let bound = if signal.reading == "generator/output_gradient_norm" {
        NONE.max(SHARE * early)
    } else {
        SHARE * early
    };
    let Some(lasting) = signal.course(|norm| bound / norm.max(1e-30)).lasting_of(IN_A_ROW).filter(|_| is_bad)
    else {
        return Answer::Absent;
    };
    held(
        lasting,
        signal.evidence(IN_A_ROW, format!("near {early:.1e}, as at first")),
        "The generator's gradient has vanished: its loss no longer tells it where to go.".to_owned(),
        "생성자의 기울기가 사라졌습니다: 손실이 더 이상 갈 곳을 알려 주지 않습니다.".to_owned(),
    )
}

/// A saturating loss of G that stands at 0 under a D that is sure.
fn by_log(chart: &Chart) -> Answer {
    let Some((losses, family)) = Losses::of(chart).zip(family(chart)) else {
        return Answer::CannotTell;
    };
    if !family.is(&[Kind::Saturating]) {
        return Answer::Absent;
    }
    let strength = |d: f64, g: f64| (SATURATED[0] / g.abs().max(1e-9)).min(SATURATED[1] / d.max(1e-9));
    match losses.lasting(|stretch| stretch.g.map_or(0.0, |g| strength(stretch.d, g))) {
        Some(lasting) => held(
            lasting,
            losses.evidence_of_g("well below 0").into_iter().chain(losses.evidence_of_d("not near 0")),
            "G's saturating loss stands at 0 while the discriminator is sure: there is no slope left to follow.".to_owned(),
            "판별자가 확신하는 동안 생성자의 포화 손실이 0에 멈춰 있습니다: 따라갈 기울기가 남아 있지 않습니다.".to_owned(),
        )
        .surely(0.85),
        None => Answer::Absent,
    }
}
