//! `past-its-best`: samples were clearly better before.

use ganatomy_record::Direction;

use super::{Answer, Verdict, held};
use crate::symptom::{good, score};
use crate::{Chart, Course, Remedy, median};

/// A run whose samples are worth less than this share of what they were is past its best.
const SHARE: f64 = 0.65;
/// The same where modes are not known: bins of the data come and go more easily.
const SHARE_OF_BINS: f64 = 0.5;
/// Samples that were never worth this much had no best.
const LEAST: f64 = 0.2;
/// The same of a distance: clearly worse (measured on logs of StudioGAN: a median of 1.03 over the best, 19 of 65 over 1.5).
const RATIO: f64 = 1.5;
/// A distance below this share of the first one is as good as none.
const FLOOR: f64 = 0.01;

pub(super) const VERDICT: Verdict = Verdict {
    name: "past-its-best",
    doc: "samples were clearly better before",
    page: "The middle of the last three readings is clearly worse than the best middle of three before: of the share of good samples \
           times the share of the data that they hold where both are read, else of the score by which checkpoints are compared.",
    needs: "a score of the samples over the steps",
    remedies: &[
        Remedy {
            change: "sample RUN --best",
            why: "the best checkpoint is kept: nothing is lost but time",
            source: "Brock et al. 2019, section 4.2",
        },
        Remedy {
            change: "--set generator.update.schedule.kind=linear --set discriminator.update.schedule.kind=linear",
            why: "players whose steps shrink settle near the best",
            source: "Miyato et al. 2018, appendix",
        },
        Remedy {
            change: "--set remedies.r1.gamma=0.5",
            why: "the game near the data becomes one that converges",
            source: "Mescheder et al. 2018, section 4",
        },
    ],
    examine,
};

fn examine(chart: &Chart) -> Answer {
    let (signal, strength): (_, Box<dyn Fn(f64, f64) -> f64>) = match (good(chart), score(chart)) {
        (Some(signal), _) => {
            let share = if chart.reading("samples/reverse_kl").is_some() { SHARE } else { SHARE_OF_BINS };
            (signal, Box::new(move |best, now| if best < LEAST { 0.0 } else { share * best / now.max(1e-9) }))
        }
        (None, Some(score)) => {
            let down = score.better == Direction::Down;
            // Distances near zero, and below, are all alike.
            let first = score.signal.points.first().map_or(1.0, |point| point.1.abs());
            let at_least = move |value: f64| value.max(FLOOR * first).max(f64::MIN_POSITIVE);
            let worse = move |best: f64, now: f64| {
                let (best, now) = (at_least(best), at_least(now));
                if down { now / best / RATIO } else { best / now / RATIO }
            };
            (score.signal, Box::new(worse))
        }
        (None, None) => return Answer::CannotTell,
    };
    let is_better = |a: f64, b: f64| strength(a, b) > strength(b, a);
    let mut best = (0, f64::NAN);
    let mut course = Vec::new();
    for three in signal.points.windows(3) {
        let Some(now) = median(three.iter().map(|point| point.1)) else {
            continue;
        };
        if best.1.is_nan() || is_better(now, best.1) {
            best = (three[1].0, now);
        }
        course.push((three[2].0, strength(best.1, now)));
    }
    // Already a middle of three, it needs no other.
    let Some(lasting) = Course::new(course).lasting_of(1) else {
        return Answer::Absent;
    };
    let (step, value) = best;
    let before = format!("near {value:.3}, as at step {step}");
    held(
        lasting,
        signal.evidence(before),
        format!("Samples were clearly better at step {step}, and are past their best."),
        format!("{step} 단계의 샘플이 뚜렷이 더 좋았습니다: 가장 좋은 때가 지났습니다."),
    )
}
