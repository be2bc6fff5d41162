//! `never-learned`: samples were bad from the first reading and have stayed so.

use super::from_log::PRINT_SCORE;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{BALANCE, D_STEPS, R1, R3GAN, USUAL_RATES, WIDER};
use crate::symptom::{Signal, quality};
use crate::{Chart, Evidence, Lasting};

/// A run that was never above this share of good samples has learned nothing.
const QUALITY: f64 = 0.1;

/// An Inception score of a log that is never above this knows no class.
const INCEPTION: f64 = 1.2;
/// A distance that is never below this, and never below that share of the first, is flat and bad.
const DISTANCE: [f64; 2] = [120.0, 0.75];
/// Readings of a log that tell it.
const READINGS: &[&[&str]] = &[&["scores/fid/fid"], &["scores/inception/inception_score"]];

pub(super) const VERDICT: Verdict = Verdict {
    name: "never-learned",
    doc: "samples were bad from the first reading and have stayed so",
    page: "At no reading after the first tenth of the run was even a tenth of the samples like data, though half of the run is over.",
    needs: "how like data single samples are (the probes bins or modes)",
    remedies: &[USUAL_RATES, BALANCE, R1, R3GAN, D_STEPS, WIDER],
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_SCORE, examine: Some(by_log) },
};

fn examine(chart: &Chart) -> Answer {
    let Some(signal) = quality(chart) else {
        return Answer::CannotTell;
    };
    let begun = chart.steps() / 10;
    let late: Vec<_> = signal.points.iter().filter(|point| point.0 >= begun && point.1.is_finite()).collect();
    let best = late.iter().map(|point| point.1).fold(0.0, f64::max);
    let at = late.iter().find(|point| point.1 == best).map_or(chart.step(), |point| point.0);
    if late.len() < 3 && chart.step() >= chart.steps() / 2 {
        return Answer::CannotTell;
    }
    if chart.step() < chart.steps() / 2 || best >= QUALITY {
        return Answer::Absent;
    }
    let lasting = Lasting { since: 0, strength: QUALITY / best.max(1e-3), n: late.len() };
    let fewer_than = (100.0 * best).floor() + 1.0;
    held(
        lasting,
        [Evidence {
            reading: signal.reading.clone(),
            step: at,
            middle_of: 1,
            value: best,
            expected: format!("at least {QUALITY}"),
        }],
        format!(
            "At no reading after step {begun} were {fewer_than:.0} % of the samples like data: the generator has learned nothing yet."
        ),
        format!(
            "데이터와 닮은 샘플이 {fewer_than:.0} %가 된 적이 {begun} 단계 뒤로는 없습니다: 생성자가 아직 아무것도 배우지 못했습니다."
        ),
    )
}

/// A score that was bad at the first evaluation, and has stayed so.
fn by_log(chart: &Chart) -> Answer {
    let found = |name: &'static str, strength: &dyn Fn(&[f64]) -> f64| {
        let signal = Signal::of(chart, name, |value| value)?;
        let values: Vec<f64> = signal.points.iter().map(|point| point.1).collect();
        let strength = strength(&values);
        let n = values.len();
        let is_sound = values.iter().all(|value| (0.0..=1e5).contains(value));
        (n >= 3 && is_sound && strength > 1.0)
            .then_some((Lasting { since: signal.points[0].0, strength, n }, signal))
    };
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let by_inception =
        found("scores/inception/inception_score", &|values| INCEPTION / most(values).max(1e-9));
    let by_distance = found("scores/fid/fid", &|values| {
        (least(values) / DISTANCE[0]).min(least(values) / values[0].max(1e-9) / DISTANCE[1])
    });
    // What becomes better at every evaluation has only begun, perhaps.
    let distances =
        Signal::of(chart, "scores/fid/fid", |value| value).map_or(Vec::new(), |signal| signal.points);
    let is_falling = by_inception.is_none() && distances.windows(2).all(|pair| pair[1].1 < pair[0].1);
    let expected =
        if by_inception.is_some() { "over 1.2, and rising" } else { "to fall from where it began" };
    match by_inception.or(by_distance) {
        Some((lasting, signal)) => held(
            lasting,
            signal.evidence(1, expected),
            format!("{} was bad at the first evaluation and has stayed so: the generator has learned nothing yet.", signal.reading),
            format!("{} 점수가 처음부터 나쁘고 나아지지 않았습니다: 생성자가 아직 아무것도 배우지 못했습니다.", signal.reading),
        )
        .surely(if is_falling { 0.4 } else { 0.85 }),
        None => Answer::Absent,
    }
}
