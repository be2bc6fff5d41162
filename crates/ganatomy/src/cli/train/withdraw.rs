//! Takes back a run folder whose run never made a step.

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_record::RunFolder;

/// The files at the top of a run folder, apart from TensorBoard's.
const FILES: [&str; 6] =
    ["spec.toml", "plan.toml", "events.jsonl", "curves.png", "samples.gif", ".ganatomy.lock"];
/// How the names of TensorBoard's files start.
const BOARD: &str = "events.out.tfevents.";

/// The folders that making a run folder would create, innermost first.
pub(super) fn missing(path: &Path) -> Vec<PathBuf> {
    let missing = path.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists());
    missing.map(Path::to_owned).collect()
}

/// Removes what a run has written, and then the folders that were `made` for it. What a run does not write stays.
///
/// Errors on the way are ignored, because the error that led here is the one to report.
pub(super) fn withdraw(folder: &RunFolder, made: &[PathBuf]) {
    for part in [folder.samples(), folder.checkpoints()] {
        let _ = fs::remove_dir_all(part);
    }
    for entry in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| FILES.contains(&name) || name.starts_with(BOARD)) {
            let _ = fs::remove_file(entry.path());
        }
    }
    for empty in made {
        let _ = fs::remove_dir(empty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(foreign: Option<&str>, expected: &[&str]) {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("runs/new");
        let made = missing(&path);
        let folder = RunFolder::create(&path, false, "", "").unwrap();
        for name in ["events.jsonl", "events.out.tfevents.1.host", "samples/step-00000000.safetensors"] {
            fs::write(path.join(name), "x").unwrap();
        }
        if let Some(name) = foreign {
            fs::write(path.join(name), "x").unwrap();
        }
        withdraw(&folder, &made);
        let left = expected.iter().all(|name| place.path().join(name).exists());
        assert!(left && place.path().join("runs").exists() != expected.is_empty());
    }

    #[test]
    fn only_what_is_not_a_runs_own_is_left() {
        check(None, &[]);
        check(Some("notes.txt"), &["runs/new/notes.txt"]);
    }
}
