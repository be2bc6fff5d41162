//! What the tests of data sets share.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use flate2::Compression;
use flate2::write::GzEncoder;
use ganatomy_record::{RunSpec, SpecError};

use crate::{DataContext, DataError, DataSpec, Dataset, Progress, Silent, Task, registry};

/// Reads a data table, and refuses unknown keys as a plan does.
pub(crate) fn read(options: &str) -> Result<Box<dyn DataSpec>, SpecError> {
    let spec = RunSpec::parse(&format!("[data]\n{options}"), "test.toml").unwrap();
    let mut root = spec.root();
    let mut fields = root.table("data", "the data")?;
    let read = registry::read(&registry::data_sets(), &mut fields)?;
    fields.finish().map(|_| read)
}

/// The first line of an error.
pub(crate) fn message(error: &dyn std::error::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// Builds a set that needs no files.
pub(crate) fn build(kind: &str, options: &str) -> Box<dyn Dataset> {
    build_in(kind, options, None, Path::new("/nonexistent"), &Silent).unwrap()
}

/// Builds a set with two threads.
pub(crate) fn build_in(
    kind: &str,
    options: &str,
    data_dir: Option<&Path>,
    cache_dir: &Path,
    progress: &dyn Progress,
) -> Result<Box<dyn Dataset>, DataError> {
    let spec = read(&format!("kind = \"{kind}\"\n{options}")).unwrap();
    let (data_dir, cache_dir) = (data_dir.map(Path::to_owned), cache_dir.to_owned());
    spec.build(&DataContext { data_dir, cache_dir, threads: 2, progress })
}

/// Checks that the spec is refused with a message that names `field`.
pub(crate) fn refused(kind: &str, options: &str, field: &str) {
    let error = read(&format!("kind = \"{kind}\"\n{options}")).unwrap_err();
    let message = message(&error);
    assert!(message.starts_with("test.toml:3: ") && message.contains(field), "{kind} {options}: {message}");
}

/// A folder of real data to test on; if there is none, prints why the test is skipped.
pub(crate) fn real_data(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("GANATOMY_DATA").map(|root| PathBuf::from(root).join(what));
    match folder {
        Some(folder) if folder.is_dir() => return Some(folder),
        Some(folder) => eprintln!("skipped: there is no {}", folder.display()),
        None => eprintln!("skipped: GANATOMY_DATA does not name a folder that holds {what}"),
    }
    None
}

/// Keeps all progress and notes.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) steps: Mutex<Vec<(String, u64, u64)>>,
}

impl Progress for Recorded {
    fn advance(&self, task: Task<'_>, done: u64) {
        self.steps.lock().unwrap().push((task.name.to_owned(), done, task.total));
    }

    fn note(&self, text: &str) {
        self.notes.lock().unwrap().push(text.to_owned());
    }
}

/// The bytes of an IDX file of unsigned bytes.
pub(crate) fn idx_bytes(shape: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, shape.len() as u8];
    shape.iter().for_each(|length| bytes.extend(length.to_be_bytes()));
    bytes.extend(values);
    bytes
}

/// The bytes, gzipped.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
