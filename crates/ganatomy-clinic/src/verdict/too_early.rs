//! `too-early`: there is not enough to tell anything from.

use ganatomy_record::Outcome;

use super::{Answer, FromLog, Verdict, held};
use crate::{Chart, LASTING, Lasting};

/// The share of a run that is its beginning.
const BEGINNING: f64 = 0.05;

pub(super) const VERDICT: Verdict = Verdict {
    name: "too-early",
    doc: "there are too few steps or readings to tell",
    page: "Fewer than three readings, or less than a twentieth of the run; or samples that are not like data yet though nothing is wrong.",
    needs: "readings",
    remedies: &[],
    examine,
    from_log: FromLog::ANY,
};

/// Is there too little to go by?
pub(super) fn is_early(chart: &Chart) -> bool {
    let longest = chart.family("").map(|(_, series)| series.points().len()).max().unwrap_or(0);
    longest < LASTING || (chart.step() as f64) < BEGINNING * chart.steps() as f64
}

fn examine(chart: &Chart) -> Answer {
    // Of names that mean nothing to us no more readings would tell more.
    if chart.facts.is_imported && !super::from_log::is_known(chart) {
        return Answer::Absent;
    }
    if !is_early(chart) && super::healthy::is_unfinished(chart) {
        let (sentence, sentence_ko) = match chart.outcome() {
            Some(Outcome::Done) => (
                "The run is over, few of its samples are like data, and none of the known causes is seen.",
                "학습이 끝났지만 데이터와 닮은 샘플이 적고, 알려진 원인은 보이지 않습니다.",
            ),
            _ => (
                "It is too early to tell: samples are not like data yet, and nothing wrong is seen.",
                "아직 판단하기 이릅니다: 샘플이 아직 데이터와 닮지 않았지만, 이상은 보이지 않습니다.",
            ),
        };
        let lasting = Lasting { since: 0, strength: 1.0, n: 1 };
        return held(lasting, [], sentence.to_owned(), sentence_ko.to_owned());
    }
    if !is_early(chart) {
        return Answer::Absent;
    }
    held(
        Lasting { since: 0, strength: 1.0, n: 1 },
        [],
        "It is too early to tell: there are too few readings.".to_owned(),
        "아직 판단하기 이릅니다: 기록된 값이 너무 적습니다.".to_owned(),
    )
}
