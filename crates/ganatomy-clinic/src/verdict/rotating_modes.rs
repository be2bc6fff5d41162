//! `rotating-modes`: samples move from mode to mode and settle on none.

use super::complete_collapse::COLLAPSE;
use super::{Answer, FromLog, Verdict, held};
use crate::Chart;
use crate::symptom::turning;

/// Shares that are few and wide: what turns there turns for a third of the readings.
const OF_MODES: &str = "samples/mode_share/";

/// Samples of which more go elsewhere from reading to reading do not stay; chance moves about a tenth.
const TURNED: f64 = 0.36;
/// Readings in a row, at least.
const LEAST: usize = 5;

pub(super) const VERDICT: Verdict = Verdict {
    name: "rotating-modes",
    doc: "samples move from mode to mode and settle on none",
    page: "G gathers where D does not look, D follows, and G goes on to the next mode. Told from the shares of samples at known modes, or else in bins of the \
           data (or classes): from reading to reading a large part of them goes elsewhere.",
    needs: "shares of modes, bins or classes (the probes modes and bins)",
    remedies: COLLAPSE,
    examine,
    from_log: FromLog::SAMPLES,
};

fn examine(chart: &Chart) -> Answer {
    let Some(signal) = turning(chart) else {
        return Answer::CannotTell;
    };
    let n = if signal.reading.starts_with(OF_MODES) { signal.late(LEAST) } else { LEAST };
    let course = signal.over(TURNED).from(chart.steps() / 5);
    // One mode has no others to go to.
    let Some(lasting) = course.lasting_of(n).filter(|_| chart.n_modes() != Some(1)) else {
        return Answer::Absent;
    };
    let percent = 100.0 * lasting.strength * TURNED;
    held(
        lasting,
        signal.evidence(n, format!("at most {TURNED}")),
        format!(
            "From reading to reading {percent:.0} % of the samples go to other parts of the data: modes rotate."
        ),
        format!(
            "기록할 때마다 샘플의 {percent:.0} %가 데이터의 다른 곳으로 옮겨 갑니다: 모드가 돌고 있습니다."
        ),
    )
}
