//! Whole logs: lines of every kind, real ones, and what is damaged or hostile.

mod damaged;
mod events;
mod kinds;
mod shared;
mod traps;

use std::path::{Path, PathBuf};

use crate::join::of_sources;
use crate::source::Source;
use crate::{ImportError, Imported, Options};

/// Reads a log in memory by some options.
fn read_as(name: &str, log: &[u8], options: &Options) -> Result<Imported, ImportError> {
    of_sources(&[PathBuf::from(name)], options, |path: &Path| Source::of_bytes(path, log))
}

/// Reads a log in memory.
fn read(log: &str) -> Imported {
    read_as("train.log", log.as_bytes(), &Options::default()).unwrap()
}

/// The format, the unit, and each reading with its number of values, its first and its last.
fn told(imported: &Imported) -> Vec<String> {
    let mut told = vec![format!("{} by {}", imported.formats.join(" and "), imported.unit.word())];
    told.extend(imported.series().iter().map(|(name, points)| {
        let (first, last) = (points[0], points[points.len() - 1]);
        format!("{name} {}: {} at {} to {} at {}", points.len(), first.1, first.0, last.1, last.0)
    }));
    told
}

fn check(log: &str, expected: &[&str]) {
    assert_eq!(told(&read(log)), expected, "{log}");
}
