//! The checkpoints of a run: the last few, the best, and the last healthy one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{names, read_text, remove, write_whole};
use crate::{Direction, RecordError, RunFolder};

const FOLDER: &str = "checkpoints";
/// Names the best checkpoint, for later sessions.
const BEST: &str = "best.toml";
/// Names the last healthy checkpoint, for later sessions.
const HEALTHY: &str = "healthy.toml";
/// A checkpoint is healthy while its unrest is at most this many times one more than the least unrest so far.
const MOST_UNREST: f64 = 1000.0;

/// Stores checkpoints, which are just bytes here, and removes old ones.
///
/// A checkpoint is written whole before any older one is removed, so a kill or a full disk loses no checkpoint.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    folder: PathBuf,
    keep_last: usize,
    better: Direction,
    /// What scores are readings of; empty where nobody says.
    reading: String,
    best: Option<Best>,
    healthy: Option<Healthy>,
}

/// What is known of a state that is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Marks {
    /// Its score, if it was scored. One that is not finite counts as none.
    pub score: Option<f64>,
    /// How far its numbers are out of bounds: the size of the largest loss, if one is known.
    pub unrest: Option<f64>,
}

/// The last healthy checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Healthy {
    step: u64,
    /// The least unrest of any checkpoint so far.
    least: f64,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// After this many steps.
    pub step: u64,
    /// Its score.
    pub score: f64,
    /// The reading that this is; empty where nobody said.
    #[serde(default)]
    pub reading: String,
}

impl Checkpoints {
    /// Keeps the last `keep_last` checkpoints, at least one, and the one with the best score, unless `better` is `None`.
    ///
    /// # Errors
    /// The file that names the best checkpoint is damaged or cannot be read.
    pub fn open(folder: &RunFolder, keep_last: usize, better: Direction) -> Result<Checkpoints, RecordError> {
        let best = read_named(&folder.checkpoints(), BEST, |best: &Best| best.step)?;
        let healthy = read_named(&folder.checkpoints(), HEALTHY, |healthy: &Healthy| healthy.step)?;
        let (folder, reading) = (folder.checkpoints(), String::new());
        Ok(Checkpoints { folder, keep_last: keep_last.max(1), better, reading, best, healthy })
    }

    /// The same, with scores that are a reading of this name: they are compared with scores of no other.
    #[must_use]
    pub fn judged_by(self, reading: &str) -> Checkpoints {
        Checkpoints { reading: reading.to_owned(), ..self }
    }

    /// Would a checkpoint with this score be the best so far?
    pub fn would_be_best(&self, score: f64) -> bool {
        match &self.best {
            Some(best) if self.compares(best) => self.better.prefers(score, best.score),
            _ => self.better != Direction::None && score.is_finite(),
        }
    }

    /// Is the best so far the best by the same reading?
    fn compares(&self, best: &Best) -> bool {
        // Before readings were named in the file, they were of this kind.
        best.reading == self.reading || (best.reading.is_empty() && self.reading.starts_with("samples/"))
    }

    /// Stores one checkpoint and returns its path inside the run folder. A score that is not finite counts as none.
    ///
    /// # Errors
    /// A file that cannot be written or removed.
    pub fn store(&mut self, step: u64, bytes: &[u8], score: Option<f64>) -> Result<String, RecordError> {
        self.store_marked(step, bytes, Marks { score, unrest: None })
    }

    /// The same for a state of which more is known. The last healthy checkpoint is kept too, however many are stored after it:
    /// the last whose unrest was at most 1000 times one more than the least unrest so far.
    ///
    /// # Errors
    /// A file that cannot be written or removed.
    pub fn store_marked(&mut self, step: u64, bytes: &[u8], marks: Marks) -> Result<String, RecordError> {
        let name = file_name(step);
        write_whole(&self.folder.join(&name), bytes)?;
        if let Some(score) = marks.score.filter(|score| self.would_be_best(*score)) {
            self.remember(Some(Best { step, score, reading: self.reading.clone() }))?;
        }
        if let Some(unrest) = marks.unrest.filter(|unrest| unrest.is_finite()) {
            let least = self.healthy.map_or(unrest, |healthy| healthy.least.min(unrest));
            if unrest <= MOST_UNREST * (1.0 + least) {
                self.healthy = Some(Healthy { step, least });
                let text = format!("step = {step}\nleast = {least:?}\n");
                write_whole(&self.folder.join(HEALTHY), text.as_bytes())?;
            }
        }
        self.prune()?;
        Ok(format!("{FOLDER}/{name}"))
    }

