//! A study with all of its runs, read out of its store.

use crate::StudyError;
use crate::file::Budget;
use crate::runs::Results;
use crate::store::Store;
use crate::worker::Rules;

impl Results {
    /// Reads all runs of a study, whether it has ended or not.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn read(store: &mut Store) -> Result<Results, StudyError> {
        let rules = Rules::of(store)?;
        let (configs, runs) = store.all()?;
        let better = rules.better();
        let Rules { file, stages, .. } = rules;
        Ok(Results {
            budget: file.budget.to_string(),
            name: file.name,
            question: file.question,
            reading: file.score.reading,
            better,
            also: file.score.also,
            forks: match file.arms.iter().any(|arm| arm.fork.is_some()) {
                true => file.arms.iter().map(|arm| arm.fork.clone()).collect(),
                false => Vec::new(),
            },
            arms: file.arms.into_iter().map(|arm| arm.name).collect(),
            stages: stages.into_iter().map(|stage| stage.name).collect(),
            configs,
            runs,
        })
    }
}

impl std::fmt::Display for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Budget::Steps(n) => write!(f, "{n} steps"),
            Budget::Gradients(n) => write!(f, "{n} gradients"),
            Budget::Images(n) => write!(f, "{n} images"),
            Budget::Seconds(secs) => write!(f, "{secs} seconds"),
        }
    }
}
