//! Parts of an array in a NumPy file, read where they lie.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::RecordError;
use crate::npy_read::{Head, NpyNumbers};
use crate::sum::Sum;

/// A header that is longer is none that NumPy writes for numbers.
const LONGEST_HEADER: u64 = 1 << 20;

/// A NumPy file that is open: its numbers stay on disk until they are asked for.
#[derive(Debug)]
pub struct NpyFile {
    path: PathBuf,
    file: File,
    head: Head,
}

impl NpyFile {
    /// Opens a file of floats or bytes that `numpy.save` has written, and checks its header against its length.
    ///
    /// # Errors
    /// A file that cannot be read, that is no such array, or that ends early.
    pub fn open(path: &Path) -> Result<NpyFile, RecordError> {
        let read = || RecordError::io("read", path);
        let wrong = |why| RecordError::NotAnArray { path: path.to_owned(), why };
        let file = File::open(path).map_err(read())?;
        let length = file.metadata().map_err(read())?.len();
        let mut start = Vec::new();
        (&file).take(LONGEST_HEADER).read_to_end(&mut start).map_err(read())?;
        let head = Head::of(&start).map_err(wrong)?;
        head.check(length.saturating_sub(head.start as u64)).map_err(wrong)?;
        Ok(NpyFile { path: path.to_owned(), file, head })
    }

    /// The length of every axis.
    pub fn shape(&self) -> &[usize] {
        &self.head.shape
    }

    /// Are its numbers bytes?
    pub fn is_bytes(&self) -> bool {
        self.head.size == 1
    }

    /// `n` of its numbers from number `start` on, the last axis running fastest.
    ///
    /// # Errors
    /// A file that cannot be read, or that has become shorter.
    pub fn numbers(&self, start: usize, n: usize) -> Result<NpyNumbers, RecordError> {
        let mut bytes = vec![0; n * self.head.size];
        let at = self.head.start as u64 + start as u64 * self.head.size as u64;
        self.seek(at)?.read_exact(&mut bytes).map_err(RecordError::io("read", &self.path))?;
        Ok(self.head.numbers(&bytes))
    }

    /// The checksum of the whole file, as [`crate::sum`] of its bytes.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn sum(&self) -> Result<String, RecordError> {
        let (mut file, mut sum, mut some) = (self.seek(0)?, Sum::default(), vec![0; 1 << 18]);
        loop {
            match file.read(&mut some).map_err(RecordError::io("read", &self.path))? {
                0 => return Ok(sum.digits()),
                n => sum.add(&some[..n]),
            }
        }
    }

    fn seek(&self, at: u64) -> Result<&File, RecordError> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at)).map_err(RecordError::io("read", &self.path))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NpyData, read_npy, sum, write_npy};

    #[test]
    fn parts_are_those_of_the_whole() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        let floats: Vec<f32> = (0..60).map(|i| i as f32 / 8.0).collect();
        write_npy(&path, &[20, 3], NpyData::F32(&floats)).unwrap();
        let open = NpyFile::open(&path).unwrap();
        assert_eq!((open.shape(), open.is_bytes()), (&[20, 3][..], false));
        for (start, n) in [(57, 3), (0, 60), (3, 6), (60, 0)] {
            assert_eq!(
                open.numbers(start, n).unwrap(),
                NpyNumbers::Floats(floats[start..start + n].to_vec())
            );
        }
        assert_eq!(open.sum().unwrap(), sum(&std::fs::read(&path).unwrap()));
        write_npy(&path, &[6], NpyData::U8(&[0, 1, 2, 253, 254, 255])).unwrap();
        let open = NpyFile::open(&path).unwrap();
        assert!(open.is_bytes());
        assert_eq!(open.numbers(3, 2).unwrap(), NpyNumbers::Bytes(vec![253, 254]));
    }

    #[test]
    fn what_the_whole_refuses_is_refused_alike() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        write_npy(&path, &[4], NpyData::F32(&[1.0; 4])).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for bytes in [&whole[..whole.len() - 1], &whole[..30], &[], b"PK"] {
            std::fs::write(&path, bytes).unwrap();
            let text = NpyFile::open(&path).unwrap_err().to_string();
            assert_eq!(text, read_npy(&path).unwrap_err().to_string());
        }
        std::fs::write(&path, &whole).unwrap();
        let open = NpyFile::open(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 4]).unwrap();
        assert!(open.numbers(0, 4).is_err() && open.numbers(0, 3).is_ok());
        assert!(NpyFile::open(&place.path().join("none.npy")).is_err());
    }
}
