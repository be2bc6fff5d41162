//! A folder in place of a log: the files in it that are known by their names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::ImportError;

/// What is looked for, for messages.
const KNOWN: &str = "events.out.tfevents.*, stats.jsonl, metric-*.jsonl, loss_log.txt, metrics.csv, progress.csv, history.csv, \
                     *.jsonl, log.txt, train.log, log.json, or else one .csv, .log, .txt, .json or .ipynb";

/// The logs that a path stands for, in the order of their names.
pub(crate) fn logs(path: &Path) -> Result<Vec<PathBuf>, ImportError> {
    if path.as_os_str() == "-" || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = ImportError::read(path);
    let mut names: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(&failed)? {
        let file = entry.map_err(&failed)?.path();
        if file.is_file() {
            names.push(file);
        }
    }
    names.sort();
    let none = || ImportError::NoLogs { path: path.to_owned(), known: KNOWN };
    for is_known in [is_events, is_stylegan, is_named, is_lines] {
        let found: Vec<PathBuf> = names.iter().filter(|file| is_known(&name(file))).cloned().collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let others: Vec<PathBuf> = names.iter().filter(|file| is_text(&name(file))).cloned().collect();
    if others.len() == 1 { Ok(others) } else { Err(none()) }
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).to_owned()
}

fn is_events(name: &str) -> bool {
    name.contains("tfevents")
}

fn is_stylegan(name: &str) -> bool {
    name == "stats.jsonl" || name.starts_with("metric-") && name.ends_with(".jsonl")
}

fn is_named(name: &str) -> bool {
    ["loss_log.txt", "metrics.csv", "progress.csv", "history.csv", "log.csv", "losses.csv"].contains(&name)
}

fn is_lines(name: &str) -> bool {
    name.ends_with(".jsonl") || ["log.txt", "train.log", "log.json", "log"].contains(&name)
}

fn is_text(name: &str) -> bool {
    [".csv", ".tsv", ".log", ".txt", ".json", ".ipynb", ".out"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_files_of_a_folder_are_its_logs() {
        let check = |files: &[&str], expected: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            files.iter().for_each(|file| fs::write(folder.path().join(file), "x").unwrap());
            let found = logs(folder.path()).unwrap_or_default();
            let names: Vec<String> = found.iter().map(|file| name(file)).collect();
            assert_eq!(names, expected, "{files:?}");
        };
        check(&["stats.jsonl", "metric-fid.jsonl", "log.txt", "a.png"], &["metric-fid.jsonl", "stats.jsonl"]);
        check(
            &["events.out.tfevents.2.h", "events.out.tfevents.1.h", "stats.jsonl"],
            &["events.out.tfevents.1.h", "events.out.tfevents.2.h"],
        );
        check(&["notes.txt", "0001.png"], &["notes.txt"]);
        check(&["a.txt", "b.txt"], &[]);
        check(&["0001.png", "0002.png"], &[]);
    }
}
