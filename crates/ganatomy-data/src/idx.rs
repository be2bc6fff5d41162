//! Strict reader of IDX files, the format MNIST comes in, plain or gzipped.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::DataError;

/// An array of bytes with its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// Length along each axis.
    pub shape: Vec<usize>,
    /// The values, last axis fastest.
    pub values: Vec<u8>,
}

/// Reads an IDX file of unsigned bytes with `n_axes` axes; gzip is recognised by its content, not by the name.
///
/// The file is the bytes 0, 0, 8, n_axes, then every axis length as a big-endian u32, then exactly as many
/// values as the lengths' product.
///
/// # Errors
/// A file that cannot be read or unpacked, or that is not such an IDX file.
pub fn read_idx(file: &Path, n_axes: u8) -> Result<Idx, DataError> {
    let stored = fs::read(file).map_err(|source| DataError::Read { file: file.to_owned(), source })?;
    if stored.starts_with(&GZIP_MAGIC) {
        let mut unpacked = Vec::new();
        let mut source = MultiGzDecoder::new(&*stored);
        fill_up(&mut source, &mut unpacked, header_bytes(n_axes))
            .map_err(|e| broken_gz(file, &unpacked, e))?;
        let (shape, expected) = parse_header(file, &unpacked, n_axes)?;
        // One byte more than expected is asked for. It shows a file that is too long, makes gzip check the sum of one
        // that is not, and keeps a small file from unpacking into all of memory.
        fill_up(&mut source, &mut unpacked, expected + 1).map_err(|e| broken_gz(file, &unpacked, e))?;
        parse_values(file, shape, unpacked, expected, n_axes)
    } else {
        let (shape, expected) = parse_header(file, &stored, n_axes)?;
        parse_values(file, shape, stored, expected, n_axes)
    }
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

fn header_bytes(n_axes: u8) -> u64 {
    4 + 4 * u64::from(n_axes)
}

/// Reads until `bytes` holds `len` bytes or the source ends.
fn fill_up(source: &mut impl Read, bytes: &mut Vec<u8>, len: u64) -> std::io::Result<()> {
    let missing = len.saturating_sub(bytes.len() as u64);
    source.take(missing).read_to_end(bytes).map(|_| ())
}

fn broken_gz(file: &Path, unpacked: &[u8], source: std::io::Error) -> DataError {
    let file = file.to_owned();
    match source.kind() {
        ErrorKind::UnexpectedEof => DataError::TruncatedGz { file, n_bytes: unpacked.len() as u64 },
        _ => DataError::BadGz { file, source },
    }
}

/// The shape, and how many bytes the whole file must have.
fn parse_header(file: &Path, bytes: &[u8], n_axes: u8) -> Result<(Vec<usize>, u64), DataError> {
    let wrong_length = |expected: String| DataError::IdxLength {
        file: file.to_owned(),
        found: bytes.len().to_string(),
        expected,
    };
    let header = header_bytes(n_axes);
    let Some((magic, rest)) = bytes.split_first_chunk::<4>() else {
        return Err(wrong_length(format!("{header} or more")));
    };
    if *magic != [0, 0, 8, n_axes] {
        return Err(DataError::IdxMagic { file: file.to_owned(), found: *magic, n_axes });
    }
    let (lengths, _) = rest.as_chunks::<4>();
    if lengths.len() < usize::from(n_axes) {
        return Err(wrong_length(format!("{header} or more")));
    }
    let shape: Vec<u64> =
        lengths[..usize::from(n_axes)].iter().map(|b| u64::from(u32::from_be_bytes(*b))).collect();
    let n_values = shape.iter().try_fold(1u64, |product, &length| product.checked_mul(length));
    let expected = n_values
        .and_then(|n| n.checked_add(header))
        .filter(|&n| n < usize::MAX as u64)
        .ok_or_else(|| wrong_length("more bytes than memory can hold".to_owned()))?;
    Ok((shape.into_iter().map(|length| length as usize).collect(), expected))
}

fn parse_values(
    file: &Path,
    shape: Vec<usize>,
    mut bytes: Vec<u8>,
    expected: u64,
    n_axes: u8,
) -> Result<Idx, DataError> {
    let found = bytes.len() as u64;
    if found != expected {
        let found = if found > expected { format!("more than {expected}") } else { found.to_string() };
        return Err(DataError::IdxLength { file: file.to_owned(), found, expected: expected.to_string() });
    }
    bytes.drain(..header_bytes(n_axes) as usize);
    Ok(Idx { shape, values: bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::damage::damaged;
    use crate::testing::{gzip, idx_bytes};

    /// Writes `bytes` as a file and reads it as images.
    fn read(bytes: &[u8]) -> Result<Idx, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("train-images");
        fs::write(&file, bytes).unwrap();
        read_idx(&file, 3).map_err(|e| {
            let message = e.to_string();
            assert!(message.contains(&*file.to_string_lossy()), "does not name the file: {message}");
            message
        })
    }

    fn check(bytes: &[u8], expected: &str) {
        let message = read(bytes).unwrap_err();
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
    }

    fn good() -> Vec<u8> {
        idx_bytes(&[2, 1, 3], &[1, 2, 3, 4, 5, 6])
    }

    #[test]
    fn plain_and_gz_are_recognised_by_content() {
        let expected = Idx { shape: vec![2, 1, 3], values: vec![1, 2, 3, 4, 5, 6] };
        assert_eq!(read(&good()).unwrap(), expected);
        assert_eq!(read(&gzip(&good())).unwrap(), expected);
    }

    #[test]
    fn every_damage_has_its_message() {
        check(b"", "holds 0 bytes");
        check(&[0, 0, 8], "holds 3 bytes, but its IDX header asks for exactly 16 or more");
        check(&good()[..10], "holds 10 bytes");
        check(&idx_bytes(&[6], &[0; 6]), "starts with [00, 00, 08, 01], allowed is [00, 00, 08, 03]");
        check(b"\x89PNG\r\n\x1a\n", "starts with [89, 50, 4e, 47]");
        check(&good()[..21], "holds 21 bytes, but its IDX header asks for exactly 22");
        check(&[&good()[..], &[0]].concat(), "holds more than 22 bytes");
        check(&idx_bytes(&[u32::MAX, u32::MAX, u32::MAX], &[]), "more bytes than memory can hold");
        check(&idx_bytes(&[u32::MAX, 28, 28], &[]), "holds 16 bytes");
    }

    #[test]
    fn damaged_gz_has_its_message() {
        let whole =
            gzip(&idx_bytes(&[10, 28, 28], &(0..7840).map(|i| (i * i % 251) as u8).collect::<Vec<_>>()));
        check(&whole[..whole.len() / 2], "is cut short");
        check(&whole[..whole.len() - 3], "is cut short");
        check(&whole[..5], "is cut short");
        let mut wrong_sum = whole.clone();
        let crc = whole.len() - 8;
        wrong_sum[crc] ^= 1;
        check(&wrong_sum, "is damaged");
        check(&[&whole[..], b"rubbish"].concat(), "is");
        check(&gzip(&good()[..21]), "holds 21 bytes");
        check(&gzip(&[&good()[..], &[0; 99]].concat()), "holds more than 22 bytes");
        check(&gzip(b""), "holds 0 bytes");
    }

    #[test]
    fn damaged_files_of_idx_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("train-images");
        let larger = idx_bytes(&[40, 5, 7], &[9; 1400]);
        let files = [good(), gzip(&good()), gzip(&larger), larger];
        // A file of at most 3 KB unpacks into a thousand times as much at most, and no further than its header says.
        damaged(&files, 5_000, 4 << 20, |bytes| {
            fs::write(&file, bytes).unwrap();
            let idx = read_idx(&file, 3).map_err(|error| crate::testing::message(&error))?;
            assert_eq!(idx.shape.iter().product::<usize>(), idx.values.len());
            Ok(())
        });
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read_idx(Path::new("/nowhere/at all"), 3).unwrap_err();
        assert_eq!(error.to_string(), "cannot read /nowhere/at all");
    }
}
