//! Compiled programs on disk, so that the second start of a run need not compile.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::XlaError;
use crate::pjrt::{Client, Executable};

/// What a file of ours begins with; the number changes with the layout.
const MAGIC: &str = "ganatomy xla 1";
/// How a file's name ends.
const END: &str = ".xla";
/// Files that are kept; of more, those that were not used for longest go.
const KEPT: usize = 64;

/// A folder of compiled programs.
///
/// A file's name is a sum over the program's text, the plugin's file, the plugin's and the device's version and the vector instructions here. It
/// holds that sum and one of its content, and is written under another name first: so processes may share a folder, and what is torn or
/// belongs to something else is compiled again. A cache that cannot be read or written is none.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// What all programs of one device have in common.
    of: String,
}

impl Cache {
    /// The cache of a device in a folder, which is made when it is first needed.
    pub(crate) fn new(folder: &Path, of: String) -> Cache {
        Cache { folder: folder.to_owned(), of }
    }

    /// Compiles a program, or takes it from the folder.
    pub(crate) fn compile(
        &self,
        client: &Client,
        text: &str,
        n_results: usize,
    ) -> Result<Executable, XlaError> {
        let key = digits(&[MAGIC, &self.of, text].map(str::as_bytes));
        let path = self.folder.join(format!("{key}{END}"));
        let kept = fs::read(&path).ok();
        let loaded = kept.as_deref().and_then(|file| content(&key, file));
        if let Some(executable) = loaded.and_then(|bytes| client.load(bytes, n_results).ok()) {
            // It was used just now: others go before it.
            let _untouched = File::options()
                .append(true)
                .open(&path)
                .and_then(|file| file.set_modified(SystemTime::now()));
            return Ok(executable);
        }
        let executable = client.compile(text, n_results)?;
        // Not every plugin can write its programs down, and not every disk has room.
        if let Ok(bytes) = executable.serialized() {
            let _unkept = self.keep(&path, &key, &bytes);
        }
        Ok(executable)
    }

    fn keep(&self, path: &Path, key: &str, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(&self.folder)?;
        file.write_all(header(key, bytes).as_bytes())?;
        file.write_all(bytes)?;
        file.persist(path)?;
        self.trim()
    }

    /// Removes what was not used for longest.
    fn trim(&self) -> std::io::Result<()> {
        let files = fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path());
        let ours = files.filter(|path| path.to_string_lossy().ends_with(END));
        let used = |path: PathBuf| Some((fs::metadata(&path).ok()?.modified().ok()?, path));
        let mut files: Vec<(SystemTime, PathBuf)> = ours.filter_map(used).collect();
        files.sort();
        let n_too_many = files.len().saturating_sub(KEPT);
        files.into_iter().take(n_too_many).try_for_each(|(_, path)| fs::remove_file(path))
    }
}

/// What stands before the content: what it is, and its sum.
fn header(key: &str, bytes: &[u8]) -> String {
    format!("{MAGIC}\n{key}\n{}\n", digits(&[bytes]))
}

/// The content of a file, if it is whole and of this key.
fn content<'a>(key: &str, file: &'a [u8]) -> Option<&'a [u8]> {
    let bytes = file.get(header(key, &[]).len()..)?;
    file.starts_with(header(key, bytes).as_bytes()).then_some(bytes)
}

/// The SHA-256 of some parts, each with its length.
fn digits(parts: &[&[u8]]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update((part.len() as u64).to_le_bytes());
        sum.update(part);
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_torn_or_of_another_program_is_not_read() {
        let file = [header("ab", b"content").as_bytes(), b"content"].concat();
        assert_eq!(content("ab", &file), Some(&b"content"[..]));
        assert_eq!(content("cd", &file), None);
        for n in 0..file.len() {
            assert_eq!(content("ab", &file[..n]), None, "{n}");
        }
        let mut other = file.clone();
        *other.last_mut().unwrap() += 1;
        assert_eq!(content("ab", &other), None);
        assert_ne!(digits(&[b"a", b"bc"]), digits(&[b"ab", b"c"]));
    }

    #[test]
    fn the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path(), String::new());
        let path = |n: usize| folder.path().join(format!("{n}{END}"));
        for n in 0..KEPT + 3 {
            fs::write(path(n), "").unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(n as u64);
            File::options().append(true).open(path(n)).unwrap().set_modified(time).unwrap();
        }
        cache.trim().unwrap();
        assert_eq!([0, 2, 3, KEPT + 2].map(|n| path(n).exists()), [false, false, true, true]);
    }
}
