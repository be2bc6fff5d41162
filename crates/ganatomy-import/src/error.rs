//! Why a log cannot be read.

use std::io;
use std::path::PathBuf;

use ganatomy_record::RecordError;

/// A log that cannot be read as the record of a run. Each message is one sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The operating system refused.
    #[error("cannot read {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why; the message contains it.
        #[source]
        cause: io::Error,
    },
    /// A file without anything in it.
    #[error("{} is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A file of another kind.
    #[error("{} is {what}, not a log; give the file that the losses were written to", path.display())]
    NotALog {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A log without numbers that are named.
    #[error(
        "{} holds no line with named numbers, such as `d_loss: 0.69, g_loss: 0.71`; say how its lines are read, as in --pattern '(?P<step>\\d+) (?P<d_loss>\\S+) (?P<g_loss>\\S+)'",
        path.display()
    )]
    NoNumbers {
        /// The file.
        path: PathBuf,
    },
    /// A table without rows.
    #[error("{} is a table with a header and no row of numbers", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A folder without logs.
    #[error("{} holds no file that is known as a log: {known}", path.display())]
    NoLogs {
        /// The folder.
        path: PathBuf,
        /// What is looked for.
        known: &'static str,
    },
    /// A file that is damaged where that cannot be read past.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A map of a name that is not in the log.
    #[error("--map says what {theirs} means, and no such name is in the log; it holds {there}")]
    NoSuchName {
        /// The name.
        theirs: String,
        /// Those that are there.
        there: String,
    },
    /// Two names for one reading.
    #[error("--map gives {ours} to {first} and to {second}; only one can have it")]
    Twice {
        /// The reading.
        ours: String,
        /// The one name.
        first: String,
        /// The other name.
        second: String,
    },
    /// A run that is not in the log.
    #[error("run {asked} was asked for, and the log holds {there}")]
    NoSuchRun {
        /// The number.
        asked: usize,
        /// How many there are.
        there: usize,
    },
    /// A pattern that is none, or has no names.
    #[error("--pattern {pattern} {why}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// No name was understood, where that is needed.
    #[error(
        "no name of this log is known: {there}; say what they mean with --map NAME=READING, as in --map {example}=discriminator/loss"
    )]
    NothingKnown {
        /// The names.
        there: String,
        /// One of them.
        example: String,
    },
    /// A folder without pictures.
    #[error("{} holds no picture (png, jpg, webp, bmp, gif, tiff)", path.display())]
    NoPictures {
        /// The folder.
        path: PathBuf,
    },
    /// Pictures that do not say which step they are of.
    #[error(
        "the pictures of {} do not say in their names which steps they are of, as fakes_epoch_003.png or step_500/7.png do, and {} is one of them",
        path.display(), example.display()
    )]
    NoSteps {
        /// The folder.
        path: PathBuf,
        /// One of them.
        example: PathBuf,
    },
    /// There is a run already, and replacing it was not asked for.
    #[error("{} already holds a run; replace it with --overwrite, or choose another --out", path.display())]
    Exists {
        /// The run folder.
        path: PathBuf,
    },
    /// The operating system refused to write.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why; the message contains it.
        #[source]
        cause: io::Error,
    },
    /// The run folder cannot be written.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl ImportError {
    /// Makes an error of reading a file, for `map_err`.
    pub(crate) fn read(path: &std::path::Path) -> impl Fn(io::Error) -> ImportError {
        let path = path.to_owned();
        move |cause| ImportError::Read { path: path.clone(), cause }
    }
}