    /// Removes checkpoints later than a step: the run goes on from that step, so they no longer belong to it.
    ///
    /// # Errors
    /// A file that cannot be written or removed.
    pub fn rewind(&mut self, step: u64) -> Result<(), RecordError> {
        if self.best.as_ref().is_some_and(|best| best.step > step) {
            self.remember(None)?;
        }
        if self.healthy.is_some_and(|healthy| healthy.step > step) {
            self.healthy = None;
            remove(&self.folder.join(HEALTHY))?;
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

    /// The best checkpoint of a run and what it scored, if its checkpoints are scored.
    ///
    /// # Errors
    /// The file that names the best checkpoint is damaged or cannot be read.
    pub fn best(folder: &RunFolder) -> Result<Option<(CheckpointFile, Best)>, RecordError> {
        let best = read_named(&folder.checkpoints(), BEST, |best: &Best| best.step)?;
        let file = |step| CheckpointFile { step, path: folder.checkpoints().join(file_name(step)) };
        Ok(best.map(|best| (file(best.step), best)))
    }

    /// The last checkpoint of a run that was stored before its losses grew out of bounds.
    ///
    /// # Errors
    /// The file that names it is damaged or cannot be read.
    pub fn healthy(folder: &RunFolder) -> Result<Option<CheckpointFile>, RecordError> {
        let healthy = read_named(&folder.checkpoints(), HEALTHY, |healthy: &Healthy| healthy.step)?;
        let file = |step| CheckpointFile { step, path: folder.checkpoints().join(file_name(step)) };
        Ok(healthy.map(|healthy| file(healthy.step)))
    }

    fn remember(&mut self, best: Option<Best>) -> Result<(), RecordError> {
        let path = self.folder.join(BEST);
        match &best {
            None => remove(&path)?,
            Some(Best { step, score, reading }) => {
                let reading = toml::Value::from(reading.as_str());
                let text = format!("step = {step}\nscore = {score:?}\nreading = {reading}\n");
                write_whole(&path, text.as_bytes())?;
            }
        }
        self.best = best;
        Ok(())
    }

    fn prune(&self) -> Result<(), RecordError> {
        let files = list(&self.folder)?;
        let n_old = files.len().saturating_sub(self.keep_last);
        let kept = [self.best.as_ref().map(|best| best.step), self.healthy.map(|healthy| healthy.step)];
        for old in files.iter().take(n_old).filter(|file| !kept.contains(&Some(file.step))) {
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

/// What a file says of a checkpoint, if that is still there.
fn read_named<T: serde::de::DeserializeOwned>(
    folder: &Path,
    name: &str,
    step: impl Fn(&T) -> u64,
) -> Result<Option<T>, RecordError> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(None);
    }
    let named: T =
        toml::from_str(&read_text(&path)?).map_err(|e| RecordError::damaged(&path, e.message()))?;
    Ok(Some(named).filter(|named| folder.join(file_name(step(named))).exists()))
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
        assert_eq!(Checkpoints::best(run).unwrap().map(|(file, best)| (file.step, best.score)), best);
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
        let latest = Checkpoints::latest(&run).unwrap().unwrap();
        assert_eq!(Checkpoints::before(&latest).unwrap().map(|file| file.step), Some(400));
        second.store(600, b"opaque", Some(0.95)).unwrap();
        check(&run, &[500, 600], Some((600, 0.95)));
    }

    #[test]
    fn the_last_healthy_one_is_kept_however_many_follow() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        let healthy = || Checkpoints::healthy(&run).unwrap().map(|file| file.step);
        let mut checkpoints = Checkpoints::open(&run, 2, Direction::None).unwrap();
        for (step, unrest) in [(1, 30.0), (2, 0.5), (3, 1400.0), (4, 1600.0)] {
            checkpoints.store_marked(step, b"x", Marks { score: None, unrest: Some(unrest) }).unwrap();
        }
        assert_eq!(healthy(), Some(3));
        let mut second = Checkpoints::open(&run, 2, Direction::None).unwrap();
        for step in 5..8 {
            second.store_marked(step, b"x", Marks { score: None, unrest: Some(1e9) }).unwrap();
        }
        check(&run, &[3, 6, 7], None);
        second.rewind(2).unwrap();
        assert_eq!(healthy(), None);
    }

    #[test]
    fn the_best_is_only_compared_with_scores_of_the_same_reading() {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path());
        let open = |reading| Checkpoints::open(&run, 9, Direction::Down).unwrap().judged_by(reading);
        open("").store(1, b"x", Some(0.5)).unwrap();
        // A file that names no reading is of samples.
        assert!(!open("samples/reverse_kl").would_be_best(7.0) && open("scores/fid/fid").would_be_best(7.0));
        open("scores/fid/fid").store(2, b"x", Some(7.0)).unwrap();
        open("scores/fid/fid").store(3, b"x", Some(8.0)).unwrap();
        check(&run, &[1, 2, 3], Some((2, 7.0)));
        open("scores/kid/kid").store(4, b"x", Some(9.0)).unwrap();
        check(&run, &[1, 2, 3, 4], Some((4, 9.0)));
        assert_eq!(Checkpoints::best(&run).unwrap().unwrap().1.reading, "scores/kid/kid");
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
        // The best is the very step that is gone back to.
        checkpoints.rewind(3).unwrap();
        check(&run, &[1, 2, 3], Some((3, 1.0)));
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
