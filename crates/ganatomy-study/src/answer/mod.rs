//! What a study answers: everything that a report shows, as plain data.
//!
//! A failed run never enters as a bad number: it is counted, ranks below every finished run where arms are compared, and has no part in medians
//! and means, which are of the finished runs. A run that a rule stopped early ranks between the two.

mod arm;
mod chosen;
mod csv;
mod curve;
mod error;
mod gather;
pub(crate) mod number;
mod pair;
mod search;
mod settings;
mod tally;
mod words;

use ganatomy_record::Direction;
use serde::Serialize;

pub use arm::{Arm, Estimate, Rate};
pub use chosen::{FailedRun, Failures, ShownRun, Which};
pub use csv::csv_runs;
pub use curve::{Course, Curve};
pub use error::AnswerError;
pub use number::told;
pub use pair::Pair;
pub use search::{Chosen, Search};
pub use settings::{Coordinates, Influence, Searched};
pub use tally::Tally;
pub use words::Paragraph;

use crate::fork::Fork;
use crate::stats;
use crate::{Curves, Results};
use gather::Gathered;

/// What a study answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The study's name.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// The reading that is the score.
    pub reading: String,
    /// Is a larger score better?
    pub larger_is_better: bool,
    /// The other readings that were kept.
    pub also: Vec<String>,
    /// What every run gets, in words.
    pub budget: String,
    /// What can and cannot be concluded, in plain words.
    pub conclusion: Paragraph,
    /// Runs of the whole study.
    pub runs: Tally,
    /// The stages, in their order.
    pub stages: Vec<String>,
    /// The stage that is told of, by its place.
    pub stage: usize,
    /// The last stage, which answers, has no run that ended yet: what is told of is a search.
    pub provisional: bool,
    /// What is compared is a configuration (the median of its seeds), not a run, since arms have several of them.
    pub by_configuration: bool,
    /// The arms in that stage, in the order of the file.
    pub arms: Vec<Arm>,
    /// Where the arms begin, if any of them is a fork: one an arm.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forks: Vec<Option<Fork>>,
    /// The most steps that a run of each arm has made since it began.
    pub steps: Vec<u64>,
    /// All pairs of arms that both have runs that ended.
    pub pairs: Vec<Pair>,
    /// The scores at which the arms' profiles are told, from worse to better.
    pub thresholds: Vec<f64>,
    /// What was found in every stage.
    pub searches: Vec<Search>,
    /// What the searched settings do, for every arm that has some.
    pub settings: Vec<Searched>,
    /// The score on the way.
    pub curves: Vec<Curve>,
    /// The best, the median and the worst run of every arm.
    pub shown: Vec<ShownRun>,
    /// The runs that failed.
    pub failures: Failures,
}

impl Answer {
    /// Answers a study from its runs, whether it has ended or not.
    ///
    /// # Errors
    /// A score without a better side, runs of configurations, arms or stages that are not there, and curves that cannot be read.
    pub fn of(results: &Results, curves: &dyn Curves) -> Result<Answer, AnswerError> {
        let gathered = Gathered::of(results)?;
        let stage = gathered.stage();
        let groups = gathered.groups(stage);
        let thresholds = stats::thresholds(&gathered.all_finished(stage));
        let arms = arm::arms(&gathered, stage, &thresholds);
        let mut answer = Answer {
            name: results.name.clone(),
            question: results.question.clone(),
            reading: results.reading.clone(),
            larger_is_better: results.better == Direction::Up,
            also: results.also.clone(),
            budget: results.budget.clone(),
            conclusion: Paragraph::default(),
            runs: Tally::of(results.runs.iter()),
            stages: results.stages.clone(),
            stage,
            provisional: stage + 1 < results.stages.len(),
            by_configuration: groups.iter().any(|group| group.cells.len() > 1),
            arms,
            forks: results.forks.clone(),
            steps: steps(results),
            pairs: pair::pairs(&gathered, stage),
            thresholds: thresholds.into_iter().map(|at| gathered.sign * at).collect(),
            searches: search::searches(&gathered),
            settings: settings::searched(&gathered),
            curves: curve::curves(&gathered, stage, curves)?,
            shown: chosen::shown(&gathered, stage),
            failures: chosen::failures(&gathered),
        };
        answer.conclusion = words::conclusion(&answer, &gathered.seeds_of_both());
        Ok(answer)
    }
}

/// The most steps of each arm.
fn steps(results: &Results) -> Vec<u64> {
    let mut most = vec![0; results.arms.len()];
    for run in &results.runs {
        if let Some(steps) = results.configs.get(run.config).and_then(|config| most.get_mut(config.arm)) {
            *steps = run.steps.max(*steps);
        }
    }
    most
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
