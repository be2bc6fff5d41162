//! Run specs, events and run folders: what a training run reports, as plain data and files.
//!
//! A run is asked for by a [`RunSpec`], lives in a [`RunFolder`], is recorded by a [`RunWriter`] and read, live or a year
//! later, by a [`RunReader`]. Nothing here knows tensors, reads a clock or prints.
//!
//! ```
//! use std::collections::BTreeMap;
//! use ganatomy_record::{Event, Outcome, RunFolder, RunReader, RunSpec, RunWriter, Sink};
//!
//! let spec = RunSpec::parse("steps = 100\n", "recipe.toml")?;
//! let mut root = spec.root();
//! let steps = root.count("steps", "Updates of the generator.", 1000, 1..=1_000_000)?;
//! let plan = root.finish()?.to_toml();
//!
//! let place = tempfile::tempdir()?;
//! let folder = RunFolder::create(&place.path().join("run"), false, &spec.source(), &plan)?;
//! let mut writer = RunWriter::open(&folder, 1.7e9, "laptop")?;
//! let values = BTreeMap::from([("generator/loss".to_owned(), 0.69)]);
//! writer.receive(&Event::Readings { step: steps, secs: 0.5, values })?;
//! writer.receive(&Event::Finished { step: steps, secs: 0.5, outcome: Outcome::Done })?;
//!
//! let summary = RunReader::open(&folder).summary()?;
//! assert_eq!((summary.outcome.as_str(), summary.steps), ("done", 100));
//! assert_eq!(summary.readings["generator/loss"].last, 0.69);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod appender;
mod checkpoints;
mod compare;
#[cfg(test)]
#[path = "../../../testing/damage.rs"]
mod damage;
mod data_summary;
mod error;
mod event;
mod files;
mod folder;
mod npy;
mod npy_file;
mod npy_read;
mod npz;
pub mod number;
mod reader;
mod recorder;
#[cfg(test)]
mod run_tests;
mod samples;
mod spec;
mod sum;
mod summary;
mod tensorboard;
mod which;
mod writer;

/// Counts what readers of damaged files take.
#[cfg(test)]
#[global_allocator]
static COUNTING: damage::Counting = damage::Counting;

pub use checkpoints::{Best, CheckpointFile, Checkpoints, Marks};
pub use compare::{Difference, first_difference};
pub use data_summary::{DataSummary, FileSummary};
pub use error::RecordError;
pub use event::{Direction, Event, Outcome, Sink};
pub use files::{read_whole, write_whole};
pub use folder::RunFolder;
pub use npy::{NpyData, write_npy};
pub use npy_file::NpyFile;
pub use npy_read::{NpyArray, NpyNumbers, npy_of, read_npy};
pub use npz::npz_of;
pub use reader::{News, RunReader, Tail, absorb};
pub use recorder::Recorder;
pub use samples::{SampleContent, SampleFile, Surface};
pub use spec::{
    Dropped, Entry, FieldDoc, Fields, Place, Range, Read, Resolved, RunSpec, SpecError, choose, choose_in,
    declared, nearest,
};
pub use sum::{Sum, sum};
pub use summary::{Reading, Summary};
pub use which::Which;
pub use writer::RunWriter;
