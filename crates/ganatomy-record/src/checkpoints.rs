//! The checkpoints of a run: the last few, and the best.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{names, read_text, remove, write_whole};
use crate::{Direction, RecordError, RunFolder};

const FOLDER: &str = "checkpoints";
/// Names the best checkpoint, for later sessions.
const BEST: &str = "best.toml";

/// Stores checkpoints, which are just bytes here, and removes old ones.
///
/// A checkpoint is written whole before any older one is removed, so a kill or a full disk loses no checkpoint.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    folder: PathBuf,
    keep_last: usize,
    better: Direction,
    best: Option<Best>,
}

/// One stored checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointFile {
    /// After this many steps.
    pub step: u64,
    /// Where it is.
    pub path: PathBuf,
}

/// The best checkpoint and what it scored.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// After this many steps.
    pub step: u64,
    /// Its score.
    pub score: f64,
}

impl Checkpoints {
    /// Keeps the last `keep_last` checkpoints, at least one, and the one with the best score, unless `better` is `None`.
    ///
    /// # Errors
    /// The file that names the best checkpoint is damaged or cannot be read.
    pub fn open(folder: &RunFolder, keep_last: usize, better: Direction) -> Result<Checkpoints, RecordError> {
        let best = read_best(&folder.checkpoints())?;
        Ok(Checkpoints { folder: folder.checkpoints(), keep_last: keep_last.max(1), better, best })
    }

    /// Stores one checkpoint and returns its path inside the run folder. A score that is not finite counts as none.
    ///
    /// # Errors
    /// A file that cannot be written or removed.
    pub fn store(&mut self, step: u64, bytes: &[u8], score: Option<f64>) -> Result<String, RecordError> {
        let name = file_name(step);
        write_whole(&self.folder.join(&name), bytes)?;
        let beats = |score: f64| match self.best {
            Some(best) => self.better.prefers(score, best.score),
            None => self.better != Direction::None && score.is_finite(),
        };
        if let Some(score) = score.filter(|score| beats(*score)) {
            self.remember(Some(Best { step, score }))?;
        }
        self.prune()?;
        Ok(format!("{FOLDER}/{name}"))
    }

    /// Removes checkpoints later than a step: the run goes on from that step, so they no longer belong to it.
    ///
    /// # Errors
    /// A file that cannot be written or removed.
    pub fn rewind(&mut self, step: u64) -> Result<(), RecordError> {
        if self.best.is_some_and(|best| best.step > step) {
            self.remember(None)?;
        }
        for later in list(&self.folder)?.iter().filter(|file| file.step > step) {
            remove(&later.path)?;
        }
        Ok(())
    }

    /// The checkpoints of a run, earliest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(folder: &RunFolder) -> Result<Vec<CheckpointFile>, RecordError> {
        list(&folder.checkpoints())
    }

    /// The latest checkpoint of a run.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn latest(folder: &RunFolder) -> Result<Option<CheckpointFile>, RecordError> {
        Ok(Checkpoints::list(folder)?.pop())
    }

    /// The latest checkpoint of those before this one.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn before(file: &CheckpointFile) -> Result<Option<CheckpointFile>, RecordError> {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        Ok(list(folder)?.into_iter().rfind(|other| other.step < file.step))
    }

    /// The best checkpoint of a run and its score, if its checkpoints are scored.
    ///
    /// # Errors
    /// The file that names the best checkpoint is damaged or cannot be read.
    pub fn best(folder: &RunFolder) -> Result<Option<(CheckpointFile, f64)>, RecordError> {
        let best = read_best(&folder.checkpoints())?;
        Ok(best.map(|Best { step, score }| {
            (CheckpointFile { step, path: folder.checkpoints().join(file_name(step)) }, score)
        }))
    }

    fn remember(&mut self, best: Option<Best>) -> Result<(), RecordError> {
        let path = self.folder.join(BEST);
        match best {
            None => remove(&path)?,
            Some(Best { step, score }) => {
                write_whole(&path, format!("step = {step}\nscore = {score:?}\n").as_bytes())?;
            }
        }
        self.best = best;
        Ok(())
    }

    fn prune(&self) -> Result<(), RecordError> {
        let files = list(&self.folder)?;
        let n_old = files.len().saturating_sub(self.keep_last);
        let best = self.best.map(|best| best.step);
        for old in files.iter().take(n_old).filter(|file| Some(file.step) != best) {
            remove(&old.path)?;
        }
        Ok(())
    }
}

