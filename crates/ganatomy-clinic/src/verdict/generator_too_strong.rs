//! `generator-too-strong`: D cannot tell samples from data though they are bad.

use super::{Answer, Verdict, dead_players, held};
use crate::symptom::{certainty, quality};
use crate::{Chart, Remedy};

/// D that is right on no more than this share of items tells nothing.
const RIGHT: f64 = 0.6;
/// Samples of which fewer are like data than this are bad.
const QUALITY: f64 = 0.3;
/// Readings in a row.
const IN_A_ROW: usize = 7;

pub(super) const VERDICT: Verdict = Verdict {
    name: "generator-too-strong",
    doc: "D cannot tell samples from data, though they are bad",
    page: "D is right about as often as chance while few samples are like data: it is too small, too slow or too rarely trained to teach \
           G anything.",
    needs: "D's accuracy and how like data samples are",
    remedies: &[
        Remedy {
            change: "--set scheme.d_steps=5",
            why: "a D that learns more often is nearer to the best answer",
            source: "Arjovsky et al. 2017, section 3",
        },
        Remedy {
            change: "--set remedies.two-time-scales={}",
            why: "a D that learns faster keeps up with G",
            source: "Heusel et al. 2017",
        },
        Remedy {
            change: "--set discriminator.hidden=[128,128]",
            why: "a D of more units sees finer differences",
            source: "Arora and Zhang 2018",
        },
    ],
    examine,
};

fn examine(chart: &Chart) -> Answer {
    let (Some(signal), Some(quality)) = (certainty(chart), quality(chart)) else {
        return Answer::CannotTell;
    };
    let bad = quality.under(QUALITY).from(chart.steps() / 5).lasting_of(IN_A_ROW);
    // Accuracy is 0.5 where D knows nothing, and less where it errs.
    let cannot = signal
        .course(|right| (1.0 - right).max(0.0) / (1.0 - RIGHT))
        .from(chart.steps() / 5)
        .lasting_of(IN_A_ROW);
    match (bad, cannot) {
        (Some(bad), Some(cannot)) if dead_players::stuck(chart).is_none() => held(
            crate::Lasting { since: bad.since.max(cannot.since), ..cannot },
            signal.evidence(format!("over {RIGHT}")).into_iter().chain(quality.evidence(format!("over {QUALITY}"))),
            "The discriminator cannot tell samples from data, though few of them are like data: it is too weak.".to_owned(),
            "데이터와 닮은 샘플이 적은데도 판별자가 구별하지 못합니다: 판별자가 너무 약합니다.".to_owned(),
        ),
        _ => Answer::Absent,
    }
}
