//! What a worker has to know of its study, out of the store alone.

use ganatomy_record::Direction;

use crate::StudyError;
use crate::file::{Better, Budget, StudyFile, parse};
use crate::fork::Fork;
use crate::store::Store;
use crate::study::{self, Bound, Stage};

/// What a worker has to know of its study.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The study's file.
    pub file: StudyFile,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// When a run counts as collapsed.
    pub collapsed: Option<Bound>,
    /// The folder of its data, where it was begun.
    pub data: Option<String>,
}

impl Rules {
    /// Reads them.
    ///
    /// # Errors
    /// A store without a study, or of one that this version cannot read.
    pub fn of(store: &mut Store) -> Result<Rules, StudyError> {
        let origin = store.address().to_string();
        let refuse = |why: String| StudyError::File { origin: origin.clone(), why };
        let founding = store.founding()?.ok_or_else(|| refuse("it holds no study".to_owned()))?;
        let file = parse(&founding.file, &origin, None)?;
        let stages = study::stages(&file).map_err(refuse)?;
        let collapsed = study::collapsed(&file).map_err(refuse)?;
        Ok(Rules { file, stages, collapsed, data: founding.data })
    }

    /// Where an arm's runs begin, if they are forks.
    pub fn fork(&self, arm: usize) -> Option<&Fork> {
        self.file.arms.get(arm)?.fork.as_ref()
    }

    /// Which way the score is better.
    pub fn better(&self) -> Direction {
        match self.file.score.better {
            Some(Better::Lower) => Direction::Down,
            _ => Direction::Up,
        }
    }

    /// Seconds that a run may train, where that is the budget.
    pub fn most_secs(&self) -> Option<f64> {
        match self.file.budget {
            Budget::Seconds(secs) => Some(secs),
            _ => None,
        }
    }
}
