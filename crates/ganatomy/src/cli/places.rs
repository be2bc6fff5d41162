//! Where things are kept: the cache, the data, and new runs.

use std::path::{Path, PathBuf};

use ganatomy_data::SOURCES;
use ganatomy_record::RunFolder;
use ganatomy_xla::{Search, packages_of};

use super::failure::Failure;

/// A file that a run needs, asked for as a place to write to.
#[derive(Debug, thiserror::Error)]
#[error("{} is one of the own files of the run {}; choose another place", path.display(), run.display())]
struct Owned {
    path: PathBuf,
    run: PathBuf,
}

/// Refuses to write over a run's own files.
pub(crate) fn check_output(path: &Path) -> Result<(), Failure> {
    match RunFolder::owner(path) {
        Some(run) => Err(Failure::request(Owned { path: path.to_owned(), run })),
        None => Ok(()),
    }
}

/// The folder of everything that can be made or fetched again.
pub(crate) fn cache() -> PathBuf {
    let below = |folder: PathBuf| folder.join("ganatomy");
    variable("GANATOMY_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(below))
        .or_else(|| std::env::home_dir().map(|home| below(home.join(".cache"))))
        .unwrap_or_else(|| below(std::env::temp_dir()))
}

/// Where fetched data sets go.
pub(crate) fn fetched() -> PathBuf {
    cache().join("data")
}

/// The folder the data is read from: that of the command line, else of an earlier session of the run, else of the
/// environment; else, for a set that can be fetched, the folder to which it is fetched.
pub(crate) fn data(asked: Option<&Path>, before: Option<PathBuf>, kind: Option<&str>) -> Option<PathBuf> {
    let fetched = || {
        kind.filter(|kind| SOURCES.iter().any(|source| source.name == *kind))
            .map(|kind| (fetched(), kind))
            .filter(|(folder, kind)| folder.join(kind).is_dir())
    };
    asked
        .map(Path::to_owned)
        .or_else(|| before.filter(|folder| folder.is_dir()))
        .or_else(|| variable("GANATOMY_DATA"))
        .or_else(|| fetched().map(|(folder, _)| folder))
}

/// The variable that names a plugin's file.
pub(crate) const PJRT: &str = "GANATOMY_PJRT";

/// Where the plugins are looked for that run programs on other devices. The packages of Pythons are found by their folders: nothing
/// is started for it.
pub(crate) fn plugins() -> Search {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(variable);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let python = std::env::split_paths(&path).filter(|folder| folder.join("python3").exists());
    let prefixes: Vec<PathBuf> = python.filter_map(|bin| Some(bin.parent()?.to_owned())).collect();
    // A system's Python has its administrator's packages beside its own.
    let prefixes = prefixes.into_iter().flat_map(|prefix| [prefix.join("local"), prefix]);
    let user = std::env::home_dir().map(|home| home.join(".local"));
    let mut packages: Vec<PathBuf> = Vec::new();
    for folder in active.chain(prefixes).chain(user).flat_map(|prefix| packages_of(&prefix)) {
        if !packages.contains(&folder) {
            packages.push(folder);
        }
    }
    Search { variable: variable(PJRT), own: own_plugins(), packages }
}

/// Where `ganatomy devices install` unpacks plugins.
pub(crate) fn own_plugins() -> PathBuf {
    cache().join("plugins")
}

/// Where programs are kept that a plugin has compiled.
pub(crate) fn compiled() -> PathBuf {
    cache().join("compiled")
}

/// The folder of a new run that was not given one: `runs/NAME-SEED`, or the first free `runs/NAME-SEED-2`, `-3`, ...
pub(crate) fn new_run(name: &str, seed: u64, overwrite: bool) -> PathBuf {
    let first = PathBuf::from(format!("runs/{name}-{seed}"));
    if overwrite || !first.exists() {
        return first;
    }
    let later = (2u64..).map(|n| PathBuf::from(format!("runs/{name}-{seed}-{n}")));
    later.into_iter().find(|path| !path.exists()).unwrap_or(first)
}

/// A path in the environment; an empty one counts as none.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
