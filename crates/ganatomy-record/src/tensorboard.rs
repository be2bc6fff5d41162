//! Scalars and pictures as TensorBoard event files.
//!
//! A file is a row of records: length, masked CRC-32C of the length, an `Event` protocol buffer, masked CRC-32C of it
//! (`tensorflow/core/lib/io/record_writer.h`, `tensorflow/core/util/event.proto`). The few fields of `Event` that
//! scalars and images need are encoded here by hand.

use std::collections::BTreeMap;
use std::path::Path;

use crate::RecordError;
use crate::appender::Appender;

/// The start of these files' names, by which TensorBoard finds them.
pub(crate) const FILE_PREFIX: &str = "events.out.tfevents.";

/// Field numbers of `Event`, `Summary`, `Summary.Value`, `Summary.Image` and `SessionLog`.
mod field {
    pub const WALL_TIME: u64 = 1;
    pub const STEP: u64 = 2;
    pub const FILE_VERSION: u64 = 3;
    pub const SUMMARY: u64 = 5;
    pub const SESSION_LOG: u64 = 7;
    pub const VALUE: u64 = 1;
    pub const TAG: u64 = 1;
    pub const SIMPLE_VALUE: u64 = 2;
    pub const IMAGE: u64 = 4;
    pub const HEIGHT: u64 = 1;
    pub const WIDTH: u64 = 2;
    pub const COLOURS: u64 = 3;
    pub const ENCODED: u64 = 4;
    pub const STATUS: u64 = 1;
}

/// `SessionLog.START`: TensorBoard then drops later steps of other files.
const SESSION_STARTS: u64 = 1;

/// The size and the number of colours that the head of a PNG file tells (PNG specification, sections 5.2 and 11.2.2); nothing
/// of another file.
struct PngHead {
    width: u32,
    height: u32,
    /// 1 for grey, 3 for colour, one more with transparency.
    colours: u64,
}

impl PngHead {
    fn of(png: &[u8]) -> Option<PngHead> {
        let head = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
        let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
        let colours = match head.get(9)? {
            0 => 1,
            4 => 2,
            6 => 4,
            _ => 3,
        };
        Some(PngHead { width: number(0)?, height: number(4)?, colours })
    }
}

/// Appends scalars and pictures to one event file.
#[derive(Debug)]
pub(crate) struct TensorBoard {
    file: Appender,
}

impl TensorBoard {
    /// Begins a file named after the time and the host.
    ///
    /// # Errors
    /// The file is there already or cannot be written.
    pub fn create(folder: &Path, unix_secs: f64, host: &str) -> Result<TensorBoard, RecordError> {
        let host: String =
            host.chars().map(|c| if c.is_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
        let name = format!("{FILE_PREFIX}{:010}.{host}", unix_secs as u64);
        let mut path = folder.join(&name);
        let mut session = 1;
        // Two sessions within one second each get a file.
        while path.exists() {
            path = folder.join(format!("{name}.{session}"));
            session += 1;
        }
        let mut file = Appender::create_new(&path)?;
        file.append(&record(&version(unix_secs)))?;
        Ok(TensorBoard { file })
    }

    /// Voids the values of this step and of later ones.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn restart(&mut self, unix_secs: f64, step: u64) -> Result<(), RecordError> {
        let mut log = Vec::new();
        varint_field(&mut log, field::STATUS, SESSION_STARTS);
        let mut event = at(unix_secs, step);
        bytes_field(&mut event, field::SESSION_LOG, &log);
        self.file.append(&record(&event))
    }

    /// Appends the values of one step.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn scalars(
        &mut self,
        unix_secs: f64,
        step: u64,
        values: &BTreeMap<String, f64>,
    ) -> Result<(), RecordError> {
        let mut summary = Vec::new();
        for (name, number) in values {
            let mut value = Vec::new();
            bytes_field(&mut value, field::TAG, name.as_bytes());
            key(&mut value, field::SIMPLE_VALUE, 5);
            value.extend((*number as f32).to_le_bytes());
            bytes_field(&mut summary, field::VALUE, &value);
        }
        let mut event = at(unix_secs, step);
        bytes_field(&mut event, field::SUMMARY, &summary);
        self.file.append(&record(&event))
    }

    /// Appends a picture of one step; what is no PNG file is left out.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn picture(&mut self, unix_secs: f64, step: u64, name: &str, png: &[u8]) -> Result<(), RecordError> {
        let Some(PngHead { width, height, colours }) = PngHead::of(png) else {
            return Ok(());
        };
        let (mut image, mut value, mut summary) = (Vec::new(), Vec::new(), Vec::new());
        varint_field(&mut image, field::HEIGHT, height.into());
        varint_field(&mut image, field::WIDTH, width.into());
        varint_field(&mut image, field::COLOURS, colours);
        bytes_field(&mut image, field::ENCODED, png);
        bytes_field(&mut value, field::TAG, name.as_bytes());
        bytes_field(&mut value, field::IMAGE, &image);
        bytes_field(&mut summary, field::VALUE, &value);
        let mut event = at(unix_secs, step);
        bytes_field(&mut event, field::SUMMARY, &summary);
        self.file.append(&record(&event))
    }
}

