//! `memorisation`: samples are copies of training items.

use super::{Answer, FromLog, Verdict, held};
use crate::Chart;
use crate::cure::known::{AUGMENTATION, HELD_OUT};
use crate::symptom::Signal;

/// More copies than this share of the samples.
const COPIES: f64 = 0.3;
/// Samples that are nearer to training items than held-out ones are, in more than this share of pairs, are copies.
const NEARER: f64 = 0.965;

pub(super) const VERDICT: Verdict = Verdict {
    name: "memorisation",
    doc: "samples are copies of training items",
    page: "Many samples lie at less than 0.3 of the distance from a training item at which other real items usually do. Where that is not read, it is told from \
           pairs of a sample and a held-out item in which the sample is nearer. Of another program's pictures beside at most 4,000 images without a held-out part, each image beside all others takes \
           that part's place.",
    needs: "a finite set with a held-out part (the probe bins)",
    remedies: &[AUGMENTATION, HELD_OUT],
    examine,
    from_log: FromLog::PICTURES_AND_DATA,
};

fn examine(chart: &Chart) -> Answer {
    let copies = Signal::of(chart, "samples/copies", |share| share).map(|signal| {
        let course = signal.over(COPIES);
        (signal, course, format!("near 0, at most {COPIES}"))
    });
    let nearer = || {
        let signal = Signal::of(chart, "samples/nearer", |share| share)?;
        let course = signal.course(|share| (share - 0.5) / (NEARER - 0.5));
        Some((signal, course, format!("about 0.5, at most {NEARER}")))
    };
    let Some((signal, course, expected)) = copies.or_else(nearer) else {
        return Answer::CannotTell;
    };
    match course.lasting() {
        Some(lasting) => held(
            lasting,
            signal.evidence(crate::LASTING, expected),
            "Samples are nearer to training items than other real items are: they are copies.".to_owned(),
            "샘플이 처음 보는 진짜 데이터보다 학습 데이터에 더 가깝습니다: 베낀 것입니다.".to_owned(),
        ),
        None => Answer::Absent,
    }
}
