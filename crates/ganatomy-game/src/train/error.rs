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
    /// The classifier that judges samples cannot be had.
    #[error("the classifier that judges samples cannot be had: {0}")]
    Classifier(#[from] ClassifierError),
}

impl TrainError {
    /// Was the request wrong, rather than the run?
    pub fn is_request(&self) -> bool {
        matches!(self, TrainError::Checkpoint(_) | TrainError::Trace(_))
    }
}
