//! `trivial-cue`: D wins by a single number.

use super::{Answer, FromLog, Verdict, held};
use crate::Chart;
use crate::cure::known::RANGE;
use crate::symptom::{Signal, is_unsure};

/// One number by which so many items of both kinds are told apart gives all of them away.
const TOLD: f64 = 0.97;
/// So many more numbers than at first that lie against the bounds of G's output would go further.
const SATURATED: f64 = 0.3;

/// So many of the data's values, at least, are beyond what G can make.
const BEYOND: f64 = 0.01;

pub(super) const VERDICT: Verdict = Verdict {
    name: "trivial-cue",
    doc: "one pixel's value tells every sample from data, as of images in a range that G cannot make",
    page: "A threshold on a single number of an item tells nearly all samples from data, reading after reading from the first on, and data \
           have values that G cannot make: images in another range than -1 to 1. D needs to learn nothing else. Where the data's range is not read, \
           it is told of samples that lie against the bounds of G's output. A border or a pixel that G can make, G learns.",
    needs: "images, and the probe bins",
    remedies: &[RANGE],
    examine,
    from_log: FromLog::SAMPLES,
};

fn examine(chart: &Chart) -> Answer {
    if !chart.is_of_images() {
        return Answer::Absent;
    }
    let Some(signal) = Signal::of(chart, "samples/one_number", |share| share) else {
        return Answer::CannotTell;
    };
    let course = signal.course(|share| (1.0 - TOLD) / (1.0 - share).max(1e-3)).from(chart.steps() / 10);
    // Where the data's range is read, it has to be another one than G's: a G that has run into its bounds is another illness.
    let reach = Signal::of(chart, "samples/out_of_reach", |share| share);
    // Noise of a generator that has not moved gives itself away too, but it does not lie against its bounds.
    let at_bounds = Signal::of(chart, "samples/saturated", |share| share).is_some_and(|signal| {
        let first = signal.points.first().map_or(0.0, |point| point.1);
        signal.course(|share| (share - first) / SATURATED).lasts()
    });
    let at_bounds = reach.map_or(at_bounds, |share| share.over(BEYOND).lasts());
    // A D that is not sure does not use it.
    let unsure = is_unsure(chart);
    match course.lasting_of(5).filter(|lasting| at_bounds && !unsure && lasting.since <= chart.steps() / 4) {
        Some(lasting) => held(
            lasting,
            signal.evidence(5, format!("under {TOLD}")),
            "A single number tells every sample from data: the discriminator needs to learn nothing else."
                .to_owned(),
            "숫자 하나만 보아도 모든 샘플을 가려낼 수 있습니다: 판별자는 다른 것을 배울 필요가 없습니다."
                .to_owned(),
        ),
        None => Answer::Absent,
    }
}
