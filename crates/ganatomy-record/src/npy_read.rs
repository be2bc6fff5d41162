//! Arrays from NumPy files.

use std::path::Path;

use crate::RecordError;
use crate::files::read_whole;

/// An array read from a file, the last axis running fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct NpyArray {
    /// The length of every axis.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub numbers: NpyNumbers,
}

/// The numbers of an array that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum NpyNumbers {
    /// Floats of 32 bits, or rounded to them from 64.
    Floats(Vec<f32>),
    /// Bytes, of which images are made.
    Bytes(Vec<u8>),
}

/// Reads an array of floats or bytes that `numpy.save` has written.
///
/// # Errors
/// A file that cannot be read, that is no such array, or that ends early.
pub fn read_npy(path: &Path) -> Result<NpyArray, RecordError> {
    npy_of(path, &read_whole(path)?)
}

/// The same of a file's bytes.
///
/// # Errors
/// What is no such array, or ends early.
pub fn npy_of(path: &Path, bytes: &[u8]) -> Result<NpyArray, RecordError> {
    decode(bytes).map_err(|why| RecordError::NotAnArray { path: path.to_owned(), why })
}

pub(crate) fn decode(bytes: &[u8]) -> Result<NpyArray, String> {
    let head = Head::of(bytes)?;
    let body = &bytes[head.start..];
    head.check(body.len() as u64)?;
    Ok(NpyArray { numbers: head.numbers(body), shape: head.shape })
}

/// What the header of a file says.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub shape: Vec<usize>,
    /// Numbers in all.
    n: usize,
    /// Bytes of a number.
    pub size: usize,
    /// Where the numbers begin.
    pub start: usize,
}

impl Head {
    /// Reads the header at the beginning of a file.
    pub fn of(bytes: &[u8]) -> Result<Head, String> {
        let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or("it is no .npy file")?;
        let (version, rest) = rest.split_at_checked(2).ok_or("it ends within its header")?;
        let length = if version[0] == 1 { 2 } else { 4 };
        let (count, rest) = rest.split_at_checked(length).ok_or("it ends within its header")?;
        let count = count.iter().rev().fold(0usize, |all, byte| all << 8 | usize::from(*byte));
        let (header, body) = rest.split_at_checked(count).ok_or("it ends within its header")?;
        let header = std::str::from_utf8(header).map_err(|_| "its header is no text")?;
        if value(header, "fortran_order")?.starts_with("True") {
            return Err("its columns run fastest; save numpy.ascontiguousarray of it".to_owned());
        }
        let shape = value(header, "shape")?.trim_start_matches('(');
        let shape = shape.split(')').next().unwrap_or_default().split(',').map(str::trim);
        let shape: Result<Vec<usize>, _> = shape.filter(|axis| !axis.is_empty()).map(str::parse).collect();
        let shape = shape.map_err(|_| "its shape is not of whole numbers")?;
        let n = shape.iter().try_fold(1usize, |n, axis| n.checked_mul(*axis));
        let n = n.ok_or("its shape is too large")?;
        let kind = value(header, "descr")?.trim_start_matches(['\'', '"']);
        let kind: String = kind.chars().take_while(|c| !"'\"".contains(*c)).collect();
        let size = match kind.as_str() {
            "<f4" => 4,
            "<f8" => 8,
            "|u1" => 1,
            _ => {
                return Err(format!(
                    "its numbers are {kind}, but <f4, <f8 (floats) and |u1 (bytes) are read"
                ));
            }
        };
        Ok(Head { shape, n, size, start: bytes.len() - body.len() })
    }

    /// Refuses another number of bytes after the header than it asks for.
    pub fn check(&self, found: u64) -> Result<(), String> {
        let Head { shape, n, size, .. } = self;
        match n.checked_mul(*size).is_some_and(|asked| asked as u64 == found) {
            true => Ok(()),
            false => Err(format!(
                "its shape {shape:?} asks for {n} numbers of {size} bytes, but {found} bytes follow"
            )),
        }
    }

