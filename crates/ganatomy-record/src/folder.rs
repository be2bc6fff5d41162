//! The folder a run leaves behind.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::{clean, names, read_text, remove, write_whole};
use crate::{RecordError, RunSpec, SpecError};

const SPEC: &str = "spec.toml";
const PLAN: &str = "plan.toml";
const EVENTS: &str = "events.jsonl";
const SAMPLES: &str = "samples";
const CHECKPOINTS: &str = "checkpoints";
/// Also marks a folder as made by this program.
const LOCK: &str = ".ganatomy.lock";

/// What a run writes at the top of its folder, beside TensorBoard's files.
const OWN: [&str; 8] = [SPEC, PLAN, EVENTS, LOCK, SAMPLES, CHECKPOINTS, "samples.gif", "curves.png"];

/// One run's files: `spec.toml` as asked, `plan.toml` with every default filled in, `events.jsonl`, `samples/`,
/// `checkpoints/` and TensorBoard event files.
///
/// One process at a time writes a run: the one that holds the `RunFolder` made by [`RunFolder::create`] or
/// [`RunFolder::resume`]. Any number of processes may read it through [`RunFolder::open`].
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    /// Held while this process writes the run; the system releases it however the process ends.
    lock: Option<Arc<File>>,
}

impl RunFolder {
    /// Makes a new run from the texts of its spec and plan; on failure nothing of it is left.
    ///
    /// A folder that holds a run is refused, unless `overwrite` asks to replace that run. A folder that holds
    /// anything else is always refused.
    ///
    /// # Errors
    /// The folder is refused, used by another process, or cannot be written.
    pub fn create(path: &Path, overwrite: bool, spec: &str, plan: &str) -> Result<RunFolder, RecordError> {
        let before = occupant(path)?;
        if before == Occupant::Run && !overwrite {
            return Err(RecordError::Exists { path: path.to_owned() });
        }
        let made = first_missing(path);
        let built = build(path, before, spec, plan);
        match &built {
            // What is there then belongs to the other process.
            Ok(_) | Err(RecordError::InUse { .. }) => {}
            Err(_) => undo(path, made.as_deref(), before),
        }
        built
    }

    /// Opens an existing run to read it.
    ///
    /// # Errors
    /// The path is a file, cannot be read, or is not a run.
    pub fn open(path: &Path) -> Result<RunFolder, RecordError> {
        if path.is_file() {
            return Err(RecordError::NotAFolder { path: path.to_owned() });
        }
        fs::read_dir(path).map_err(RecordError::io("open the run", path))?;
        for missing in [SPEC, PLAN] {
            if !path.join(missing).is_file() {
                return Err(RecordError::NotARun { path: path.to_owned(), missing });
            }
        }
        Ok(RunFolder { path: path.to_owned(), lock: None })
    }

    /// Opens an existing run to go on with it, and removes what a killed process left unfinished.
    ///
    /// # Errors
    /// As [`RunFolder::open`], a run that another process writes, and one that lacks its samples, its checkpoints or their folders.
    pub fn resume(path: &Path) -> Result<RunFolder, RecordError> {
        let mut folder = RunFolder::open(path)?;
        for missing in [SAMPLES, CHECKPOINTS] {
            if !path.join(missing).is_dir() {
                return Err(RecordError::Incomplete { path: path.to_owned(), missing });
            }
        }
        folder.lock = Some(lock(path)?);
        for part in [folder.path.clone(), folder.samples(), folder.checkpoints()] {
            clean(&part)?;
        }
        Ok(folder)
    }

    /// The run to which a file belongs, or would belong if it were written: nothing else may be written there.
    pub fn owner(file: &Path) -> Option<PathBuf> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).ok()?;
        let is_run = |folder: &Path| [SPEC, PLAN].iter().all(|name| folder.join(name).is_file());
        // Some file systems do not tell small letters from capitals.
        let name = file.file_name()?.to_str()?.to_ascii_lowercase();
        if is_run(&folder)
            && (OWN.contains(&name.as_str()) || name.starts_with(crate::tensorboard::FILE_PREFIX))
        {
            return Some(folder);
        }
        let part = folder.file_name()?.to_str()?;
        let run = folder.parent().filter(|run| [SAMPLES, CHECKPOINTS].contains(&part) && is_run(run))?;
        Some(run.to_owned())
    }

    /// Replaces the spec and the plan, for a resumed run that was asked to go further than before.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn replace_plan(&self, spec: &str, plan: &str) -> Result<(), RecordError> {
        write_whole(&self.path.join(SPEC), spec.as_bytes())?;
        write_whole(&self.path.join(PLAN), plan.as_bytes())
    }

    /// What was asked for.
    ///
    /// # Errors
    /// A spec that cannot be read or is not TOML.
    pub fn spec(&self) -> Result<RunSpec, SpecError> {
        RunSpec::read(&self.path.join(SPEC))
    }

    /// What was done: every default filled in.
    ///
    /// # Errors
    /// A plan that cannot be read or is not TOML.
    pub fn plan(&self) -> Result<toml::Table, RecordError> {
        let path = self.path.join(PLAN);
        read_text(&path)?.parse().map_err(|e: toml::de::Error| RecordError::damaged(&path, e.message()))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The event log.
    pub fn events(&self) -> PathBuf {
        self.path.join(EVENTS)
    }

    /// The folder of sample files.
    pub fn samples(&self) -> PathBuf {
        self.path.join(SAMPLES)
    }

    /// The folder of checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join(CHECKPOINTS)
    }

    /// Does another process write this run now?
    ///
    /// Unknown, and then answered with yes, where the file system has no locks or the lock cannot be read.
    pub fn is_written(&self) -> bool {
        let file = File::open(self.path.join(LOCK));
        match file {
            Ok(file) => !matches!(file.try_lock_shared(), Ok(())),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// The lock for writing; taken now if the folder was opened for reading.
    pub(crate) fn writing(&self) -> Result<Arc<File>, RecordError> {
        self.lock.clone().map_or_else(|| lock(&self.path), Ok)
    }
}

/// What is at the place of a new run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occupant {
    /// Nothing, or an empty folder, or one where a process was killed before its run began.
    Nobody,
    Run,
}

