//! `oscillation`: the players circle each other.

use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{AVERAGE, EXTRAGRADIENT, R1, SLOWER};
use crate::symptom::{swing, swinging};
use crate::{Chart, Lasting};

/// Of the way that samples go, they come back by more than this share.
const BACK: f64 = 0.48;

pub(super) const VERDICT: Verdict = Verdict {
    name: "oscillation",
    doc: "the players circle each other and settle nowhere",
    page: "Samples leave a place, and come back to it, and leave again. The middle of the samples of the same latent points swings by a \
           quarter of the data's width (root mean square), and comes back at least twice; of points of at most eight numbers. Where that is not read, it is told from D's outputs and from the shares \
           of samples in bins of the data: their distance from what they were grows with the lag, and falls again at twice the lag.",
    needs: "at least 8 readings of the middle of the samples (the probe bins) in the last third of the run, or 20 of D's outputs, bins or classes in the later part",
    remedies: &[EXTRAGRADIENT, R1, AVERAGE, SLOWER],
    examine,
    from_log: FromLog {
        readings: &[&["discriminator/logit_real", "discriminator/logit_fake"]],
        ..FromLog::SAMPLES
    },
};

fn examine(chart: &Chart) -> Answer {
    // The middle of samples tells best; else bins, and D's outputs.
    let by_outputs = || swing(chart).map(|swing| (swing.back / BACK, swing));
    let Some((strength, swing)) = swinging(chart).or_else(by_outputs) else {
        return Answer::CannotTell;
    };
    if strength <= 1.0 {
        return Answer::Absent;
    }
    let steps = swing.period;
    held(
        Lasting { since: swing.since, strength, n: swing.n },
        swing.evidence(),
        format!(
            "The game comes back to where it was about every {steps} steps: the players circle each other."
        ),
        format!("경기가 약 {steps} 단계마다 제자리로 돌아옵니다: 두 경기자가 서로의 둘레를 돌고 있습니다."),
    )
}
