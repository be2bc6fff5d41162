//! `memorisation`: samples are copies of training items.

use super::{Answer, FromLog, Verdict, held};
use crate::symptom::Signal;
use crate::{Chart, Remedy};

/// Samples that are nearer to training items than held-out ones are, in more than this share of pairs, are copies.
const NEARER: f64 = 0.965;

pub(super) const VERDICT: Verdict = Verdict {
    name: "memorisation",
    doc: "samples are copies of training items",
    page: "Samples lie much nearer to training items than other real items do. Half of the pairs is chance; blurred samples too may come \
           somewhat nearer.",
    needs: "a finite set with a held-out part (the probe bins)",
    remedies: &[
        Remedy {
            change: "--set remedies.augmentation={}",
            why: "a D that does not know items by heart does not ask for copies of them",
            source: "Karras et al. 2020",
        },
        Remedy {
            change: "--set data.held_out=0.1",
            why: "more items are the only sure help; part of them held out shows it",
            source: "Meehan et al. 2020",
        },
    ],
    examine,
    from_log: FromLog::SAMPLES,
};

fn examine(chart: &Chart) -> Answer {
    let Some(signal) = Signal::of(chart, "samples/nearer", |share| share) else {
        return Answer::CannotTell;
    };
    match signal.course(|share| (share - 0.5) / (NEARER - 0.5)).lasting() {
        Some(lasting) => held(
            lasting,
            signal.evidence(crate::LASTING, format!("about 0.5, at most {NEARER}")),
            "Samples are nearer to training items than other real items are: they are copies.".to_owned(),
            "샘플이 처음 보는 진짜 데이터보다 학습 데이터에 더 가깝습니다: 베낀 것입니다.".to_owned(),
        ),
        None => Answer::Absent,
    }
}