fn occupant(path: &Path) -> Result<Occupant, RecordError> {
    if path.is_file() {
        return Err(RecordError::NotAFolder { path: path.to_owned() });
    }
    let names = names(path)?;
    let has = |name: &str| names.iter().any(|n| n == name);
    if has(SPEC) && has(PLAN) {
        Ok(Occupant::Run)
    } else if names.is_empty() || (has(LOCK) && !has(EVENTS)) {
        Ok(Occupant::Nobody)
    } else {
        Err(RecordError::NotEmpty { path: path.to_owned() })
    }
}

fn build(path: &Path, before: Occupant, spec: &str, plan: &str) -> Result<RunFolder, RecordError> {
    fs::create_dir_all(path).map_err(RecordError::io("create the run folder", path))?;
    let folder = RunFolder { path: path.to_owned(), lock: Some(lock(path)?) };
    clean(path)?;
    if before == Occupant::Run {
        discard(path)?;
    }
    for part in [folder.samples(), folder.checkpoints()] {
        fs::create_dir_all(&part).map_err(RecordError::io("create", &part))?;
    }
    write_whole(&path.join(SPEC), spec.as_bytes())?;
    write_whole(&path.join(PLAN), plan.as_bytes())?;
    Ok(folder)
}

/// Removes the files of an old run and no others. The spec and the plan are removed last, so that a
/// half-cleared folder counts either as a run or as one that has not begun.
fn discard(path: &Path) -> Result<(), RecordError> {
    for part in [CHECKPOINTS, SAMPLES] {
        let part = path.join(part);
        match fs::remove_dir_all(&part) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            other => other.map_err(RecordError::io("remove", &part))?,
        }
    }
    let names = names(path)?;
    for name in names.iter().filter(|name| is_product(name)) {
        remove(&path.join(name))?;
    }
    for name in [EVENTS, SPEC, PLAN] {
        remove(&path.join(name))?;
    }
    Ok(())
}

/// Whether a run, or a command on a run, makes a file or folder of this name at the top of its folder.
fn is_product(name: &str) -> bool {
    let picture = [".gif", ".png", ".safetensors"].iter().any(|end| name.ends_with(end));
    picture || name.starts_with(crate::tensorboard::FILE_PREFIX)
}

/// The outermost folder that making `path` would create.
fn first_missing(path: &Path) -> Option<PathBuf> {
    let missing = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists());
    missing.last().map(Path::to_owned)
}

/// Removes what a failed [`build`] made. Errors here are ignored, as the first failure is the one to report.
fn undo(path: &Path, made: Option<&Path>, before: Occupant) {
    if let Some(made) = made {
        let _ = fs::remove_dir_all(made);
    } else if before == Occupant::Nobody {
        for name in [SPEC, PLAN] {
            let _ = fs::remove_file(path.join(name));
        }
        for name in [SAMPLES, CHECKPOINTS] {
            let _ = fs::remove_dir(path.join(name));
        }
        let _ = fs::remove_file(path.join(LOCK));
    }
}

fn lock(path: &Path) -> Result<Arc<File>, RecordError> {
    let name = path.join(LOCK);
    let file = File::create(&name).map_err(RecordError::io("write", &name))?;
    match file.try_lock() {
        Ok(()) => Ok(Arc::new(file)),
        Err(TryLockError::WouldBlock) => Err(RecordError::InUse { path: path.to_owned() }),
        // Where the file system has no locks, training goes on without one.
        Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(Arc::new(file)),
        Err(TryLockError::Error(cause)) => Err(RecordError::io("lock", &name)(cause)),
    }
}
