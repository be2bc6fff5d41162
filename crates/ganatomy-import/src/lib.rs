//! Reads the logs of other programs that train GANs, as the record of a run that the clinic can judge.
//!
//! A log's format is told by its content ([`FORMATS`]), its lines are read as a stream, each name is mapped to a reading
//! ([`READINGS`]) by a table that the user can overrule, and what was not understood is kept by its name.
//!
//! ```
//! use ganatomy_import::{Options, read};
//!
//! let folder = tempfile::tempdir()?;
//! let log = folder.path().join("train.log");
//! std::fs::write(&log, "[0/25][0/391]\tLoss_D: 1.39\tLoss_G: 0.70\n[0/25][50/391]\tLoss_D: 0.92\tLoss_G: 1.30\n")?;
//!
//! let imported = read(&[log], &Options::default())?;
//! assert_eq!(imported.formats, ["dcgan"]);
//! assert_eq!(imported.series()["discriminator/loss"], [(0, 1.39), (50, 0.92)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bars;
mod clock;
#[cfg(test)]
#[path = "../../../testing/damage.rs"]
mod damage;
mod error;
mod folder;
mod format;
mod imported;
mod join;
mod json;
mod names;
mod number;
pub mod samples;
mod scan;
mod settle;
mod sheet;
mod source;
#[cfg(test)]
mod tests;
mod thin;
mod write;

/// Counts what readers of damaged files take.
#[cfg(test)]
#[global_allocator]
static COUNTING: damage::Counting = damage::Counting;

pub use error::ImportError;
pub use format::{FORMATS, Format, Values};
pub use imported::{Ignored, Imported, Mapped};
pub use join::{Options, read};
pub use names::{Known, NameMap, READINGS};
pub use settle::Unit;
