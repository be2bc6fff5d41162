//! `discriminator-too-strong`: D tells all samples from data, and G does not catch up.

use super::from_log::PRINT_LOSSES;
use super::{Answer, FromLog, Verdict, held, wins};
use crate::cure::known::{BALANCE, NOISE, R1, R3GAN, SMOOTHING, USUAL_RATES};
use crate::symptom::{certainty, quality, told};
use crate::{Chart, median};

/// D that errs in fewer than this share of items tells all of them.
const ERRS: f64 = 0.03;
/// The same of pairs.
const ERRS_PAIRS: f64 = 0.005;
/// Samples of which more are like data than this have caught up.
const QUALITY: f64 = 0.5;
/// Readings in a row, of single batches.
const LEAST: usize = 7;

pub(super) const VERDICT: Verdict = Verdict {
    name: "discriminator-too-strong",
    doc: "D tells all samples from data, and samples get no better",
    page: "D holds nearly every real item for more real than nearly every sample, for long, while samples stay bad. A D that is right \
           while G improves is no illness. Where pairs are not read it is told from D's accuracy; not of a critic, whose outputs have no level.",
    needs: "D's outputs of pairs (the probe bins) or its accuracy, and how like data samples are",
    remedies: &[R1, BALANCE, NOISE, SMOOTHING, R3GAN, USUAL_RATES],
    examine,
    from_log: FromLog { readings: wins::READINGS, line: PRINT_LOSSES, examine: Some(wins::by_log) },
};

fn examine(chart: &Chart) -> Answer {
    // What is told of pairs has to last for a third of the readings.
    let by_pairs = told(chart).map(|signal| (signal.late(crate::LASTING), signal, ERRS_PAIRS));
    let sure = by_pairs.or_else(|| certainty(chart).map(|signal| (LEAST, signal, ERRS)));
    let (Some((n, signal, errs)), Some(quality)) = (sure, quality(chart)) else {
        return Answer::CannotTell;
    };
    let late = quality.points.iter().filter(|point| point.0 >= chart.step() * 2 / 3).map(|point| point.1);
    let early = quality.points.iter().filter(|point| point.0 <= chart.step() / 3).map(|point| point.1);
    let (Some(late), Some(early)) = (median(late), median(early)) else {
        return Answer::Absent;
    };
    let lasting =
        signal.course(|right| errs / (1.0 - right).max(1e-4)).from(chart.steps() / 10).lasting_of(n);
    let Some(lasting) = lasting.filter(|_| late < QUALITY && late - early < 0.1) else {
        return Answer::Absent;
    };
    held(
        lasting,
        signal
            .evidence(n, format!("under {}", 1.0 - errs))
            .into_iter()
            .chain(quality.evidence(LEAST, format!("over {QUALITY}"))),
        "The discriminator tells every sample from data, and samples get no better.".to_owned(),
        "판별자가 모든 샘플을 데이터와 구별하고, 샘플은 나아지지 않습니다.".to_owned(),
    )
}
