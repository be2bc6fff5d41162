//! TensorBoard's event files: rows of records with sums, in each a few fields of a protocol buffer.

use std::io::{self, Read};

use crate::clock::Clock;
use crate::error::ImportError;
use crate::sheet::Sheet;
use crate::source::Source;

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "tensorboard",
    about: "TensorBoard's event files, of TF 1, TF 2 and PyTorch",
    values: Values::Unknown,
    is: None,
};

/// A record with pictures or a graph may be large; scalars never are, and larger records are passed over.
const LARGEST: u64 = 64 << 20;

/// Does a file begin with a record?
pub(super) fn is(head: &[u8]) -> bool {
    head.first_chunk::<12>().is_some_and(|start| length(start).is_some_and(|length| length < 1 << 40))
}

/// The length of a record, if its sum is right.
fn length(start: &[u8; 12]) -> Option<u64> {
    let (length, sum) = start.split_first_chunk::<8>()?;
    let sum = u32::from_le_bytes(sum.try_into().ok()?);
    (masked(length) == sum).then(|| u64::from_le_bytes(*length))
}

fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Reads records up to the end, or to the first that is torn.
pub(super) fn read(source: Source, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    sheet.is_loose = true;
    let path = source.path.clone();
    let failed = ImportError::read(&path);
    let mut reader = source.reader();
    let mut n = 0u64;
    let mut record = Vec::new();
    let damaged = |why: &str| ImportError::Damaged { path: path.clone(), why: why.to_owned() };
    loop {
        let mut start = [0; 12];
        match fill(&mut reader, &mut start) {
            Ok(true) => {}
            Err(error) if n == 0 => return Err(failed(error)),
            _ => break,
        }
        let Some(length) = length(&start) else {
            // What was read before a damaged record still counts.
            if n == 0 {
                return Err(damaged("its first record's sum is wrong"));
            }
            break;
        };
        if length > LARGEST {
            io::copy(&mut reader.by_ref().take(length.saturating_add(4)), &mut io::sink())
                .map_err(&failed)?;
            continue;
        }
        record.clear();
        reader.by_ref().take(length + 4).read_to_end(&mut record).map_err(&failed)?;
        let Some((data, sum)) = record.split_last_chunk::<4>().filter(|_| record.len() as u64 == length + 4)
        else {
            break;
        };
        if masked(data) != u32::from_le_bytes(*sum) {
            break;
        }
        n += 1;
        event(data, sheet);
    }
    if sheet.columns.iter().all(|column| column.count == 0) {
        return Err(damaged("it is a file of TensorBoard, and holds no scalars"));
    }
    Ok(FORMAT)
}

/// Fills a buffer; false at the end of the file, whole or torn.
fn fill(reader: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(into) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// One field of a message.
enum Field<'a> {
    Number(u64),
    Fixed64([u8; 8]),
    Fixed32([u8; 4]),
    Bytes(&'a [u8]),
}

/// The fields of a message, up to the first that is none.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = varint(&mut self.0)?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut self.0)?),
            1 => {
                let (bytes, rest) = self.0.split_first_chunk::<8>()?;
                self.0 = rest;
                Field::Fixed64(*bytes)
            }
            2 => {
                let length = usize::try_from(varint(&mut self.0)?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Field::Bytes(bytes)
            }
            5 => {
                let (bytes, rest) = self.0.split_first_chunk::<4>()?;
                self.0 = rest;
                Field::Fixed32(*bytes)
            }
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// `Event`: step = 2, summary = 5.
fn event(data: &[u8], sheet: &mut Sheet<'_>) {
    let (mut step, mut summary) = (0, None);
    for (number, field) in Fields(data) {
        match (number, field) {
            (2, Field::Number(value)) => step = value,
            (5, Field::Bytes(bytes)) => summary = Some(bytes),
            _ => {}
        }
    }
    let Some(summary) = summary else { return };
    let step = Some(step).filter(|step| *step < 1 << 48);
    sheet.begin(Clock { step, ..Clock::default() });
    for (number, field) in Fields(summary) {
        if let (1, Field::Bytes(value)) = (number, field) {
            scalar(value, sheet);
        }
    }
    sheet.end();
}

/// `Summary.Value`: tag = 1, simple_value = 2, tensor = 8.
fn scalar(data: &[u8], sheet: &mut Sheet<'_>) {
    let (mut tag, mut value) = (None, None);
    for (number, field) in Fields(data) {
        match (number, field) {
            (1, Field::Bytes(bytes)) => tag = Some(bytes),
            (2, Field::Fixed32(bytes)) => value = Some(f64::from(f32::from_le_bytes(bytes))),
            (8, Field::Bytes(bytes)) => value = tensor(bytes),
            _ => {}
        }
    }
    if let (Some(tag), Some(value)) = (tag, value) {
        sheet.named(tag, 1, Some(value), false);
    }
}

/// `TensorProto` of one number: dtype = 1 (1 float, 2 double), content = 4, float_val = 5, double_val = 6.
fn tensor(data: &[u8]) -> Option<f64> {
    let (mut kind, mut found) = (0, None);
    for (number, field) in Fields(data) {
        match (number, field) {
            (1, Field::Number(value)) => kind = value,
            (4 | 5, Field::Bytes(bytes)) if kind == 1 => {
                found = bytes.try_into().ok().map(|bytes| f64::from(f32::from_le_bytes(bytes)));
            }
            (4 | 6, Field::Bytes(bytes)) if kind == 2 => {
                found = bytes.try_into().ok().map(f64::from_le_bytes)
            }
            (5, Field::Fixed32(bytes)) => found = Some(f64::from(f32::from_le_bytes(bytes))),
            (6, Field::Fixed64(bytes)) => found = Some(f64::from_le_bytes(bytes)),
            _ => {}
        }
    }
    found
}
