//! A worker's sign that it lives: a file whose lock the system releases however the worker ends.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::StudyError;

/// Held while a worker works.
#[derive(Debug)]
pub struct Presence {
    path: PathBuf,
    _lock: File,
}

impl Presence {
    /// Shows a worker's presence in the study's folder.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn take(folder: &Path, worker: &str) -> Result<Presence, StudyError> {
        let path = place(folder, worker);
        let cannot = |action| move |cause| StudyError::Io { action, path: place(folder, worker), cause };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(cannot("create the folder of"))?;
        }
        let lock = File::create(&path).map_err(cannot("write"))?;
        match lock.try_lock() {
            // Without locks, leases tell who lives.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Presence { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                let cause = std::io::Error::other("another worker of this name is at work");
                Err(cannot("lock")(cause))
            }
        }
    }

    /// Has a worker that worked in this folder ended without a word?
    pub fn is_dead(folder: &Path, worker: &str) -> bool {
        let path = place(folder, worker);
        let Ok(file) = File::open(&path) else {
            // Never here, or gone in an orderly way: its lease tells.
            return false;
        };
        file.try_lock().is_ok()
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // One that cannot be removed is taken for that of a dead worker, which holds no run any more.
        let _ = fs::remove_file(&self.path);
    }
}

fn place(folder: &Path, worker: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' };
    folder.join("workers").join(format!("{}.lock", worker.chars().map(plain).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lives_is_told_by_the_lock() {
        let place = tempfile::tempdir().unwrap();
        let present = Presence::take(place.path(), "host:1").unwrap();
        assert!(!Presence::is_dead(place.path(), "host:1"));
        assert!(!Presence::is_dead(place.path(), "host:2"), "never seen");
        assert!(Presence::take(place.path(), "host:1").is_err());
        drop(present);
        assert!(!Presence::is_dead(place.path(), "host:1"), "left in an orderly way");
        fs::write(super::place(place.path(), "host:1"), "").unwrap();
        assert!(Presence::is_dead(place.path(), "host:1"), "its file stands there and nobody holds it");
    }
}
