//! What was found in each stage: the best configuration of each arm, and what fewer tries would have found.

use serde::Serialize;

use super::gather::{Cell, Gathered, Group};
use crate::Settings;
use crate::stats::{ExpectedBest, expected_best};

/// What one arm has found in one stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    /// The stage by its place.
    pub stage: usize,
    /// The arm by its place.
    pub arm: usize,
    /// Configurations of which a run ended.
    pub tried: usize,
    /// Those of which half of the runs or more failed or were stopped: they have no score.
    pub without_score: usize,
    /// The best configuration, if one has a score.
    pub best: Option<Chosen>,
    /// The best score that fewer tries find, up to half of those that were made; empty for one configuration.
    pub expected: Vec<ExpectedBest>,
}

/// A configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chosen {
    /// Its number in its stage.
    pub number: u32,
    /// What was chosen.
    pub settings: Settings,
    /// The median score of its runs, of which failed ones are the worst.
    pub score: f64,
    /// Runs of it that ended.
    pub n_runs: usize,
}

/// Every arm in every stage in which it has runs that ended.
pub(super) fn searches(gathered: &Gathered<'_>) -> Vec<Search> {
    let all = (0..gathered.n_stages()).flat_map(|stage| {
        gathered.groups(stage).iter().enumerate().map(move |(arm, group)| (stage, arm, group))
    });
    all.filter_map(|(stage, arm, group)| search(gathered, stage, arm, group)).collect()
}

fn search(gathered: &Gathered<'_>, stage: usize, arm: usize, group: &Group) -> Option<Search> {
    let ranked: Vec<(f64, &Cell)> =
        group.cells.iter().filter_map(|cell| Some((gathered.rank_of(cell)?, cell))).collect();
    let mut scores: Vec<f64> =
        ranked.iter().filter(|(rank, _)| gathered.score_of(*rank).is_some()).map(|(rank, _)| *rank).collect();
    scores.sort_by(f64::total_cmp);
    let tried = ranked.len();
    // Of equal ones the first.
    let best = ranked.iter().rev().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let turned = |found: ExpectedBest| match gathered.sign < 0.0 {
        true => ExpectedBest { mean: -found.mean, low: -found.high, high: -found.low, ..found },
        false => found,
    };
    Some(Search {
        stage,
        arm,
        tried,
        without_score: tried - scores.len(),
        best: chosen(gathered, best.0, best.1),
        expected: expected_best(&scores, tried).into_iter().map(turned).collect(),
    })
}

fn chosen(gathered: &Gathered<'_>, rank: f64, cell: &Cell) -> Option<Chosen> {
    let config = &gathered.results.configs[cell.config];
    let group = Group { cells: vec![cell.clone()] };
    Some(Chosen {
        number: config.number,
        settings: config.settings.clone(),
        score: gathered.score_of(rank)?,
        n_runs: gathered.tally(&group).ended(),
    })
}