fn list(folder: &Path) -> Result<Vec<CheckpointFile>, RecordError> {
    let found = |name: String| Some(CheckpointFile { step: step_of(&name)?, path: folder.join(name) });
    let mut files: Vec<CheckpointFile> = names(folder)?.into_iter().filter_map(found).collect();
    // Names sort like steps only up to eight digits.
    files.sort_by_key(|file| file.step);
    Ok(files)
}

/// The best checkpoint, if its file is still there.
fn read_best(folder: &Path) -> Result<Option<Best>, RecordError> {
    let path = folder.join(BEST);
    if !path.exists() {
        return Ok(None);
    }
    let best: Best =
        toml::from_str(&read_text(&path)?).map_err(|e| RecordError::damaged(&path, e.message()))?;
    Ok(Some(best).filter(|best| folder.join(file_name(best.step)).exists()))
}

/// The name of anything stored after a number of steps.
pub(crate) fn file_name(step: u64) -> String {
    format!("step-{step:08}.safetensors")
}

/// The step of such a name.
pub(crate) fn step_of(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("step-")?.strip_suffix(".safetensors")?;
    digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(folder: &Path) -> RunFolder {
        RunFolder::create(&folder.join("run"), false, "", "").unwrap()
    }

    fn check(run: &RunFolder, steps: &[u64], best: Option<(u64, f64)>) {
        let found: Vec<u64> = Checkpoints::list(run).unwrap().iter().map(|file| file.step).collect();
        assert_eq!(found, steps);
        assert_eq!(Checkpoints::best(run).unwrap().map(|(file, score)| (file.step, score)), best);
        assert_eq!(Checkpoints::latest(run).unwrap().map(|file| file.step), steps.last().copied());
    }

    #[test]
    fn keeps_the_last_and_the_best_across_sessions() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        let mut first = Checkpoints::open(&run, 2, Direction::Up).unwrap();
        for (step, score) in [(100, 0.5), (200, 0.9), (300, f64::NAN), (400, 0.7)] {
            let file = first.store(step, b"opaque", Some(score)).unwrap();
            assert_eq!(file, format!("checkpoints/step-00000{step}.safetensors"));
        }
        check(&run, &[200, 300, 400], Some((200, 0.9)));
        let mut second = Checkpoints::open(&run, 2, Direction::Up).unwrap();
        second.store(500, b"opaque", Some(0.8)).unwrap();
        check(&run, &[200, 400, 500], Some((200, 0.9)));
        second.store(600, b"opaque", Some(0.95)).unwrap();
        check(&run, &[500, 600], Some((600, 0.95)));
    }

    #[test]
    fn unscored_checkpoints_have_no_best() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        let mut checkpoints = Checkpoints::open(&run, 0, Direction::Down).unwrap();
        checkpoints.store(123_456_789, b"", None).unwrap();
        checkpoints.store(99_999_999, b"", Some(f64::INFINITY)).unwrap();
        check(&run, &[123_456_789], None);
    }

    #[test]
    fn rewinding_removes_later_checkpoints() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        let mut checkpoints = Checkpoints::open(&run, 3, Direction::Down).unwrap();
        for (step, score) in [(1, 3.0), (2, 2.0), (3, 1.0)] {
            checkpoints.store(step, b"x", Some(score)).unwrap();
        }
        checkpoints.rewind(2).unwrap();
        check(&run, &[1, 2], None);
        checkpoints.store(3, b"x", Some(5.0)).unwrap();
        check(&run, &[1, 2, 3], Some((3, 5.0)));
    }

    #[test]
    fn other_files_are_not_checkpoints() {
        for name in ["step-.safetensors", "step-+5.safetensors", ".step-1.safetensors.x.tmp", BEST] {
            assert_eq!(step_of(name), None, "{name}");
        }
        assert_eq!(step_of(&file_name(u64::MAX)), Some(u64::MAX));
    }

    #[test]
    fn a_damaged_best_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        std::fs::write(run.checkpoints().join(BEST), "step = \"x\"").unwrap();
        let text = Checkpoints::best(&run).unwrap_err().to_string();
        assert!(text.contains("checkpoints/best.toml is damaged: "), "{text}");
    }
}
