//! `partial-collapse`: some of the data's variety is missing.

use super::complete_collapse::{COLLAPSE, collapsed};
use super::{Answer, FromLog, Verdict, held};
use crate::symptom::{self, OF_MODES, Signal, by_bins, diversity, modes_held, quality, twins, width};
use crate::{Chart, Lasting};

/// Samples that hold less of the known modes or classes than this miss some, as if all were even.
const MODES: f64 = 0.81;
/// The same of modes with samples, be they few.
const WITH_SAMPLES: f64 = 0.85;
/// The same of bins, and of bins where samples are nearer to each other than `NARROWER` of the data's distance.
const BINS: f64 = 0.8;
const NARROW_BINS: f64 = 0.4;
const NARROWER: f64 = 0.85;
/// The same of bins, as if they were even.
const EVEN_BINS: f64 = 0.79;
/// The same of images, whose bins are cut less well.
const EVEN_BINS_OF_IMAGES: f64 = 0.7;
/// How sure what bins tell is: with modes and classes withheld they were right in 68 of 89 runs of the parts that bounds were set on.
const BY_BINS: f64 = 0.7;
/// What bins tell is noisier than modes, and a young run fills them one after another: the middle of so many readings counts.
const OF_BINS_IN_A_ROW: usize = 5;
/// Samples nearer to each other than this share of the data's distance are too alike.
const DIVERSITY: f64 = 0.4;
/// More samples than this share have a twin where there is no data to hold them beside.
const TWINS: f64 = 0.5;
/// How sure that is.
const ALONE: f64 = 0.6;
/// Modes mean something of samples of which more than this share are like data.
const QUALITY: f64 = 0.1;

pub(super) const VERDICT: Verdict = Verdict {
    name: "partial-collapse",
    doc: "some of the data's variety is missing among samples",
    page: "Told from the share of modes or classes that samples have (of labelled data without a classifier from the classes of the nearest \
           real items), or from how evenly they fill bins of the data, where samples are like data at all (by the middle of five readings of bins, of three of the others); and from how wide samples lie beside \
           the data. Of another program's pictures without the data: from how many \
           samples have a twin.",
    needs: "modes, classes or bins of the data",
    remedies: COLLAPSE,
    examine,
    from_log: FromLog::PICTURES,
};

fn examine(chart: &Chart) -> Answer {
    let begun = chart.steps() / 10;
    let Some(signal) = symptom::held(chart) else {
        return without_bins(chart, begun);
    };
    if collapsed(chart).is_some() {
        return Answer::Absent;
    }
    let like_data = quality(chart).is_none_or(|quality| quality.over(QUALITY).lasts());
    // The outermost bins of one wide mode are empty where samples are only a little narrower.
    let narrower = diversity(chart).is_some_and(|signal| signal.under(NARROWER).lasts());
    let even = if chart.is_of_images() { EVEN_BINS_OF_IMAGES } else { EVEN_BINS };
    let mut signals = match (&*signal.reading, by_bins(chart)) {
        (OF_MODES, _) => vec![(signal, MODES)],
        (_, Some(by_bins)) => vec![(by_bins, even)],
        _ if narrower => vec![(signal, NARROW_BINS)],
        _ => vec![(signal, BINS)],
    };
    signals.extend(modes_held(chart).map(|signal| (signal, WITH_SAMPLES)));
    // The bins of one wide mode are thin at its edge.
    let like_data = like_data && chart.n_modes() != Some(1);
    let missing = signals.iter().filter(|_| like_data).find_map(|(signal, bound)| {
        Some((signal.under(*bound).from(begun).lasting_of(in_a_row(chart, signal))?, signal, bound))
    });
    let narrow = |signal: &Signal| signal.under(DIVERSITY).from(begun).lasting();
    match (missing, width(chart)) {
        (Some((lasting, signal, bound)), _) => {
            let percent = 100.0 * bound / lasting.strength;
            let answer = held(
                lasting,
                signal.evidence(in_a_row(chart, signal), format!("at least {bound}")),
                format!("Samples have {percent:.0} % of the data's variety: modes are missing."),
                format!("샘플이 데이터 다양성의 {percent:.0} %만 담고 있습니다: 사라진 모드가 있습니다."),
            );
            if of_bins(signal) { answer.surely(BY_BINS) } else { answer }
        }
        (None, Some(apart)) => narrow(&apart).map_or(Answer::Absent, |lasting| alike(&apart, lasting)),
        (None, None) => Answer::Absent,
    }
}

/// Is it the share of bins that are held?
fn of_bins(signal: &Signal) -> bool {
    signal.reading == "samples/bins_held" || signal.reading == symptom::OF_BINS
}

/// The readings whose middle counts; of a short run that is over, as many as there are.
fn in_a_row(chart: &Chart, signal: &Signal) -> usize {
    let is_over = chart.step() >= chart.steps();
    match of_bins(signal) {
        true if is_over => OF_BINS_IN_A_ROW.min(signal.points.len().max(crate::LASTING)),
        true => OF_BINS_IN_A_ROW,
        false => crate::LASTING,
    }
}

/// Samples that are too near to each other beside the data.
fn alike(apart: &Signal, lasting: Lasting) -> Answer {
    let percent = 100.0 * DIVERSITY / lasting.strength;
    held(
        lasting,
        apart.evidence(crate::LASTING, format!("at least {DIVERSITY}")),
        format!("Samples are only {percent:.0} % as far apart as data: much of its variety is missing."),
        format!("샘플 사이의 거리가 데이터의 {percent:.0} %밖에 되지 않습니다: 다양성이 크게 줄었습니다."),
    )
}

/// Of few samples their distances beside the data, and without the data how many have a twin.
fn without_bins(chart: &Chart, begun: u64) -> Answer {
    let (apart, twins) = (diversity(chart), twins(chart));
    if (apart.is_some() || twins.is_some()) && collapsed(chart).is_some() {
        return Answer::Absent;
    }
    match (apart, twins) {
        (Some(apart), _) => match apart.under(DIVERSITY).from(begun).lasting() {
            Some(lasting) => alike(&apart, lasting),
            None => Answer::Absent,
        },
        (None, Some(twins)) => match twins.over(TWINS).from(begun).lasting() {
            Some(lasting) => held(
                lasting,
                twins.evidence(crate::LASTING, format!("at most {TWINS}")),
                format!(
                    "{:.0} % of the samples have a twin: they are of a few modes.",
                    100.0 * TWINS * lasting.strength
                ),
                format!(
                    "샘플의 {:.0} %가 서로 거의 같은 짝을 가집니다: 모드가 몇 개뿐입니다.",
                    100.0 * TWINS * lasting.strength
                ),
            )
            .surely(ALONE),
            None => Answer::Absent,
        },
        (None, None) => Answer::CannotTell,
    }
}