    /// Some of the numbers from their bytes.
    pub fn numbers(&self, bytes: &[u8]) -> NpyNumbers {
        match self.size {
            4 => NpyNumbers::Floats(bytes.as_chunks().0.iter().map(|x| f32::from_le_bytes(*x)).collect()),
            8 => NpyNumbers::Floats(
                bytes.as_chunks().0.iter().map(|x| f64::from_le_bytes(*x) as f32).collect(),
            ),
            _ => NpyNumbers::Bytes(bytes.to_vec()),
        }
    }
}

/// What follows a key of the header.
fn value<'a>(header: &'a str, key: &str) -> Result<&'a str, String> {
    let found = header.split_once(&format!("'{key}':")).map(|(_, rest)| rest.trim_start());
    found.ok_or_else(|| format!("its header names no {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::damage::damaged;
    use crate::{NpyData, write_npy};

    #[test]
    fn what_is_written_is_read() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        write_npy(&path, &[2, 3], NpyData::F32(&[1.0, -2.0, 0.5, 0.0, 4.0, f32::INFINITY])).unwrap();
        let found = read_npy(&path).unwrap();
        assert_eq!(found.shape, [2, 3]);
        assert_eq!(found.numbers, NpyNumbers::Floats(vec![1.0, -2.0, 0.5, 0.0, 4.0, f32::INFINITY]));
        write_npy(&path, &[3], NpyData::U8(&[1, 2, 255])).unwrap();
        assert_eq!(read_npy(&path).unwrap().numbers, NpyNumbers::Bytes(vec![1, 2, 255]));
        write_npy(&path, &[3], NpyData::U32(&[1, 2, 255])).unwrap();
        let text = read_npy(&path).unwrap_err().to_string();
        assert!(text.contains("a.npy") && text.contains("its numbers are <u4"), "{text}");
    }

    #[test]
    fn damaged_files_are_refused() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(decode(bytes).unwrap_err(), expected);
        check(b"PK\x03\x04", "it is no .npy file");
        check(b"\x93NUMPY\x01", "it ends within its header");
        check(b"\x93NUMPY\x01\x00\xff\x00{", "it ends within its header");
        let with = |header: &str, body: &[u8]| {
            [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), body].concat()
        };
        let plain = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
        check(&with(plain, &[0; 9]), "its shape [2] asks for 2 numbers of 8 bytes, but 9 bytes follow");
        check(&with(&plain.replace("'shape'", "'form'"), &[]), "its header names no shape");
        check(
            &with(&plain.replace("<f8", "<c1"), &[0; 2]),
            "its numbers are <c1, but <f4, <f8 (floats) and |u1 (bytes) are read",
        );
        check(&with(&plain.replace("(2,)", "(-2,)"), &[]), "its shape is not of whole numbers");
        check(
            &with(&plain.replace("False", "True"), &[]),
            "its columns run fastest; save numpy.ascontiguousarray of it",
        );
        assert!(decode(&with(plain, &[0; 16])).is_ok());
    }

    #[test]
    fn damaged_files_of_arrays_are_answered() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        let file = |shape: &[usize], data| {
            write_npy(&path, shape, data).unwrap();
            std::fs::read(&path).unwrap()
        };
        let files = [
            file(&[2, 3], NpyData::F32(&[1.5; 6])),
            file(&[4, 2, 1], NpyData::U8(&[7; 8])),
            file(&[0], NpyData::U8(&[])),
        ];
        // A few times the file, whatever its header asks for.
        let refused = damaged(&files, 3_000, 1 << 14, |bytes| {
            let array = decode(bytes)?;
            let n = match &array.numbers {
                NpyNumbers::Floats(floats) => floats.len(),
                NpyNumbers::Bytes(bytes) => bytes.len(),
            };
            assert_eq!(array.shape.iter().product::<usize>(), n);
            Ok(())
        });
        assert!(refused > 0.3, "{refused}");
    }
}
