//! What keeps a study from being read, kept or carried out.

use std::path::PathBuf;

use ganatomy_record::{RecordError, SpecError};
use ganatomy_train::recipe::RecipeError;
use ganatomy_train::{PlanError, TrainError};

/// A study that cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The study's file could not be read.
    #[error("cannot read the study {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file that is no study.
    #[error("{origin}: {why}")]
    File {
        /// What was read.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
    /// An arm's spec.
    #[error("{origin}: arm \"{arm}\": {source}")]
    Arm {
        /// The study's file.
        origin: String,
        /// Its name.
        arm: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A study that was begun with another file.
    #[error(
        "the study in {} was begun with another file: {differs}; go on with the file it was begun with, or begin a study of its own \
         with --out DIR", folder.display()
    )]
    Changed {
        /// The study's folder.
        folder: PathBuf,
        /// The first thing that differs.
        differs: String,
    },
    /// A checkpoint that arms begin at.
    #[error(
        "{} is not what it was when the study was begun: its forks would begin elsewhere; put it back, or begin a study of its own \
         with --out DIR", checkpoint.display()
    )]
    Parent {
        /// The checkpoint.
        checkpoint: PathBuf,
    },
    /// A store that does not do what it is asked.
    #[error("the study's store {store}: {why}")]
    Store {
        /// Its file or address.
        store: String,
        /// What it says.
        why: String,
        /// Whether the same may work a little later.
        passing: bool,
        /// Whether the request was wrong, and not the store's machine.
        request: bool,
    },
    /// A run's folder.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file or folder of the study.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// A run.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A run's plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A spec.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A spec's name.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// An engine that does not take the workers.
    #[error("{engine}: {why}")]
    Launch {
        /// Its name.
        engine: &'static str,
        /// What it says.
        why: String,
    },
}

impl StudyError {
    /// Would the same request be met on a machine that is in order?
    pub fn is_of_the_machine(&self) -> bool {
        matches!(self, StudyError::Store { request: false, .. } | StudyError::Launch { .. })
    }
}
