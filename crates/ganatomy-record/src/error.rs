//! What can go wrong with a run's files.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// A run folder or file that cannot be made, read or written. Each message is one sentence that names the path
/// and its cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A sink from another crate failed with its own error.
    #[error("{0}")]
    Other(Box<dyn Error + Send + Sync>),
    /// A file that holds no array of floats or bytes.
    #[error("cannot use {} as an array: {why}", path.display())]
    NotAnArray {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// A verb: `write`, `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why; the message contains it.
        #[source]
        cause: io::Error,
    },
    /// There is a run already, and replacing it was not asked for.
    #[error("{} already holds a run; continue it with --resume {} or replace it with --overwrite",
        path.display(), path.display())]
    Exists {
        /// The run folder.
        path: PathBuf,
    },
    /// Something other than a run is there; it is never overwritten.
    #[error("{} is not empty and is not a run folder, so nothing is written there; choose another folder",
        path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The path is a file.
    #[error("{} is a file, not a folder", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// The folder lacks a file that every run has.
    #[error("{} is not a run folder: it has no {missing}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// The file that a run would have.
        missing: &'static str,
    },
    /// Another process writes the run.
    #[error("the run {} is being written by another process", path.display())]
    InUse {
        /// The run folder.
        path: PathBuf,
    },
    /// A run without a checkpoint.
    #[error("{} holds no checkpoint yet", path.display())]
    NoCheckpoints {
        /// The run folder.
        path: PathBuf,
    },
    /// A run without the checkpoint that is asked for.
    #[error("{} has {wanted}; it has {there}", path.display())]
    NoSuchCheckpoint {
        /// The run folder.
        path: PathBuf,
        /// What was asked for: `no checkpoint of step 7`.
        wanted: String,
        /// What there is: `those of steps 10 and 20`.
        there: String,
    },
    /// A run folder that lacks a folder which training needs.
    #[error(
        "{} has no folder {missing}/, which every run has; make it again to go on, or start a new run",
        path.display()
    )]
    Incomplete {
        /// The run folder.
        path: PathBuf,
        /// The folder that is missing.
        missing: &'static str,
    },
    /// A run that has stored checkpoints, of which none is left.
    #[error(
        "{} has stored checkpoints up to step {step}, and none of them is left, so there is nothing to go on from; \
         start a new run",
        path.display()
    )]
    CheckpointsGone {
        /// The run folder.
        path: PathBuf,
        /// The step of the last one that its log names.
        step: u64,
    },
    /// A line of the event log is not an event.
    #[error("{}:{line}: this is not an event: {why}", path.display())]
    Event {
        /// The event log.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        why: String,
    },
    /// A file is there but does not hold what it should.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// An array's length does not match its shape.
    #[error("{what} holds {found} numbers, but its shape asks for {expected}")]
    Shape {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The product of its dimensions.
        expected: usize,
    },
}

impl RecordError {
    /// Wraps a sink's own error, unchanged.
    pub fn other(error: impl Into<Box<dyn Error + Send + Sync>>) -> RecordError {
        RecordError::Other(error.into())
    }

    /// Makes an error of an action on a path, for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RecordError {
        let path = path.to_owned();
        move |cause| RecordError::Io { action, path, cause }
    }

    /// Refuses an array whose length does not match its shape.
    pub(crate) fn check_shape(what: &'static str, found: usize, shape: &[usize]) -> Result<(), RecordError> {
        let expected = shape.iter().fold(1usize, |product, dim| product.saturating_mul(*dim));
        if found == expected { Ok(()) } else { Err(RecordError::Shape { what, found, expected }) }
    }

    /// Says that a file does not hold what it should.
    pub(crate) fn damaged(path: &Path, why: impl ToString) -> RecordError {
        RecordError::Damaged { path: path.to_owned(), why: why.to_string() }
    }
}
