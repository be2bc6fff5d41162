//! What a data set is built with: folders, threads and a receiver of progress.

use std::fmt;
use std::path::PathBuf;

use crate::DataError;

/// Folders, threads and the receiver of progress that a data set is built with.
pub struct DataContext<'a> {
    /// Where the user keeps data, from `--data` or the environment.
    pub data_dir: Option<PathBuf>,
    /// Where decoded images may be kept between runs.
    pub cache_dir: PathBuf,
    /// How many threads may decode at once.
    pub threads: usize,
    /// Receives the progress of long work, and notes.
    pub progress: &'a dyn Progress,
}

impl DataContext<'_> {
    /// The folder a set is read from: the one its spec names, else the user's.
    pub(crate) fn folder(
        &self,
        set: &'static str,
        named: &str,
        fetchable: bool,
    ) -> Result<PathBuf, DataError> {
        let named = (!named.is_empty()).then(|| PathBuf::from(named));
        let folder = named.or_else(|| self.data_dir.clone()).ok_or(DataError::NoFolder { set, fetchable })?;
        if !folder.is_dir() {
            return Err(DataError::MissingFolder { set, folder, fetchable });
        }
        Ok(folder)
    }
}

/// All but the receiver of progress.
impl fmt::Debug for DataContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataContext")
            .field("data_dir", &self.data_dir)
            .field("cache_dir", &self.cache_dir)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// No user folder, one thread, and progress ignored: enough for data that need no files.
impl Default for DataContext<'_> {
    fn default() -> Self {
        let cache_dir = std::env::temp_dir().join("ganatomy");
        DataContext { data_dir: None, cache_dir, threads: 1, progress: &Silent }
    }
}

/// What a task counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Images.
    Images,
    /// Bytes.
    Bytes,
    /// Steps of a small training.
    Steps,
}

/// One long piece of work, as a progress bar shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task<'a> {
    /// What is being done: "decoding photos", "train-images-idx3-ubyte.gz".
    pub name: &'a str,
    /// What is counted.
    pub unit: Unit,
    /// How many there are in all.
    pub total: u64,
}

/// Receives the progress of long work; may be called from several threads at once.
pub trait Progress: Sync {
    /// `done` of `task.total` are finished; the task ends when they are equal.
    fn advance(&self, task: Task<'_>, done: u64);

    /// Something the user should know, that did not stop the work.
    fn note(&self, text: &str);

    /// Should the work stop? Asked by work that keeps what it has and can go on later.
    fn wants_stop(&self) -> bool {
        false
    }
}

/// Ignores all progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _task: Task<'_>, _done: u64) {}

    fn note(&self, _text: &str) {}
}
