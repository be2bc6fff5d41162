//! Why a score cannot be given.

use ganatomy_game::nearest::NearestError;
use ganatomy_tensor::{StoreError, TraceError};

use crate::classifier::ClassifierError;

/// Why a score cannot be given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// Numbers that do not make whole rows.
    #[error("{found} numbers do not make whole rows of {dims}")]
    Ragged {
        /// Numbers found.
        found: usize,
        /// Numbers of a row.
        dims: usize,
    },
    /// A feature that is no number.
    #[error("features must be finite numbers, found {found} in row {row}, column {column} (counted from 0)")]
    NotFinite {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// What it is.
        found: f32,
    },
    /// Two sides of different features.
    #[error(
        "all sides need the same features, found {real} numbers an item of the real side and {found} of the {side}"
    )]
    Dims {
        /// The other side.
        side: &'static str,
        /// Of the real side.
        real: usize,
        /// Of the other side.
        found: usize,
    },
    /// Class probabilities that are not one row an item.
    #[error(
        "class probabilities need one row for each generated item, found {found} rows for {needed} items"
    )]
    Probabilities {
        /// Rows found.
        found: usize,
        /// Generated items.
        needed: usize,
    },
    /// More items than the score can hold.
    #[error("{score} compares at most {most} items of a side at once, found {found}")]
    TooMany {
        /// Which score.
        score: &'static str,
        /// Items that it can hold.
        most: usize,
        /// Items found.
        found: usize,
    },
    /// Counts of different bins.
    #[error(
        "both sides need counts of the same bins, found {real} of the real side and {generated} of the generated"
    )]
    Bins {
        /// Of the real side.
        real: usize,
        /// Of the generated side.
        generated: usize,
    },
    /// Fewer items than the score can use.
    #[error("{score} needs at least {needed} {side} items, found {found}")]
    TooFew {
        /// Which score.
        score: &'static str,
        /// Which side.
        side: &'static str,
        /// Items needed.
        needed: usize,
        /// Items found.
        found: usize,
    },
    /// A score that needs what the caller did not give.
    #[error("{score} needs {what}")]
    Missing {
        /// Which score.
        score: &'static str,
        /// What it needs.
        what: &'static str,
    },
    /// Numbers that grow out of bounds on the way.
    #[error("{score} is not finite for these features; they reach up to {largest:e}")]
    Overflow {
        /// Which score.
        score: &'static str,
        /// The largest of the features.
        largest: f32,
    },
    /// An extractor that does not work.
    #[error("the extractor {name} {why}")]
    Extractor {
        /// Which extractor.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The receiver of progress asked for a stop.
    #[error("making features of real items was interrupted at {done} of {total}")]
    Stopped {
        /// Items finished.
        done: usize,
        /// Items in all.
        total: usize,
    },
    /// The classifier of the data.
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
    /// A program that is wrong.
    #[error("the program of a score is wrong")]
    Trace(#[from] TraceError),
    /// Tensors that do not fit together.
    #[error("the tensors of a score do not fit")]
    Store(#[from] StoreError),
    /// A search for neighbours.
    #[error(transparent)]
    Nearest(#[from] NearestError),
}
