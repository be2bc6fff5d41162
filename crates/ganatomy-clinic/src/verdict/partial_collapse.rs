//! `partial-collapse`: some of the data's modes are missing.

use super::complete_collapse::COLLAPSE;
use super::{Answer, Symptom, Verdict};
use crate::Chart;
use crate::symptom::held;

/// Samples that hold less of the data than this miss modes.
const HELD: f64 = 0.8;

pub(super) const VERDICT: Verdict = Verdict {
    name: "partial-collapse",
    doc: "some of the data's modes are missing among samples",
    page: "Told from the share of modes or classes that samples have, or of bins of the data that they fill.",
    needs: "modes, classes or bins of the data",
    remedies: COLLAPSE,
    examine,
};

fn examine(chart: &Chart) -> Answer {
    let Some(signal) = held(chart) else {
        return Answer::CannotTell;
    };
    let Some(lasting) = signal.course(|value| HELD / value.max(1e-9)).from(chart.steps() / 10).lasting()
    else {
        return Answer::Absent;
    };
    let percent = 100.0 * signal.points.last().map_or(0.0, |point| point.1);
    Answer::Holds(Symptom {
        lasting,
        sentence: format!("Samples hold {percent:.0} % of the data's variety: modes are missing."),
        sentence_ko: format!(
            "샘플이 데이터 다양성의 {percent:.0} %만 담고 있습니다: 사라진 모드가 있습니다."
        ),
        evidence: signal.evidence(format!("at least {HELD}")).into_iter().collect(),
    })
}
