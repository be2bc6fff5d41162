//! `vanishing-gradient`: G's loss no longer tells it where to go.

use super::{Answer, Verdict, held};
use crate::symptom::{Signal, diversity, is_unsure, quality};
use crate::{Chart, Remedy, median};

/// A gradient below this share of what it was at its longest has vanished.
const SHARE: f64 = 1e-3;
/// Samples of which fewer are like data than this have not arrived.
const QUALITY: f64 = 0.2;
/// A slope at the samples that is shorter than this is none.
const NONE: f64 = 1e-5;
/// Samples so many times as far apart as data were flung out.
const FLUNG: f64 = 3.0;
/// Readings in a row.
const IN_A_ROW: usize = 5;

pub(super) const VERDICT: Verdict = Verdict {
    name: "vanishing-gradient",
    doc: "G's gradient has vanished before its samples were good",
    page: "The slope of G's loss at its samples is a thousandth of what it was, though samples are bad: where D is sure, the minimax loss \
           log(1 - D) and every loss that saturates is flat.",
    needs: "the norm of G's gradient (the probe gradients)",
    remedies: &[
        Remedy {
            change: "--set loss.kind=non-saturating",
            why: "its gradient lives where D is sure",
            source: "Goodfellow et al. 2014, section 3",
        },
        Remedy {
            change: "--with wgan-gp",
            why: "a critic of bounded slope never goes flat between distributions",
            source: "Gulrajani et al. 2017",
        },
        Remedy {
            change: "--set remedies.instance-noise={}",
            why: "noise makes the distributions overlap, so that D cannot be perfect",
            source: "Arjovsky and Bottou 2017, section 3",
        },
    ],
    examine,
};

fn examine(chart: &Chart) -> Answer {
    let own = Signal::of(chart, "generator/output_gradient_norm", |norm| norm);
    let Some(signal) = own.or_else(|| Signal::of(chart, "generator/gradient_norm", |norm| norm)) else {
        return Answer::CannotTell;
    };
    let n = signal.points.len();
    let early = median(signal.points.iter().take((n / 10).max(3)).map(|point| point.1)).unwrap_or(0.0);
    let is_bad = quality(chart).is_none_or(|signal| signal.under(QUALITY).lasts());
    // Weights that have run away leave every gradient behind them small.
    let ran_away = super::exploding_gradient::ran_away(chart);
    let flung = diversity(chart).is_some_and(|signal| signal.over(FLUNG).lasts());
    // D that is not sure leaves G whatever slope it has.
    let unsure = is_unsure(chart);
    let dead = super::dead_players::stuck(chart).is_some();
    let is_bad = is_bad && !ran_away && !flung && !unsure && !dead;
    let bound = if signal.reading == "generator/output_gradient_norm" {
        NONE.max(SHARE * early)
    } else {
        SHARE * early
    };
    let Some(lasting) = signal.course(|norm| bound / norm.max(1e-30)).lasting_of(IN_A_ROW).filter(|_| is_bad)
    else {
        return Answer::Absent;
    };
    held(
        lasting,
        signal.evidence(format!("near {early:.1e}, as at first")),
        "The generator's gradient has vanished: its loss no longer tells it where to go.".to_owned(),
        "생성자의 기울기가 사라졌습니다: 손실이 더 이상 갈 곳을 알려 주지 않습니다.".to_owned(),
    )
}
