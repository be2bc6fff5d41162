//! Whether the folder given for the data, or that of an earlier session, can be meant.

use std::path::{Path, PathBuf};

use ganatomy_data::data_sets;
use toml::Table;

use super::plan::SESSION;
use crate::cli::failure::Failure;

/// A data folder that is not used, or is not there any more.
#[derive(Debug, thiserror::Error)]
enum Misplaced {
    #[error("--data {} is not used: the set {kind} is made, not read; leave --data out, or choose another data.kind", folder.display())]
    Made { folder: PathBuf, kind: String },
    #[error("--data {} is not used: data.path names {path} already; leave one of them out", folder.display())]
    Named { folder: PathBuf, path: String },
    #[error("the run's data was read from {}, which is not there any more; say where it is now with --data DIR", folder.display())]
    Moved { folder: PathBuf },
}

/// Refuses a `--data` that the plan's set never reads.
///
/// The built-in sets that are read have a field for their folder. Nothing is known of others.
pub(super) fn check_read(asked: Option<&Path>, plan: &Table) -> Result<(), Failure> {
    let (Some(folder), Some(kind)) = (asked, text(plan, "kind")) else {
        return Ok(());
    };
    let (folder, kind) = (folder.to_owned(), kind.to_owned());
    match text(plan, "path") {
        Some("") => Ok(()),
        Some(path) => Err(Failure::request(Misplaced::Named { folder, path: path.to_owned() })),
        None if data_sets().iter().any(|entry| entry.name() == kind) => {
            Err(Failure::request(Misplaced::Made { folder, kind }))
        }
        None => Ok(()),
    }
}

/// Refuses a run whose data folder is gone, unless something else says where the data is now.
pub(super) fn check_moved(plan: &Table, now: Option<&Path>) -> Result<(), Failure> {
    match data_of(plan) {
        Some(folder) if now.is_none() && text(plan, "path") == Some("") && !folder.is_dir() => {
            Err(Failure::request(Misplaced::Moved { folder }))
        }
        _ => Ok(()),
    }
}

/// The data folder that an earlier session read.
pub(super) fn data_of(plan: &Table) -> Option<PathBuf> {
    Some(PathBuf::from(plan.get(SESSION)?.get("data")?.as_str()?))
}

/// A text of a plan's `[data]`.
fn text<'a>(plan: &'a Table, name: &str) -> Option<&'a str> {
    plan.get("data")?.get(name)?.as_str()
}
