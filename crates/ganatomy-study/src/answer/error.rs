//! Why a study has no answer.

use std::error::Error;

use thiserror::Error;

/// Why a study has no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Nothing is better.
    #[error("the score {reading} must be better where it is larger or where it is smaller, found neither")]
    Direction {
        /// The reading.
        reading: String,
    },
    /// A run without a configuration.
    #[error("run {run} is of configuration {config}, but the study has {n}")]
    Config {
        /// The run.
        run: u64,
        /// What it names.
        config: usize,
        /// How many there are.
        n: usize,
    },
    /// A configuration without an arm or a stage.
    #[error("configuration {config} is of {what} {place}, but the study has {n}")]
    Place {
        /// The configuration.
        config: usize,
        /// Arm or stage.
        what: &'static str,
        /// What it names.
        place: usize,
        /// How many there are.
        n: usize,
    },
    /// A study of nothing.
    #[error("the study must have at least one {what}, found none")]
    Nothing {
        /// Arm or stage.
        what: &'static str,
    },
    /// Curves that cannot be read.
    #[error("the scores on the way cannot be read")]
    Curves {
        /// Why.
        source: Box<dyn Error>,
    },
}
