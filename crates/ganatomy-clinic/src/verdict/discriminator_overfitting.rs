//! `discriminator-overfitting`: D knows its training items by heart.

use super::{Answer, Verdict, held};
use crate::symptom::Signal;
use crate::{Chart, Remedy};

/// Held-out items that D puts further towards generated ones than this share of the way look fake to it.
const SHARE: f64 = 0.35;

pub(super) const VERDICT: Verdict = Verdict {
    name: "discriminator-overfitting",
    doc: "D knows its training items by heart, and holds other real items for fake",
    page: "D puts real items that it was never trained on a good part of the way towards generated ones: what it teaches G is to copy. \
           With few items it comes early.",
    needs: "D's outputs on held-out items (the probe held-out, and data with a held-out part)",
    remedies: &[
        Remedy {
            change: "--set remedies.augmentation={}",
            why: "a D that sees every item in many forms cannot learn them by heart",
            source: "Karras et al. 2020, Zhao et al. 2020",
        },
        Remedy {
            change: "--set remedies.r1.gamma=1",
            why: "a D of gentle slope cannot single out items",
            source: "Mescheder et al. 2018",
        },
        Remedy {
            change: "--set remedies.instance-noise={}",
            why: "noise blurs single items",
            source: "Arjovsky and Bottou 2017",
        },
    ],
    examine,
};

fn examine(chart: &Chart) -> Answer {
    if chart.reading("discriminator/logit_held_out").is_none() {
        return Answer::CannotTell;
    }
    let Some(signal) = Signal::of(chart, "discriminator/overfitting", |share| share) else {
        return Answer::Absent;
    };
    match signal.over(SHARE).lasting_of(5) {
        Some(lasting) => held(
            lasting,
            signal.evidence(format!("at most {SHARE}")),
            "The discriminator knows its training items by heart: other real items look fake to it."
                .to_owned(),
            "판별자가 학습 데이터를 외웠습니다: 처음 보는 진짜 데이터를 가짜로 봅니다.".to_owned(),
        ),
        None => Answer::Absent,
    }
}
