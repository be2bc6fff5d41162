//! `past-its-best`: samples were clearly better before.

use ganatomy_record::Direction;

use super::from_log::{PRINT_SCORE, SCORES};
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{AVERAGE, BEST, R1, SETTLE, SLOWER};
use crate::symptom::{OF_MODES, good, score};
use crate::{Chart, Course, Lasting, median};

/// A run whose samples are worth less than this share of what they were is past its best.
const SHARE: f64 = 0.65;
/// The same where modes are not known: bins of the data come and go more easily.
const SHARE_OF_BINS: f64 = 0.5;
/// Samples that were never worth this much had no best.
const LEAST: f64 = 0.2;
/// The same of a distance: clearly worse (measured on logs of StudioGAN: a median of 1.03 over the best, 19 of 65 over 1.5).
const RATIO: f64 = 1.5;
/// A distance below this share of the first one is as good as none.
const FLOOR: f64 = 0.01;

/// The last evaluation but one is so much worse than the best, too, where the last is no single jump.
const BEFORE: f64 = 1.25;
/// Mildly worse.
const MILDLY: f64 = 1.15;
/// The same of a last evaluation alone.
const MILDLY_ALONE: f64 = 1.25;

pub(super) const VERDICT: Verdict = Verdict {
    name: "past-its-best",
    doc: "samples were clearly better before",
    page: "The middle of the last three readings is clearly worse than the best middle of three before: of the share of good samples \
           times the share of the data that they hold where both are read, else of the score by which checkpoints are compared.",
    needs: "a score of the samples over the steps",
    remedies: &[BEST, SETTLE, R1, AVERAGE, SLOWER],
    examine,
    from_log: FromLog { readings: SCORES, line: PRINT_SCORE, examine: Some(by_log) },
};

fn examine(chart: &Chart) -> Answer {
    let (signal, strength): (_, Box<dyn Fn(f64, f64) -> f64>) = match (good(chart), score(chart)) {
        (Some(signal), _) => {
            let share = if signal.reading.ends_with(OF_MODES) || chart.reading("samples/reverse_kl").is_some()
            {
                SHARE
            } else {
                SHARE_OF_BINS
            };
            (signal, Box::new(move |best, now| if best < LEAST { 0.0 } else { share * best / now.max(1e-9) }))
        }
        // Evaluations of a log are few, and each is of many samples.
        (None, _) if chart.facts.is_imported => return Answer::CannotTell,
        (None, Some(score)) => {
            let down = score.better == Direction::Down;
            // Distances near zero, and below, are all alike.
            let first = score.signal.points.first().map_or(1.0, |point| point.1.abs());
            let at_least = move |value: f64| value.max(FLOOR * first).max(f64::MIN_POSITIVE);
            let worse = move |best: f64, now: f64| {
                let (best, now) = (at_least(best), at_least(now));
                if down { now / best / RATIO } else { best / now / RATIO }
            };
            (score.signal, Box::new(worse))
        }
        (None, None) => return Answer::CannotTell,
    };
    let is_better = |a: f64, b: f64| strength(a, b) > strength(b, a);
    let mut best = (0, f64::NAN);
    let mut course = Vec::new();
    for three in signal.points.windows(3) {
        let Some(now) = median(three.iter().map(|point| point.1)) else {
            continue;
        };
        if best.1.is_nan() || is_better(now, best.1) {
            best = (three[1].0, now);
        }
        course.push((three[2].0, strength(best.1, now)));
    }
    // Already a middle of three, it needs no other.
    let Some(lasting) = Course::new(course).lasting_of(1) else {
        return Answer::Absent;
    };
    let (step, value) = best;
    let before = format!("near {value:.3}, as at step {step}");
    held(
        lasting,
        signal.evidence(3, before),
        format!("Samples were clearly better at step {step}, and are past their best."),
        format!("{step} 단계의 샘플이 뚜렷이 더 좋았습니다: 가장 좋은 때가 지났습니다."),
    )
}

/// Is anything of it seen in a log, be it mild?
pub(super) fn is_past(chart: &Chart) -> bool {
    matches!(by_log(chart), Answer::Holds(_))
}

/// The last evaluations of a log beside its best one.
fn by_log(chart: &Chart) -> Answer {
    let Some(score) = score(chart) else {
        return Answer::CannotTell;
    };
    let down = score.better == Direction::Down;
    let points: Vec<(u64, f64)> =
        score.signal.points.iter().copied().filter(|point| point.1.is_finite()).collect();
    let first = points.first().map_or(1.0, |point| point.1.abs());
    let at_least = |value: f64| value.max(FLOOR * first).max(f64::MIN_POSITIVE);
    let best = points.iter().copied().reduce(|a, b| if (b.1 < a.1) == down && a.1 != b.1 { b } else { a });
    let Some((step, value)) =
        best.filter(|_| points.len() >= 3 && points.iter().all(|point| point.1.abs() < 1e5))
    else {
        return Answer::Absent;
    };
    let worse =
        |now: f64| if down { at_least(now) / at_least(value) } else { at_least(value) / at_least(now) };
    let times: Vec<(u64, f64)> = points.iter().map(|point| (point.0, worse(point.1))).collect();
    let [.., (_, second), (_, before), (_, last)] = times[..] else {
        return Answer::Absent;
    };
    let middle = median([second, before, last]).unwrap_or(last);
    let clearly = (last > RATIO && before > BEFORE) || (middle > RATIO && last > BEFORE);
    let mildly = last > MILDLY && (before > MILDLY || (MILDLY_ALONE..RATIO).contains(&last));
    let bound = if clearly {
        BEFORE
    } else if mildly {
        MILDLY
    } else {
        RATIO
    };
    if !clearly && !mildly && last <= RATIO {
        return Answer::Absent;
    }
    let since = times.iter().rev().take_while(|point| point.1 > bound && point.0 > step);
    let (n, since) = (since.clone().count().max(1), since.last().map_or(step, |point| point.0));
    let [sentence, sentence_ko] = told(clearly, mildly, last, step);
    let expected = format!("near {value:.4}, as at step {step}");
    held(
        Lasting { since, strength: last / RATIO, n },
        score.signal.evidence(1, expected),
        sentence,
        sentence_ko,
    )
    .surely(if clearly { 0.9 } else { 0.4 })
}

/// What is said where the last evaluation is so many times worse than the best, at a step.
fn told(clearly: bool, mildly: bool, last: f64, step: u64) -> [String; 2] {
    let percent = 100.0 * (last - 1.0);
    let (english, korean) = match (clearly, mildly) {
        (true, _) => (
            format!(
                "Samples were clearly better at step {step}: the score is now {last:.1} times worse, and past its best."
            ),
            format!(
                "{step} 단계의 샘플이 뚜렷이 더 좋았습니다: 지금 점수는 {last:.1}배 나쁘고, 가장 좋은 때가 지났습니다."
            ),
        ),
        (false, true) => (
            format!("Samples were somewhat better at step {step}: the score is {percent:.0} % worse now."),
            format!("{step} 단계의 샘플이 조금 더 좋았습니다: 지금 점수는 {percent:.0} % 나쁩니다."),
        ),
        (false, false) => (
            format!(
                "The last evaluation alone is {last:.1} times worse than the best, at step {step}: a second one will tell."
            ),
            format!(
                "마지막 평가 하나만 {step} 단계의 가장 좋은 값보다 {last:.1}배 나쁩니다: 한 번 더 평가해 보아야 압니다."
            ),
        ),
    };
    [english, korean]
}
