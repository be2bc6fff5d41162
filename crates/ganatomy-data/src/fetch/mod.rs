//! Downloads public data sets: continued when cut, checked, and complete or absent.

mod checksum;
mod download;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use ureq::Agent;

use crate::registry::SOURCES;
use crate::{DataError, FetchCause, Progress, Source, SourceFile};
use checksum::sha256_of_file;
use download::download;

/// How often to try, and where.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Take the files from this address instead of the known mirrors.
    pub base_url: Option<String>,
    /// Rounds over all mirrors; at least one is made.
    pub n_rounds: u32,
    /// Wait after the first round; it doubles every round.
    pub backoff: Duration,
    /// Longest silence of a server.
    pub timeout: Duration,
    /// Use the proxy that the environment names, if any.
    pub use_proxy: bool,
}

impl Default for FetchOptions {
    fn default() -> FetchOptions {
        FetchOptions {
            base_url: None,
            n_rounds: 5,
            backoff: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            use_proxy: true,
        }
    }
}

/// Downloads the data set `name` to the folder `into/name`, which is returned.
///
/// A file that is there with the right checksum is not fetched again; a download that was cut is continued.
///
/// # Errors
/// As [`fetch_source`], and a name that is not known.
pub fn fetch(
    name: &str,
    into: &Path,
    options: &FetchOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, DataError> {
    let names = || SOURCES.iter().map(|source| source.name);
    let source = SOURCES.into_iter().find(|source| source.name == name);
    let source = source.ok_or_else(|| DataError::UnknownSource {
        name: name.to_owned(),
        nearest: ganatomy_record::nearest(name, names()).map(str::to_owned),
        known: names().map(str::to_owned).collect(),
    })?;
    fetch_source(source, into, options, progress)
}

/// Downloads any source, known to the registry or not.
///
/// # Errors
/// A file that no mirror gave, or that cannot be written.
pub fn fetch_source(
    source: &Source,
    into: &Path,
    options: &FetchOptions,
    progress: &dyn Progress,
) -> Result<PathBuf, DataError> {
    let folder = into.join(source.name);
    fs::create_dir_all(&folder).map_err(|e| DataError::Write { file: folder.clone(), source: e })?;
    let mirrors = match &options.base_url {
        Some(url) => vec![url.as_str()],
        None => source.mirrors.to_vec(),
    };
    let agent = agent(options);
    for file in source.files {
        let target = folder.join(file.name);
        if sha256_of_file(&target).is_ok_and(|sum| sum == file.sha256) {
            progress.note(&format!("{} is already there", target.display()));
        } else {
            fetch_file(&agent, &mirrors, file, &target, options, progress)?;
        }
    }
    Ok(folder)
}

fn agent(options: &FetchOptions) -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(options.timeout))
        .timeout_recv_response(Some(options.timeout))
        .timeout_per_read(Some(options.timeout))
        .http_status_as_error(false);
    let config = if options.use_proxy { config } else { config.proxy(None) };
    config.build().into()
}

/// Asks each mirror in turn, round after round, until one has given the file.
fn fetch_file(
    agent: &Agent,
    mirrors: &[&str],
    file: &SourceFile,
    target: &Path,
    options: &FetchOptions,
    progress: &dyn Progress,
) -> Result<(), DataError> {
    let mut mirrors = mirrors.to_vec();
    let (mut n_tries, mut last) = (0, FetchCause::NoMirror);
    for round in 0..options.n_rounds.max(1) {
        if round > 0 {
            sleep(options.backoff.saturating_mul(1 << (round - 1).min(16)));
        }
        let mut hopeful = Vec::new();
        for mirror in mirrors {
            let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
            n_tries += 1;
            match download(agent, &url, file, target, progress) {
                Ok(()) => return Ok(()),
                Err(FetchCause::Disk { file, source }) => {
                    return Err(DataError::Write { file, source });
                }
                Err(cause) => {
                    if cause.may_pass() {
                        hopeful.push(mirror);
                    }
                    last = cause;
                }
            }
        }
        mirrors = hopeful;
        if mirrors.is_empty() {
            break;
        }
    }
    let folder = target.parent().unwrap_or(target).to_owned();
    Err(DataError::Fetch { file: file.name.to_owned(), folder, n_tries, source: Box::new(last) })
}

#[cfg(test)]
mod tests;
