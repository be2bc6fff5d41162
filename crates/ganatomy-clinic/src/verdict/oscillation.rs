//! `oscillation`: the players circle each other.

use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{AVERAGE, EXTRAGRADIENT, R1, SLOWER};
use crate::symptom::swing;
use crate::{Chart, Lasting};

/// Of the way that samples go, they come back by more than this share.
const BACK: f64 = 0.48;

pub(super) const VERDICT: Verdict = Verdict {
    name: "oscillation",
    doc: "the players circle each other and settle nowhere",
    page: "Samples leave a place, and come back to it, and leave again. Told from the shares of samples in bins of the data: their distance \
           from what they were grows with the lag, and falls again at twice the lag.",
    needs: "at least 20 readings of D's outputs, or of bins or classes, in the later part of the run",
    remedies: &[EXTRAGRADIENT, R1, AVERAGE, SLOWER],
    examine,
    from_log: FromLog {
        readings: &[&["discriminator/logit_real", "discriminator/logit_fake"]],
        ..FromLog::SAMPLES
    },
};

fn examine(chart: &Chart) -> Answer {
    let Some(swing) = swing(chart) else {
        return Answer::CannotTell;
    };
    if swing.back <= BACK {
        return Answer::Absent;
    }
    let steps = swing.period;
    held(
        Lasting { since: swing.since, strength: swing.back / BACK, n: swing.n },
        swing.evidence(),
        format!(
            "The game comes back to where it was about every {steps} steps: the players circle each other."
        ),
        format!("경기가 약 {steps} 단계마다 제자리로 돌아옵니다: 두 경기자가 서로의 둘레를 돌고 있습니다."),
    )
}
