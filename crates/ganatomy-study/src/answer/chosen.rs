//! Runs that are shown one by one: the best, the median and the worst of each arm, and those that failed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gather::{Gathered, Group};
use super::tally::Outcome;

/// Failed runs that are told of one by one.
const MOST_FAILED: usize = 200;

/// Why a run has failed that does not say why.
const NO_SCORE: &str = "no score: the run got its budget, but its score is no finite number";

/// A run that is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownRun {
    /// The arm by its place.
    pub arm: usize,
    /// Which of its runs.
    pub which: Which,
    /// The run.
    pub run: u64,
    /// Its seed.
    pub seed: u64,
    /// Its score.
    pub score: f64,
    /// Its folder, below the study's.
    pub folder: Option<String>,
}

/// Which of an arm's finished runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The best.
    Best,
    /// The one in the middle.
    Median,
    /// The worst.
    Worst,
}

/// The runs that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failures {
    /// How many failed in all stages.
    pub n: usize,
    /// How many of each kind: `diverged`, `collapsed`, `lost`.
    pub kinds: BTreeMap<String, usize>,
    /// Some of them, those of the last stage first.
    pub runs: Vec<FailedRun>,
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailedRun {
    /// The run.
    pub run: u64,
    /// The arm by its place.
    pub arm: usize,
    /// The stage by its place.
    pub stage: usize,
    /// Its seed.
    pub seed: u64,
    /// Steps it made.
    pub steps: u64,
    /// Why it failed.
    pub why: String,
    /// Its folder, below the study's.
    pub folder: Option<String>,
}

/// Best, median and worst of each arm of a stage: of one finished run the best, of two the best and the worst.
pub(super) fn shown(gathered: &Gathered<'_>, stage: usize) -> Vec<ShownRun> {
    let mut shown = Vec::new();
    for (arm, group) in gathered.groups(stage).iter().enumerate() {
        let runs = gathered.finished(group);
        let n = runs.len();
        let places = match n {
            0 => vec![],
            1 => vec![(Which::Best, 0)],
            2 => vec![(Which::Best, 1), (Which::Worst, 0)],
            _ => vec![(Which::Best, n - 1), (Which::Median, (n - 1) / 2), (Which::Worst, 0)],
        };
        shown.extend(places.into_iter().map(|(which, place)| {
            let (score, row) = runs[place];
            let row = gathered.row(row);
            let folder = row.folder.as_deref().map(str::to_owned);
            ShownRun { arm, which, run: row.id, seed: row.seed, score: gathered.sign * score, folder }
        }));
    }
    shown
}

/// The failed runs of all stages, the last stage first.
pub(super) fn failures(gathered: &Gathered<'_>) -> Failures {
    let mut found = Failures { n: 0, kinds: BTreeMap::new(), runs: Vec::new() };
    for stage in (0..gathered.n_stages()).rev() {
        let rows = gathered.groups(stage).iter().flat_map(Group::rows);
        for row in rows.filter(|row| Outcome::of(gathered.row(*row)) == Outcome::Failed) {
            found.add(gathered, row);
        }
    }
    found
}

impl Failures {
    fn add(&mut self, gathered: &Gathered<'_>, place: usize) {
        let (row, config) = (gathered.row(place), gathered.config(place));
        let why = row.why.as_deref().unwrap_or(NO_SCORE);
        let kind = why.split(':').next().unwrap_or_default().trim();
        self.n += 1;
        // Keys are made once: there may be very many runs.
        match self.kinds.get_mut(kind) {
            Some(n) => *n += 1,
            None => drop(self.kinds.insert(kind.to_owned(), 1)),
        }
        if self.runs.len() < MOST_FAILED {
            self.runs.push(FailedRun {
                run: row.id,
                arm: config.arm,
                stage: config.stage,
                seed: row.seed,
                steps: row.steps,
                why: why.to_owned(),
                folder: row.folder.as_deref().map(str::to_owned),
            });
        }
    }
}
