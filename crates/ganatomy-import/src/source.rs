//! The bytes of a log: from a file or standard input, unpacked, in one encoding.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::error::ImportError;

/// So much of a log is looked at to tell its format.
pub(crate) const HEAD: usize = 64 << 10;

/// A log that is read from its start.
pub(crate) struct Source {
    /// Its name.
    pub path: PathBuf,
    /// Its first bytes.
    pub head: Vec<u8>,
    reader: Chain<Cursor<Vec<u8>>, Box<dyn Read>>,
}

impl Source {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Source, ImportError> {
        let file: Box<dyn Read> = match path.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(path).map_err(ImportError::read(path))?),
        };
        Source::of(path, file)
    }

    /// A log in memory.
    #[cfg(test)]
    pub fn of_bytes(path: &Path, bytes: &[u8]) -> Result<Source, ImportError> {
        Source::of(path, Box::new(Cursor::new(bytes.to_vec())))
    }

    fn of(path: &Path, mut file: Box<dyn Read>) -> Result<Source, ImportError> {
        let failed = ImportError::read(path);
        let start = take(&mut file, 4).map_err(&failed)?;
        let whole = Cursor::new(start.clone()).chain(file);
        let mut plain: Box<dyn Read> = match start.starts_with(&[0x1f, 0x8b]) {
            true => Box::new(MultiGzDecoder::new(BufReader::with_capacity(HEAD, whole))),
            false => Box::new(whole),
        };
        let mut head = take(&mut plain, HEAD).map_err(&failed)?;
        if let Some(order) = wide(&head) {
            plain = Box::new(Narrow {
                from: Cursor::new(head).chain(plain),
                order,
                half: None,
                left: Vec::new(),
            });
            head = take(&mut plain, HEAD).map_err(&failed)?;
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(ImportError::Empty { path: path.to_owned() });
        }
        let reader = Cursor::new(head.clone()).chain(plain);
        Ok(Source { path: path.to_owned(), head, reader })
    }

    /// Everything, from the start.
    pub fn reader(self) -> BufReader<impl Read> {
        BufReader::with_capacity(1 << 18, self.reader)
    }

    /// The last part of its name, without endings.
    pub fn stem(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        name.split('.').next().unwrap_or("").to_owned()
    }
}

fn take(from: &mut dyn Read, n: usize) -> io::Result<Vec<u8>> {
    let mut taken = Vec::new();
    match from.take(n as u64).read_to_end(&mut taken) {
        // Of a torn archive what can be unpacked still counts.
        Err(error) if taken.is_empty() => Err(error),
        _ => Ok(taken),
    }
}

/// The order of bytes of text in UTF-16, which Windows' shells write.
fn wide(head: &[u8]) -> Option<Order> {
    match head {
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        [a, 0, b, 0, ..] if a.is_ascii_graphic() && b.is_ascii_graphic() => Some(Order::Little),
        [0, a, 0, b, ..] if a.is_ascii_graphic() && b.is_ascii_graphic() => Some(Order::Big),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// Turns UTF-16 into UTF-8.
struct Narrow<R> {
    from: R,
    order: Order,
    /// The first half of a letter of two.
    half: Option<u16>,
    left: Vec<u8>,
}

impl<R: Read> Read for Narrow<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            let mut pairs = Vec::new();
            self.from.by_ref().take(HEAD as u64).read_to_end(&mut pairs)?;
            let units = pairs.chunks_exact(2).map(|pair| match self.order {
                Order::Little => u16::from_le_bytes([pair[0], pair[1]]),
                Order::Big => u16::from_be_bytes([pair[0], pair[1]]),
            });
            let mut units: Vec<u16> = self.half.take().into_iter().chain(units).collect();
            if units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) && pairs.len() == HEAD {
                self.half = units.pop();
            }
            let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
            self.left = text.into_bytes();
        }
        let n = into.len().min(self.left.len());
        into[..n].copy_from_slice(&self.left[..n]);
        self.left.drain(..n);
        Ok(n)
    }
}

/// A line may be so long; what is beyond is passed over.
const LONGEST: usize = 1 << 20;

/// Hands every line to a function, in parts of a bounded length. Bars of progress begin lines anew with a carriage return.
pub(crate) fn lines(
    mut reader: impl BufRead,
    mut each: impl FnMut(&[u8]) -> Result<(), ImportError>,
) -> Result<io::Result<()>, ImportError> {
    let mut each = |line: &[u8]| match memchr::memchr(0x1b, line) {
        Some(_) => each(&without_colours(line)),
        None => each(line),
    };
    let mut line: Vec<u8> = Vec::new();
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                // What was read until then still counts.
                each(&line)?;
                return Ok(Err(error));
            }
        };
        if buffer.is_empty() {
            each(&line)?;
            return Ok(Ok(()));
        }
        let end = memchr::memchr2(b'\n', b'\r', buffer);
        let part = &buffer[..end.unwrap_or(buffer.len())];
        let taken = part.len() + usize::from(end.is_some());
        if line.is_empty() && end.is_some() && part.len() <= LONGEST {
            each(part)?;
        } else {
            line.extend(&part[..part.len().min(LONGEST.saturating_sub(line.len()))]);
            if end.is_some() {
                each(&line)?;
                line.clear();
            }
        }
        reader.consume(taken);
    }
}

/// A line without what sets colours on a terminal.
pub(crate) fn without_colours(line: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(line.len());
    let mut rest = line.iter();
    while let Some(&byte) = rest.next() {
        if byte != 0x1b {
            plain.push(byte);
            continue;
        }
        if rest.as_slice().first() == Some(&b'[') {
            let len =
                rest.as_slice().iter().position(u8::is_ascii_alphabetic).unwrap_or(rest.as_slice().len());
            rest.by_ref().take(len + 1).for_each(drop);
        }
    }
    plain
}
