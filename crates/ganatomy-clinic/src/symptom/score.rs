//! The number by which a run's checkpoints are compared.

use std::borrow::Cow;

use ganatomy_record::Direction;

use super::Signal;
use crate::Chart;

/// A score over the steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Its values.
    pub signal: Signal,
    /// Which way is better.
    pub better: Direction,
}

/// Looked for in this order, where the spec names none.
const KNOWN: [(&str, Direction); 6] = [
    ("samples/quality_kl", Direction::Down),
    ("scores/fid/fid", Direction::Down),
    ("scores/kid/kid", Direction::Down),
    ("samples/bins_js", Direction::Down),
    ("samples/classifier_score", Direction::Up),
    ("scores/inception/inception_score", Direction::Up),
];

/// The score that checkpoints are compared by, or the best that there is.
pub fn score(chart: &Chart) -> Option<Score> {
    let named = chart.facts.best_by.clone().map(|name| (Cow::from(name.clone()), chart.direction(&name)));
    let known = KNOWN.map(|(name, better)| (Cow::from(name), better));
    named.into_iter().filter(|named| named.1 != Direction::None).chain(known).find_map(|(reading, better)| {
        let points = chart.reading(&reading)?.points().to_vec();
        Some(Score { signal: Signal { reading, points }, better })
    })
}
