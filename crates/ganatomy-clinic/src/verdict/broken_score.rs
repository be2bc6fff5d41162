//! `broken-score`: a score that cannot be.

use ganatomy_record::Outcome;

use super::from_log::PRINT_SCORE;
use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::SCORE_AGAIN;
use crate::{Chart, LASTING, Lasting};

/// No distance of samples from data is so large.
const TOO_LARGE: f64 = 1e5;
/// An unbiased distance may be a little below zero.
const BELOW_ZERO: f64 = -0.05;
/// A score that stays the same to the last digit for so many readings is not measured anew.
const SAME: usize = 5;

pub(super) const VERDICT: Verdict = Verdict {
    name: "broken-score",
    doc: "a score that cannot be: below zero, endless, or the same to the last digit",
    page: "A distance below zero or above 100,000, a score that is no number while the losses are, or one that does not change by a digit \
           over five readings: it is the score that is broken, not the run.",
    needs: "a score of the samples",
    remedies: &[SCORE_AGAIN],
    examine,
    from_log: FromLog {
        readings: &[&["scores/fid/fid"], &["scores/kid/kid"]],
        line: PRINT_SCORE,
        examine: None,
    },
};

/// Scores that are distances, by a part of their names.
const DISTANCES: [&str; 3] = ["fid", "kid", "frechet"];

fn examine(chart: &Chart) -> Answer {
    let is_distance = |name: &str| {
        let own = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        own.split('_').any(|word| DISTANCES.contains(&word))
    };
    // Samples that are flung out are far from data indeed.
    if super::exploding_gradient::ran_away(chart) || matches!(chart.outcome(), Some(Outcome::Diverged { .. }))
    {
        return Answer::Absent;
    }
    let mut known = false;
    for (name, series) in chart.family("").filter(|(name, _)| is_distance(name)) {
        known = true;
        let points = series.points();
        let cannot = |value: f64| !(BELOW_ZERO..=TOO_LARGE).contains(&value);
        let last = points.iter().rev().take_while(|point| cannot(point.1));
        let same =
            points.iter().rev().take_while(|point| point.1 == points[points.len() - 1].1 && point.1 != 0.0);
        let (n_broken, n_same) = (last.clone().count(), same.clone().count());
        let since = if n_broken >= LASTING { last.last() } else { same.last().filter(|_| n_same >= SAME) };
        if let (Some(&(since, _)), Some(&(step, value))) = (since, points.last()) {
            let expected = "between 0 and 100,000, and changing".to_owned();
            let evidence =
                crate::Evidence { reading: name.to_owned().into(), step, middle_of: 1, value, expected };
            return held(
                Lasting { since, strength: 1e3, n: n_broken.max(n_same) },
                [evidence],
                format!("{name} cannot be {value}: the score is broken, not the run."),
                format!("{name} 값이 {value}일 수는 없습니다: 학습이 아니라 점수가 고장 났습니다."),
            );
        }
    }
    if known { Answer::Absent } else { Answer::CannotTell }
}
