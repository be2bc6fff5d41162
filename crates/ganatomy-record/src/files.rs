//! Files written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::RecordError;

/// Suffix of files that are not complete yet. Their names start with a dot.
const UNFINISHED: &str = ".tmp";

/// Writes a file so that any reader, and any crash, finds either the old content or all of the new one.
///
/// The bytes go to a temporary name in the same folder, reach the disk, and only then is the file renamed.
///
/// # Errors
/// The file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RecordError> {
    write_and_rename(path, bytes).map_err(RecordError::io("write", path))
}

/// Reads a file.
///
/// # Errors
/// The file cannot be read.
pub fn read_whole(path: &Path) -> Result<Vec<u8>, RecordError> {
    fs::read(path).map_err(RecordError::io("read", path))
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, RecordError> {
    fs::read_to_string(path).map_err(RecordError::io("read", path))
}

/// Removes what a killed process left unfinished in a folder. Only the folder's one writer may call this.
pub(crate) fn clean(folder: &Path) -> Result<(), RecordError> {
    for name in names(folder)?.iter().filter(|name| is_unfinished(name)) {
        remove(&folder.join(name))?;
    }
    Ok(())
}

/// The names in a folder, sorted; none when it does not exist. Names that are not UTF-8 are left out: no run writes them.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, RecordError> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(RecordError::io("read", folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(RecordError::io("read", folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), RecordError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(RecordError::io("remove", path)),
    }
}

/// Whether [`write_whole`] gives this name to a file that is not complete yet.
fn is_unfinished(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(UNFINISHED)
}

fn write_and_rename(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // After an error the temporary file is dropped, and so removed.
    let mut file = unfinished_file(folder, path)?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    sync_folder(folder)
}

fn unfinished_file(folder: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    // Temporary files are private by default; opened like this, the file follows the user's umask.
    builder.prefix(&prefix).suffix(UNFINISHED).make_in(folder, |path| File::create_new(path))
}

/// Makes the rename itself survive a power failure.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync a folder; the file itself is safe.
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(folder: &Path, expected: &[&str]) {
        assert_eq!(names(folder).unwrap(), expected);
    }

    #[test]
    fn replaces_the_old_content_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        write_whole(&path, b"old").unwrap();
        let reader = folder.path().join("reader");
        fs::hard_link(&path, &reader).unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(read_whole(&path).unwrap(), b"new");
        // Whoever reads the old file meanwhile finds all of it.
        assert_eq!(read_whole(&reader).unwrap(), b"old");
        check(folder.path(), &["a.toml", "reader"]);
    }

    #[test]
    fn a_failure_names_the_path_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // A folder cannot be replaced by a file, so the rename fails after everything was written.
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        let text = write_whole(&path, b"x").unwrap_err().to_string();
        assert!(text.starts_with(&format!("cannot write {}: ", path.display())), "{text}");
        check(folder.path(), &["taken"]);
        let missing = folder.path().join("no/such/folder");
        let text = write_whole(&missing, b"x").unwrap_err().to_string();
        assert!(text.ends_with("No such file or directory (os error 2)"), "{text}");
    }

    #[test]
    #[cfg(unix)]
    fn files_are_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        write_whole(&folder.path().join("whole"), b"x").unwrap();
        fs::write(folder.path().join("plain"), b"x").unwrap();
        assert_eq!(mode("whole"), mode("plain"));
    }

    #[test]
    fn cleaning_removes_only_unfinished_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".a.toml.x7.tmp", "a.toml", "b.tmp", ".hidden"] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        clean(folder.path()).unwrap();
        check(folder.path(), &[".hidden", "a.toml", "b.tmp"]);
        clean(&folder.path().join("missing")).unwrap();
    }
}
