//! `partial-collapse`: some of the data's variety is missing.

use super::complete_collapse::{COLLAPSE, collapsed};
use super::{Answer, FromLog, Verdict, held};
use crate::Chart;
use crate::symptom::{self, OF_MODES, Signal, diversity, quality};

/// Samples that hold less of the known modes or classes than this miss some, as if all were even.
const MODES: f64 = 0.81;
/// The same of bins, and of bins where samples are nearer to each other than `NARROWER` of the data's distance.
const BINS: f64 = 0.8;
const NARROW_BINS: f64 = 0.4;
const NARROWER: f64 = 0.85;
/// Samples nearer to each other than this share of the data's distance are too alike.
const DIVERSITY: f64 = 0.4;
/// Modes mean something of samples of which more than this share are like data.
const QUALITY: f64 = 0.1;

pub(super) const VERDICT: Verdict = Verdict {
    name: "partial-collapse",
    doc: "some of the data's variety is missing among samples",
    page: "Told from the share of modes or classes that samples have, or of bins of the data that they fill, where samples are like data \
           at all; and from how far samples are apart beside how far real items are.",
    needs: "modes, classes or bins of the data",
    remedies: COLLAPSE,
    examine,
    from_log: FromLog::SAMPLES,
};

fn examine(chart: &Chart) -> Answer {
    let begun = chart.steps() / 10;
    let Some(signal) = symptom::held(chart) else {
        return Answer::CannotTell;
    };
    if collapsed(chart).is_some() {
        return Answer::Absent;
    }
    let like_data = quality(chart).is_none_or(|quality| quality.over(QUALITY).lasts());
    // The outermost bins of one wide mode are empty where samples are only a little narrower.
    let narrower = diversity(chart).is_some_and(|signal| signal.under(NARROWER).lasts());
    let bound = match &*signal.reading {
        OF_MODES => MODES,
        _ if narrower => NARROW_BINS,
        _ => BINS,
    };
    // The bins of one wide mode are thin at its edge.
    let like_data = like_data && chart.n_modes() != Some(1);
    let missing = signal.under(bound).from(begun).lasting().filter(|_| like_data);
    let narrow = |signal: &Signal| signal.under(DIVERSITY).from(begun).lasting();
    let (lasting, signal, bound) = match (missing, diversity(chart)) {
        (Some(lasting), _) => (lasting, signal, bound),
        (None, Some(apart)) => match narrow(&apart) {
            Some(lasting) => (lasting, apart, DIVERSITY),
            None => return Answer::Absent,
        },
        (None, None) => return Answer::Absent,
    };
    let percent = 100.0 * bound / lasting.strength;
    let (sentence, sentence_ko) = match bound == DIVERSITY {
        true => (
            format!("Samples are only {percent:.0} % as far apart as data: much of its variety is missing."),
            format!(
                "샘플 사이의 거리가 데이터의 {percent:.0} %밖에 되지 않습니다: 다양성이 크게 줄었습니다."
            ),
        ),
        false => (
            format!("Samples have {percent:.0} % of the data's variety: modes are missing."),
            format!("샘플이 데이터 다양성의 {percent:.0} %만 담고 있습니다: 사라진 모드가 있습니다."),
        ),
    };
    held(lasting, signal.evidence(crate::LASTING, format!("at least {bound}")), sentence, sentence_ko)
}
