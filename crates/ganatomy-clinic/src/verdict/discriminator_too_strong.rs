//! `discriminator-too-strong`: D tells all samples from data, and G does not catch up.

use super::from_log::PRINT_LOSSES;
use super::{Answer, FromLog, Verdict, held, wins};
use crate::cure::known::{BALANCE, NOISE, R1, R3GAN, SMOOTHING, USUAL_RATES};
use crate::symptom::{certainty, quality};
use crate::{Chart, median};

/// D that errs in fewer than this share of items tells all of them.
const ERRS: f64 = 0.03;
/// Samples of which more are like data than this have caught up.
const QUALITY: f64 = 0.5;
/// Readings in a row.
const IN_A_ROW: usize = 7;

pub(super) const VERDICT: Verdict = Verdict {
    name: "discriminator-too-strong",
    doc: "D tells all samples from data, and samples get no better",
    page: "D is right on nearly every item of both kinds, for long, while samples stay bad. A D that is right while G improves is no \
           illness; of a critic, whose outputs have no level, it is told from pairs.",
    needs: "D's accuracy and how like data samples are",
    remedies: &[R1, BALANCE, NOISE, SMOOTHING, R3GAN, USUAL_RATES],
    examine,
    from_log: FromLog { readings: wins::READINGS, line: PRINT_LOSSES, examine: Some(wins::by_log) },
};

fn examine(chart: &Chart) -> Answer {
    let (Some(signal), Some(quality)) = (certainty(chart), quality(chart)) else {
        return Answer::CannotTell;
    };
    let late = quality.points.iter().filter(|point| point.0 >= chart.step() * 2 / 3).map(|point| point.1);
    let early = quality.points.iter().filter(|point| point.0 <= chart.step() / 3).map(|point| point.1);
    let (Some(late), Some(early)) = (median(late), median(early)) else {
        return Answer::Absent;
    };
    let lasting =
        signal.course(|right| ERRS / (1.0 - right).max(1e-4)).from(chart.steps() / 10).lasting_of(IN_A_ROW);
    let Some(lasting) = lasting.filter(|_| late < QUALITY && late - early < 0.1) else {
        return Answer::Absent;
    };
    held(
        lasting,
        signal
            .evidence(IN_A_ROW, format!("under {}", 1.0 - ERRS))
            .into_iter()
            .chain(quality.evidence(IN_A_ROW, format!("over {QUALITY}"))),
        "The discriminator tells every sample from data, and samples get no better.".to_owned(),
        "판별자가 모든 샘플을 데이터와 구별하고, 샘플은 나아지지 않습니다.".to_owned(),
    )
}
