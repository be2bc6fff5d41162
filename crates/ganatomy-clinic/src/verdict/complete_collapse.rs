//! `complete-collapse`: all samples are alike, or of one mode.

use super::{Answer, FromLog, Verdict, held};
use crate::cure::Cure;
use crate::cure::known::{AVERAGE, BALANCE, D_STEPS, PACKING, R1, R3GAN, UNROLLED, USUAL_RATES, WIDER};
use crate::symptom::{between, n_effective, width};
use crate::{Chart, Lasting};

/// Fewer modes than this, as if they were even, are one.
const MODES: f64 = 1.5;
/// Samples nearer to each other than this share of the data's distance are alike.
const DIVERSITY: f64 = 0.1;
/// The same of samples alone: less than this share of their variance lies between them.
const BETWEEN: f64 = 0.05;
/// How sure that is.
const ALONE: f64 = 0.75;
/// Samples that are so far apart, beside the data, are not alike.
const WIDE: f64 = 0.9;

pub(super) const VERDICT: Verdict = Verdict {
    name: "complete-collapse",
    doc: "all samples are alike, or of one mode",
    page: "Whatever noise it is given, G makes nearly the same sample. Told from the number of modes or classes among samples, \
           and from how wide samples lie beside the data, or how far they are apart; of another program's pictures without the data, from how little \
           of their variance lies between samples.",
    needs: "modes, classes, or the spread or diversity of samples (the probe bins)",
    remedies: COLLAPSE,
    examine,
    from_log: FromLog::PICTURES,
};

/// What helps against collapse.
pub(super) const COLLAPSE: &[Cure] =
    &[R3GAN, PACKING, UNROLLED, BALANCE, R1, D_STEPS, AVERAGE, USUAL_RATES, WIDER];

/// The symptom, if it is there.
pub(super) fn collapsed(chart: &Chart) -> Option<Lasting> {
    match examine(chart) {
        Answer::Holds(symptom) => Some(symptom.lasting),
        _ => None,
    }
}

fn examine(chart: &Chart) -> Answer {
    let begun = chart.steps() / 20;
    // Samples flung far out are nearest to one mode too, and not alike.
    let wide = width(chart).is_some_and(|signal| signal.over(WIDE).lasts());
    let by_modes =
        n_effective(chart).filter(|_| !wide && chart.n_modes() != Some(1)).map(|signal| (signal, MODES));
    let beside = width(chart).map(|signal| (signal, DIVERSITY));
    let signals = [by_modes, beside, between(chart).map(|signal| (signal, BETWEEN))];
    let mut known = false;
    for (signal, bound) in signals.into_iter().flatten() {
        known = true;
        if let Some(lasting) = signal.under(bound).from(begun).lasting() {
            let evidence = signal.evidence(crate::LASTING, format!("more than {bound}"));
            let answer = held(
                lasting,
                evidence,
                "All samples are alike: the generator has collapsed onto one mode.".to_owned(),
                "모든 샘플이 거의 같습니다: 생성자가 한 모드로 무너졌습니다.".to_owned(),
            );
            return if bound == BETWEEN { answer.surely(ALONE) } else { answer };
        }
    }
    if known { Answer::Absent } else { Answer::CannotTell }
}
