//! The runs of a study, by stage, arm and configuration.

use std::collections::BTreeSet;

use ganatomy_record::Direction;

use super::AnswerError;
use super::tally::{Outcome, Tally};
use crate::stats::median;
use crate::{Config, Results, Row};

/// The rank of a failed run: below every other.
const FAILED: f64 = f64::NEG_INFINITY;
/// The rank of a run that a rule stopped: above failed ones, below finished ones.
const PRUNED: f64 = f64::MIN;

/// The runs of one configuration.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The configuration.
    pub config: usize,
    /// Its runs.
    pub rows: Vec<usize>,
}

/// The runs of one arm in one stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// By configuration, in the order of the study; only those that have runs.
    pub cells: Vec<Cell>,
}

/// The runs of a study, by stage, arm and configuration, with scores turned so that larger ones are better.
pub(super) struct Gathered<'a> {
    /// The study.
    pub results: &'a Results,
    /// 1 if larger scores are better, and -1 if smaller ones are.
    pub sign: f64,
    stages: Vec<Vec<Group>>,
}

impl<'a> Gathered<'a> {
    pub fn of(results: &'a Results) -> Result<Gathered<'a>, AnswerError> {
        let sign = match results.better {
            Direction::Up => 1.0,
            Direction::Down => -1.0,
            Direction::None => return Err(AnswerError::Direction { reading: results.reading.clone() }),
        };
        let (n_arms, n_stages, n) = (results.arms.len(), results.stages.len(), results.configs.len());
        for (what, n) in [("arm", n_arms), ("stage", n_stages)] {
            if n == 0 {
                return Err(AnswerError::Nothing { what });
            }
        }
        for (config, Config { arm, stage, .. }) in results.configs.iter().enumerate() {
            for (what, place, n) in [("arm", *arm, n_arms), ("stage", *stage, n_stages)] {
                if place >= n {
                    return Err(AnswerError::Place { config, what, place, n });
                }
            }
        }
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (i, row) in results.runs.iter().enumerate() {
            let Some(rows) = rows.get_mut(row.config) else {
                return Err(AnswerError::Config { run: row.id, config: row.config, n });
            };
            rows.push(i);
        }
        let mut stages = vec![vec![Group::default(); n_arms]; n_stages];
        for (config, rows) in rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let Config { arm, stage, .. } = results.configs[config];
            stages[stage][arm].cells.push(Cell { config, rows });
        }
        Ok(Gathered { results, sign, stages })
    }

    /// The last stage of which a run has ended; the last of all if none has.
    pub fn stage(&self) -> usize {
        let ended = |groups: &Vec<Group>| groups.iter().any(|group| self.tally(group).ended() > 0);
        self.stages.iter().rposition(ended).unwrap_or(self.stages.len() - 1)
    }

    pub fn n_stages(&self) -> usize {
        self.stages.len()
    }

    /// The arms of a stage.
    pub fn groups(&self, stage: usize) -> &[Group] {
        &self.stages[stage]
    }

    pub fn row(&self, row: usize) -> &'a Row {
        &self.results.runs[row]
    }

    pub fn config(&self, row: usize) -> &'a Config {
        &self.results.configs[self.row(row).config]
    }

    pub fn tally(&self, group: &Group) -> Tally {
        Tally::of(group.rows().map(|row| self.row(row)))
    }

    /// The score of a run that finished, turned.
    fn score(&self, row: usize) -> Option<f64> {
        match Outcome::of(self.row(row)) {
            // A sum with zero turns -0 into 0.
            Outcome::Finished(score) => Some(self.sign * score + 0.0),
            _ => None,
        }
    }

    /// Scores of the runs that finished, of each configuration that has some.
    pub fn strata(&self, group: &Group) -> Vec<Vec<f64>> {
        let scores = |cell: &Cell| cell.rows.iter().filter_map(|row| self.score(*row)).collect();
        group.cells.iter().map(scores).filter(|scores: &Vec<f64>| !scores.is_empty()).collect()
    }

    /// Runs that finished with their scores, from the worst to the best.
    pub fn finished(&self, group: &Group) -> Vec<(f64, usize)> {
        let mut runs: Vec<(f64, usize)> =
            group.rows().filter_map(|row| Some((self.score(row)?, row))).collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        runs
    }

    /// The scores of all runs of a stage that finished, ascending.
    pub fn all_finished(&self, stage: usize) -> Vec<f64> {
        let rows = self.stages[stage].iter().flat_map(Group::rows);
        let mut scores: Vec<f64> = rows.filter_map(|row| self.score(row)).collect();
        scores.sort_by(f64::total_cmp);
        scores
    }

    /// Where a run that ended ranks.
    fn rank(&self, row: usize) -> Option<f64> {
        match Outcome::of(self.row(row)) {
            Outcome::Finished(_) => self.score(row),
            Outcome::Pruned => Some(PRUNED),
            Outcome::Failed => Some(FAILED),
            Outcome::Open => None,
        }
    }

    /// The rank of a configuration: the median of its runs that ended; `None` if none has.
    pub fn rank_of(&self, cell: &Cell) -> Option<f64> {
        let mut ranks: Vec<f64> = cell.rows.iter().filter_map(|row| self.rank(*row)).collect();
        ranks.sort_by(f64::total_cmp);
        median(&ranks)
    }

    /// What is compared: the runs of an arm's only configuration, or its configurations. Runs of one configuration depend on each other, so that they must not
    /// count as so many.
    pub fn units(&self, group: &Group) -> Vec<f64> {
        match &group.cells[..] {
            [only] => only.rows.iter().filter_map(|row| self.rank(*row)).collect(),
            cells => cells.iter().filter_map(|cell| self.rank_of(cell)).collect(),
        }
    }

    /// The score that a rank is, unless it is that of a failure or of a run that was stopped.
    pub fn score_of(&self, rank: f64) -> Option<f64> {
        (rank > PRUNED / 4.0).then_some(self.sign * rank + 0.0)
    }

    /// Seeds of the last stage with which an earlier stage has chosen.
    pub fn seeds_of_both(&self) -> BTreeSet<u64> {
        let seeds = |groups: &[Group]| -> BTreeSet<u64> {
            groups.iter().flat_map(Group::rows).map(|row| self.row(row).seed).collect()
        };
        let Some((last, earlier)) = self.stages.split_last() else { return BTreeSet::new() };
        let (last, earlier) = (seeds(last), earlier.iter().map(|groups| seeds(groups)));
        earlier.flat_map(|seeds| seeds.intersection(&last).copied().collect::<Vec<_>>()).collect()
    }
}

impl Group {
    /// Its runs.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.cells.iter().flat_map(|cell| cell.rows.iter().copied())
    }
}
