//! What can go wrong while a run goes.

use std::error::Error;

use ganatomy_record::RecordError;
use ganatomy_score::ScoreError;
use ganatomy_score::classifier::ClassifierError;
use ganatomy_tensor::{StoreError, TraceError};

use crate::checkpoint::CheckpointError;

/// A run that could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The networks, loss and updates do not make a program.
    #[error("the step's program cannot be built: {0}")]
    Trace(#[from] TraceError),
    /// Tensors do not fit the program.
    #[error("the run's tensors do not fit its program: {0}")]
    Store(#[from] StoreError),
    /// The device that the step was to run on.
    #[error("{source}")]
    Device {
        /// What it says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A batch that devices cannot share.
    #[error(
        "{n_devices} devices share each batch evenly: batch must be a multiple of {n_devices}, found {batch}"
    )]
    Unshared {
        /// Items of a batch.
        batch: usize,
        /// How many devices there are.
        n_devices: usize,
    },
    /// The state was on a device that failed in a step.
    #[error(
        "the run's state was lost with a step that failed on the device: its last checkpoint is what there is"
    )]
    StateLost,
    /// The record cannot be kept.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The checkpoint to go on from cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A player of another run does not fit this one.
    #[error("the other run's {who} does not fit this run: {source}")]
    Adopt {
        /// The player.
        who: &'static str,
        /// What does not fit.
        source: StoreError,
    },
    /// More or fewer numbers than there is room for.
    #[error("{what} must be {wanted} numbers, found {found}")]
    Count {
        /// What was given.
        what: &'static str,
        /// How many numbers came.
        found: usize,
        /// How many are needed.
        wanted: usize,
    },
    /// A Jacobian with too many rows.
    #[error("the Jacobian of {found} parameters is too large: at most {most} are allowed")]
    Large {
        /// The parameters of all players.
        found: usize,
        /// The most that are allowed.
        most: usize,
    },
    /// The game has no discriminator, or one that cannot judge an item by itself.
    #[error("{what} needs a discriminator that judges every item by itself")]
    NoJudge {
        /// What was asked for.
        what: &'static str,
    },
    /// A run in memory has no folder for what was asked.
    #[error("{what} needs a run folder, and this run has none")]
    NoFolder {
        /// What was asked for.
        what: &'static str,
    },
    /// A folder in which another run has kept its state.
    #[error("{path} holds checkpoints of a run already; resume that run, or give a new folder")]
    Occupied {
        /// The run folder.
        path: String,
    },
    /// A tensor that only training changes.
    #[error("{name} counts the steps and cannot be set")]
    Fixed {
        /// The tensor.
        name: String,
    },
    /// A factor of a learning rate that is not one.
    #[error("the learning rate's factor of {who} must be a finite number of at least 0, found {found}")]
    Factor {
        /// The player.
        who: &'static str,
        /// What was given.
        found: f64,
    },
    /// Two sources of one reading.
    #[error("{first} and {second} both report {reading}; {off} = 0 turns the latter off")]
    Twice {
        /// The reading's name.
        reading: String,
        /// Who reports it.
        first: String,
        /// Who reports it too.
        second: String,
        /// The field that turns the latter off.
        off: String,
    },
    /// A reading that cannot choose the best checkpoint.
    #[error("checkpoint.best_by {why}")]
    BestBy {
        /// What is allowed, and what was found.
        why: String,
    },
    /// A player that is not in the game.
    #[error("this game has no {who}")]
    NoPlayer {
        /// The player.
        who: &'static str,
    },
    /// A game's work before a step, or a probe from outside, failed with an error of its own.
    #[error("{0}")]
    Other(Box<dyn Error + Send + Sync>),
    /// The classifier that judges samples cannot be had.
    #[error("{}", no_classifier(.0))]
    Classifier(#[from] ClassifierError),
    /// A score of samples cannot be had.
    #[error("{}", no_score(.0))]
    Score(#[source] ScoreError),
}

/// A score's classifier fails as that of the probes does.
impl From<ScoreError> for TrainError {
    fn from(error: ScoreError) -> TrainError {
        match error {
            ScoreError::Classifier(error) => TrainError::Classifier(error),
            error => TrainError::Score(error),
        }
    }
}

/// A stop speaks for itself.
fn no_score(error: &ScoreError) -> String {
    match error {
        ScoreError::Stopped { .. } => error.to_string(),
        _ => format!("samples cannot be scored: {error}"),
    }
}

/// A stop speaks for itself.
fn no_classifier(error: &ClassifierError) -> String {
    match error {
        ClassifierError::Stopped { .. } => error.to_string(),
        _ => format!("the classifier that judges samples cannot be had: {error}"),
    }
}

impl TrainError {
    /// Did the work before the first step end because a stop was asked for?
    pub fn is_stop(&self) -> bool {
        matches!(
            self,
            TrainError::Classifier(ClassifierError::Stopped { .. })
                | TrainError::Score(ScoreError::Stopped { .. })
        )
    }

    /// Was the request wrong, rather than the run?
    pub fn is_request(&self) -> bool {
        matches!(
            self,
            TrainError::Checkpoint(_)
                | TrainError::Trace(_)
                | TrainError::Unshared { .. }
                | TrainError::Adopt { .. }
                | TrainError::Count { .. }
                | TrainError::Large { .. }
                | TrainError::NoJudge { .. }
                | TrainError::NoFolder { .. }
                | TrainError::Occupied { .. }
                | TrainError::Fixed { .. }
                | TrainError::Factor { .. }
                | TrainError::NoPlayer { .. }
                | TrainError::Twice { .. }
                | TrainError::BestBy { .. }
        )
    }
}

/// What a game says of its own work may be one of ours.
impl From<Box<dyn Error + Send + Sync>> for TrainError {
    fn from(error: Box<dyn Error + Send + Sync>) -> TrainError {
        error.downcast::<TrainError>().map_or_else(TrainError::Other, |error| *error)
    }
}
