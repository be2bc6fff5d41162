//! Axes of scores, and colours of arms.

use ganatomy_view::Words;
use ganatomy_view::figure::{Hue, Scale, Shape};

use crate::answer::Answer;
use crate::stats::quantile;

/// Positive scores of which the largest is so many times the smallest are drawn on a logarithmic axis.
const WIDE: f64 = 30.0;
/// Values that lie this many times further out than the middle nine tenths are wide are beyond the edge.
const FAR: f64 = 3.0;
/// Colours before they repeat.
const N_HUES: usize = 6;

/// An axis of scores: logarithmic if they span much, and without the few that would take the room of all others.
pub(super) fn score(answer: &Answer, values: &[f64]) -> Scale {
    let name = Words::of(
        format!("{}, {}", answer.reading, super::better(answer).0),
        format!("{}, {}", answer.reading, super::better(answer).1),
    );
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return Scale::of(name) };
    if *low > 0.0 && high / low > WIDE {
        return Scale::log(name);
    }
    let (Some(from), Some(to)) = (quantile(&values, 0.05), quantile(&values, 0.95)) else {
        return Scale::of(name);
    };
    let width = to - from;
    let near = |value: &&f64| **value >= from - FAR * width && **value <= to + FAR * width;
    let inside: Vec<f64> = values.iter().filter(near).copied().collect();
    let beyond = values.len() - inside.len();
    if beyond == 0 || width <= 0.0 {
        return Scale::of(name);
    }
    let (first, last) = (inside[0], inside[inside.len() - 1]);
    let pad = 0.05 * (last - first);
    let name = Words::of(
        format!("{}; {beyond} beyond the edge", name.en),
        format!("{}; {beyond}개는 그림 밖", name.ko),
    );
    Scale::of(name).within(first - pad, last + pad)
}

/// The colour of an arm.
pub(super) fn hue(arm: usize) -> Hue {
    Hue::Nth(arm)
}

/// A line of an arm: in dashes where its colour has been used before.
pub(super) fn line(arm: usize, points: Vec<[f64; 2]>) -> Shape {
    if arm / N_HUES % 2 == 1 { Shape::Dashes(points) } else { Shape::Line(points) }
}