fn version(unix_secs: f64) -> Vec<u8> {
    let mut event = at(unix_secs, 0);
    bytes_field(&mut event, field::FILE_VERSION, b"brain.Event:2");
    event
}

/// An event with only its time and step.
fn at(unix_secs: f64, step: u64) -> Vec<u8> {
    let mut event = Vec::new();
    key(&mut event, field::WALL_TIME, 1);
    event.extend(unix_secs.to_le_bytes());
    varint_field(&mut event, field::STEP, step);
    event
}

fn record(event: &[u8]) -> Vec<u8> {
    let length = (event.len() as u64).to_le_bytes();
    let mut record = length.to_vec();
    record.extend(masked_crc(&length).to_le_bytes());
    record.extend(event);
    record.extend(masked_crc(event).to_le_bytes());
    record
}

/// A CRC of data that contains its own CRC is degenerate, hence the mask.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn key(out: &mut Vec<u8>, field: u64, wire_type: u64) {
    varint(out, field << 3 | wire_type);
}

fn varint_field(out: &mut Vec<u8>, field: u64, number: u64) {
    key(out, field, 0);
    varint(out, number);
}

fn bytes_field(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    key(out, field, 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn u32_at(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    /// Splits a file into its records and checks both sums of each.
    fn records(mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut records = Vec::new();
        while !bytes.is_empty() {
            let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            assert_eq!(u32_at(bytes, 8), masked_crc(&bytes[..8]), "the length's sum");
            assert_eq!(u32_at(bytes, 12 + length), masked_crc(&bytes[12..12 + length]), "the data's sum");
            records.push(bytes[12..12 + length].to_vec());
            bytes = &bytes[16 + length..];
        }
        records
    }

    #[test]
    fn sums_are_the_standard_ones() {
        // The check value of CRC-32C (RFC 3720, appendix B.4, and every catalogue).
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(masked_crc(b"123456789"), 0xc78a_b0e5);
    }

    #[test]
    fn a_file_is_a_row_of_sound_records() {
        let folder = tempfile::tempdir().unwrap();
        let mut board = TensorBoard::create(folder.path(), 1.7e9, "my box").unwrap();
        board.restart(1.7e9, 300).unwrap();
        board.scalars(1.7e9 + 0.5, 300, &[("g/loss".to_owned(), 0.25)].into()).unwrap();
        let path = folder.path().join("events.out.tfevents.1700000000.my_box");
        let records = records(&std::fs::read(path).unwrap());
        let time = 1.7e9f64.to_le_bytes();
        let version = [&[0x09][..], &time, &[0x10, 0, 0x1a, 13], b"brain.Event:2"].concat();
        let restart = [&[0x09][..], &time, &[0x10, 0xac, 0x02, 0x3a, 2, 0x08, 1]].concat();
        let later = (1.7e9f64 + 0.5).to_le_bytes();
        let value = [&[0x0a, 6][..], b"g/loss", &[0x15], &0.25f32.to_le_bytes()].concat();
        let scalars = [&[0x09][..], &later, &[0x10, 0xac, 0x02, 0x2a, 15, 0x0a, 13], &value].concat();
        assert_eq!(records, [version, restart, scalars]);
    }

    #[test]
    fn a_picture_is_an_image_with_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let mut board = TensorBoard::create(folder.path(), 5.0, "h").unwrap();
        // The head of a grey picture of 300 x 2 pixels, and whatever follows.
        let png =
            [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x2c\0\0\0\x02\x08\0\0\0\0"[..], b"rest"].concat();
        board.picture(5.0, 7, "samples", &png).unwrap();
        board.picture(5.0, 7, "samples", b"GIF89a").unwrap();
        board.picture(5.0, 7, "samples", &png[..20]).unwrap();
        let records =
            records(&std::fs::read(folder.path().join("events.out.tfevents.0000000005.h")).unwrap());
        let image = [&[0x08, 2, 0x10, 0xac, 0x02, 0x18, 1, 0x22, png.len() as u8][..], &png].concat();
        let value = [&[0x0a, 7][..], b"samples", &[0x22, image.len() as u8], &image].concat();
        let summary = [&[0x0a, value.len() as u8][..], &value].concat();
        let event =
            [&[0x09][..], &5.0f64.to_le_bytes(), &[0x10, 7, 0x2a, summary.len() as u8], &summary].concat();
        assert_eq!(records[1..], [event]);
    }

    #[test]
    fn sessions_of_one_second_get_a_file_each() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            TensorBoard::create(folder.path(), 5.0, "h").unwrap();
        }
        let names = crate::files::names(folder.path()).unwrap();
        let first = "events.out.tfevents.0000000005.h";
        assert_eq!(names, [first, &format!("{first}.1"), &format!("{first}.2")]);
    }
}
