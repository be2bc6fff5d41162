//! `healthy` and `converged`: nothing is wrong.

use super::from_log::{PRINT_SCORE, SCORES, is_known};
use super::{Answer, FromLog, Verdict, held};
use crate::symptom::{good, quality, score};
use crate::{Chart, Lasting, median};

/// What samples are worth stays where it changes less than this from the last third but one to the last third.
const STAYS: f64 = 0.1;
/// The same of a score, as a ratio.
const RATIO: f64 = 1.15;
/// Samples of which fewer are like data are not there yet.
const QUALITY: f64 = 0.35;

pub(super) const VERDICT: Verdict = Verdict {
    name: "healthy",
    doc: "nothing wrong is seen",
    page: "No other verdict holds, of those that the readings can tell.",
    needs: "readings",
    remedies: &[],
    examine: healthy,
    from_log: FromLog::ANY,
};

pub(super) const CONVERGED: Verdict = Verdict {
    name: "converged",
    doc: "nothing wrong is seen, and samples get no better any more",
    page: "No other verdict holds, and the score by which checkpoints are compared has stayed over the last third of the run.",
    needs: "a score of the samples",
    remedies: &[],
    examine: converged,
    from_log: FromLog { readings: SCORES, line: PRINT_SCORE, examine: None },
};

fn well(since: u64, sentence: &str, sentence_ko: &str) -> Answer {
    held(Lasting { since, strength: 1.0, n: 1 }, [], sentence.to_owned(), sentence_ko.to_owned())
}

/// Are samples still bad, as far as that is read?
pub(super) fn is_unfinished(chart: &Chart) -> bool {
    quality(chart).is_some_and(|signal| signal.under(QUALITY).lasts())
}

fn healthy(chart: &Chart) -> Answer {
    if chart.facts.is_imported && !is_known(chart) {
        return Answer::Untold("readings that the clinic knows: name them with --map");
    }
    if super::too_early::is_early(chart) || is_unfinished(chart) {
        return Answer::Absent;
    }
    if !chart.facts.is_imported {
        return well(0, "Nothing wrong is seen.", "이상이 보이지 않습니다.");
    }
    match score(chart) {
        None if chart.family("samples/").next().is_some() => well(
            0,
            "Nothing wrong is seen in what this log and its samples show: they are not all alike. Whether they are good only a score tells.",
            "이 기록과 샘플에 나타난 것만으로는 이상이 보이지 않습니다. 샘플이 모두 같지는 않지만, 얼마나 좋은지는 점수가 있어야 알 수 있습니다.",
        ),
        Some(_) => well(
            0,
            "Nothing wrong is seen in what this log shows.",
            "이 기록에 나타난 것만으로는 이상이 보이지 않습니다.",
        ),
        None => well(
            0,
            "Nothing wrong is seen in what this log shows. Losses do not tell whether samples are good, or all alike.",
            "이 기록에 나타난 것만으로는 이상이 보이지 않습니다. 손실만으로는 샘플이 좋은지, 모두 같은지 알 수 없습니다.",
        ),
    }
}

fn converged(chart: &Chart) -> Answer {
    if super::too_early::is_early(chart) || is_unfinished(chart) {
        return Answer::Absent;
    }
    let third = chart.step() / 3;
    let (signal, stays): (_, fn(f64, f64) -> bool) = match (good(chart), score(chart)) {
        // A score that is mildly past its best does not stay.
        _ if chart.facts.is_imported && super::past_its_best::is_past(chart) => return Answer::Absent,
        (Some(signal), _) => (signal, |before, after| (before - after).abs() < STAYS),
        (None, Some(score)) => (score.signal, |before, after| {
            (before / after).max(after / before) < RATIO && before * after > 0.0
        }),
        (None, None) => return Answer::CannotTell,
    };
    let middle = |from: u64| {
        let points = signal.points.iter().filter(|point| (from..from + third).contains(&point.0));
        median(points.map(|point| point.1))
    };
    match (middle(chart.step() - 2 * third), middle(chart.step() + 1 - third)) {
        (Some(before), Some(after)) if stays(before, after) => well(
            chart.step() - third,
            "Nothing wrong is seen, and samples get no better any more.",
            "이상이 보이지 않고, 샘플이 더 나아지지도 않습니다.",
        ),
        _ => Answer::Absent,
    }
}
