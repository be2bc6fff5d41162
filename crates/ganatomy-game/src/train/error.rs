//! What can go wrong while a run goes.

use ganatomy_record::RecordError;
use ganatomy_tensor::{StoreError, TraceError};

use crate::checkpoint::CheckpointError;
use crate::metric::classifier::ClassifierError;

/// A run that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The networks, loss and updates do not make a program.
    #[error("the step's program cannot be built: {0}")]
    Trace(#[from] TraceError),
    /// Tensors do not fit the program.
    #[error("the run's tensors do not fit its program: {0}")]
    Store(#[from] StoreError),
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
    /// The classifier that judges samples cannot be had.
    #[error("the classifier that judges samples cannot be had: {0}")]
    Classifier(#[from] ClassifierError),
}

impl TrainError {
    /// Was the request wrong, rather than the run?
    pub fn is_request(&self) -> bool {
        matches!(
            self,
            TrainError::Checkpoint(_)
                | TrainError::Trace(_)
                | TrainError::Adopt { .. }
                | TrainError::Count { .. }
                | TrainError::Large { .. }
                | TrainError::NoJudge { .. }
        )
    }
}
