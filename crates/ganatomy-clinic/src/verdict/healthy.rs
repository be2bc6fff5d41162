//! `healthy` and `converged`: nothing is wrong.

use super::{Answer, Symptom, Verdict};
use crate::symptom::score;
use crate::{Chart, Lasting, median};

/// A score that changes less than this from the last third but one to the last third stays.
const STAYS: f64 = 1.15;

pub(super) const VERDICT: Verdict = Verdict {
    name: "healthy",
    doc: "nothing wrong is seen",
    page: "No other verdict holds, of those that the readings can tell.",
    needs: "readings",
    remedies: &[],
    examine: healthy,
};

pub(super) const CONVERGED: Verdict = Verdict {
    name: "converged",
    doc: "nothing wrong is seen, and samples get no better any more",
    page: "No other verdict holds, and the score by which checkpoints are compared has stayed over the last third of the run.",
    needs: "a score of the samples",
    remedies: &[],
    examine: converged,
};

fn well(since: u64, sentence: &str, sentence_ko: &str) -> Answer {
    Answer::Holds(Symptom {
        lasting: Lasting { since, strength: 1.0, n: 1 },
        sentence: sentence.to_owned(),
        sentence_ko: sentence_ko.to_owned(),
        evidence: Vec::new(),
    })
}

fn healthy(chart: &Chart) -> Answer {
    if super::too_early::is_early(chart) {
        return Answer::Absent;
    }
    well(0, "Nothing wrong is seen.", "이상이 보이지 않습니다.")
}

fn converged(chart: &Chart) -> Answer {
    if super::too_early::is_early(chart) {
        return Answer::Absent;
    }
    let Some(score) = score(chart) else {
        return Answer::CannotTell;
    };
    let third = chart.step() / 3;
    let middle = |from: u64| {
        let points = score.signal.points.iter().filter(|point| (from..from + third).contains(&point.0));
        median(points.map(|point| point.1))
    };
    match (middle(chart.step() - 2 * third), middle(chart.step() + 1 - third)) {
        (Some(before), Some(after)) if (before / after).max(after / before) < STAYS => well(
            chart.step() - third,
            "Nothing wrong is seen, and samples get no better any more.",
            "이상이 보이지 않고, 샘플이 더 나아지지도 않습니다.",
        ),
        _ => Answer::Absent,
    }
}
