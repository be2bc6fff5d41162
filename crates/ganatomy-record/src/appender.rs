//! A file that is only appended to; a part that could not be written whole is cut off again.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::RecordError;

#[derive(Debug)]
pub(crate) struct Appender {
    file: File,
    path: PathBuf,
    len: u64,
}

impl Appender {
    /// Opens a file for appending, creating it when it is missing.
    pub fn open(path: &Path) -> Result<Appender, RecordError> {
        Appender::with(OpenOptions::new().create(true), path)
    }

    /// Creates a file that must not exist yet.
    pub fn create_new(path: &Path) -> Result<Appender, RecordError> {
        Appender::with(OpenOptions::new().create_new(true), path)
    }

    fn with(options: &mut OpenOptions, path: &Path) -> Result<Appender, RecordError> {
        let mut open = || {
            let file = options.append(true).open(path)?;
            let len = file.metadata()?.len();
            Ok((file, len))
        };
        let (file, len) = open().map_err(RecordError::io("write", path))?;
        Ok(Appender { file, path: path.to_owned(), len })
    }

    /// Appends all the bytes in one write, or none of them.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        if let Err(cause) = self.file.write_all(bytes) {
            // A full disk may have taken a part. If that part cannot be cut off either, readers skip it.
            let _ = self.file.set_len(self.len);
            return Err(RecordError::io("write", &self.path)(cause));
        }
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Makes what was appended survive a power failure.
    pub fn sync(&self) -> Result<(), RecordError> {
        self.file.sync_data().map_err(RecordError::io("write", &self.path))
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named() {
        let mut full = Appender::open(Path::new("/dev/full")).unwrap();
        let text = full.append(b"x").unwrap_err().to_string();
        assert_eq!(text, "cannot write /dev/full: No space left on device (os error 28)");
    }
}
