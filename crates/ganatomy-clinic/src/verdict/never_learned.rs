//! `never-learned`: samples were bad from the first reading and have stayed so.

use super::{Answer, Verdict, held};
use crate::symptom::quality;
use crate::{Chart, Lasting, Remedy};

/// A run that was never above this share of good samples has learned nothing.
const QUALITY: f64 = 0.1;

pub(super) const VERDICT: Verdict = Verdict {
    name: "never-learned",
    doc: "samples were bad from the first reading and have stayed so",
    page: "At no reading after the first tenth of the run was even a tenth of the samples like data, though half of the run is over.",
    needs: "how like data single samples are (the probes bins or modes)",
    remedies: &[
        Remedy {
            change: "--set generator.update.lr=2e-3 --set discriminator.update.lr=2e-3",
            why: "steps that are too short get nowhere in the steps there are, and steps that are too long leave the data",
            source: "Lucic et al. 2018, section 5",
        },
        Remedy {
            change: "--set remedies.r1.gamma=0.5",
            why: "a D of gentle slope leads G back from afar",
            source: "Mescheder et al. 2018, section 4",
        },
    ],
    examine,
};

fn examine(chart: &Chart) -> Answer {
    let Some(signal) = quality(chart) else {
        return Answer::CannotTell;
    };
    let begun = chart.steps() / 10;
    let late: Vec<_> = signal.points.iter().filter(|point| point.0 >= begun && point.1.is_finite()).collect();
    let best = late.iter().map(|point| point.1).fold(0.0, f64::max);
    if late.len() < 3 && chart.step() >= chart.steps() / 2 {
        return Answer::CannotTell;
    }
    if chart.step() < chart.steps() / 2 || best >= QUALITY {
        return Answer::Absent;
    }
    let lasting = Lasting { since: 0, strength: QUALITY / best.max(1e-3), n: late.len() };
    let fewer_than = (100.0 * best).floor() + 1.0;
    held(
        lasting,
        signal.evidence(format!("at least {QUALITY}")),
        format!(
            "At no reading after step {begun} were {fewer_than:.0} % of the samples like data: the generator has learned nothing yet."
        ),
        format!(
            "데이터와 닮은 샘플이 {fewer_than:.0} %가 된 적이 {begun} 단계 뒤로는 없습니다: 생성자가 아직 아무것도 배우지 못했습니다."
        ),
    )
}
