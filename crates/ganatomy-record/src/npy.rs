//! Arrays as NumPy files.

use std::path::Path;

use crate::RecordError;
use crate::files::write_whole;

/// The numbers of an array, the last axis running fastest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NpyData<'a> {
    /// 32-bit floats.
    F32(&'a [f32]),
    /// Bytes.
    U8(&'a [u8]),
    /// 32-bit whole numbers.
    U32(&'a [u32]),
}

/// Writes an array that `numpy.load` reads (NPY format version 1.0).
///
/// # Shapes
/// `data` holds the product of `shape` numbers; an empty `shape` holds one.
///
/// # Errors
/// A length that does not match the shape, or a file that cannot be written.
pub fn write_npy(path: &Path, shape: &[usize], data: NpyData<'_>) -> Result<(), RecordError> {
    write_whole(path, &encode(shape, data)?)
}

fn encode(shape: &[usize], data: NpyData<'_>) -> Result<Vec<u8>, RecordError> {
    let (found, kind, numbers) = match data {
        NpyData::F32(data) => (data.len(), "<f4", data.iter().flat_map(|x| x.to_le_bytes()).collect()),
        NpyData::U32(data) => (data.len(), "<u4", data.iter().flat_map(|x| x.to_le_bytes()).collect()),
        NpyData::U8(data) => (data.len(), "|u1", data.to_vec()),
    };
    RecordError::check_shape("the array", found, shape)?;
    // Python writes a tuple of one with a comma after it.
    let dims: String = shape.iter().map(|dim| format!("{dim}, ")).collect();
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({dims}), }}");
    // Magic, version, length and header together end on a multiple of 64, and with an end of line.
    let padded = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header.push_str(&" ".repeat(padded - header.len() - 1));
    header.push('\n');
    // Only the length of hundreds of dimensions would not fit.
    let length = u16::try_from(header.len()).unwrap_or(u16::MAX).to_le_bytes();
    Ok([b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &numbers].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shape: &[usize], data: NpyData<'_>, header: &str, numbers: &[u8]) {
        let bytes = encode(shape, data).unwrap();
        let (start, body) = bytes.split_at(bytes.len() - numbers.len());
        assert_eq!(start.len() % 64, 0);
        assert_eq!(&start[..8], b"\x93NUMPY\x01\x00");
        assert_eq!(usize::from(u16::from_le_bytes([start[8], start[9]])), start.len() - 10);
        assert_eq!(std::str::from_utf8(&start[10..]).unwrap().trim_end(), header);
        assert_eq!(start.last(), Some(&b'\n'));
        assert_eq!(body, numbers);
    }

    #[test]
    fn headers_are_what_numpy_writes() {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, ), }";
        check(&[2, 3], NpyData::U8(&[1, 2, 3, 4, 5, 6]), header, &[1, 2, 3, 4, 5, 6]);
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, ), }";
        check(&[1], NpyData::F32(&[1.0]), header, &[0, 0, 0x80, 0x3f]);
        let header = "{'descr': '<u4', 'fortran_order': False, 'shape': (2, ), }";
        check(&[2], NpyData::U32(&[7, 256]), header, &[7, 0, 0, 0, 0, 1, 0, 0]);
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
        check(&[], NpyData::F32(&[0.0]), header, &[0; 4]);
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 28, 28, 1, ), }";
        check(&[0, 28, 28, 1], NpyData::F32(&[]), header, &[]);
    }

    #[test]
    fn a_wrong_length_is_refused() {
        let text = encode(&[2, 2], NpyData::U8(&[1])).unwrap_err().to_string();
        assert_eq!(text, "the array holds 1 numbers, but its shape asks for 4");
    }
}
