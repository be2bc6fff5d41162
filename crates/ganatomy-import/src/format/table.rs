//! Tables with a header: CSV, TSV, and columns set apart by semicolons or blanks.

use csv::{ByteRecord, ReaderBuilder};

use crate::clock::{self, Clock};
use crate::error::ImportError;
use crate::names::guess;
use crate::number;
use crate::sheet::Sheet;
use crate::source::{self, Source};

use super::{Format, Values, wandb};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    about: "a table with a header, its cells set apart by commas, tabs, semicolons or blanks",
    values: Values::Unknown,
    is: None,
};

/// What a table looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    delimiter: u8,
}

/// The shape of a table, if the file begins with one: a row of names, and one of as many cells with numbers among them.
pub(super) fn shape(head: &[u8]) -> Option<Shape> {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !is_remark(line));
    let (header, row) = (lines.next()?, lines.next());
    [b',', b'\t', b';', b' ']
        .into_iter()
        .map(|delimiter| Shape { delimiter })
        .find(|shape| shape.fits(header, row))
}

fn is_remark(line: &[u8]) -> bool {
    line.is_empty() || line.starts_with(b"#")
}

impl Shape {
    fn cells(self, line: &[u8]) -> Vec<Vec<u8>> {
        let mut record = ByteRecord::new();
        let line = if self.delimiter == b' ' { single(line) } else { line.to_vec() };
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(line.as_slice());
        match reader.read_byte_record(&mut record) {
            Ok(true) => record.iter().map(|cell| cell.trim_ascii().to_vec()).collect(),
            _ => Vec::new(),
        }
    }

    fn fits(self, header: &[u8], row: Option<&[u8]>) -> bool {
        let names = self.cells(header);
        let row = row.map(source::without_colours);
        let is_name = |name: &[u8]| {
            let known = number::cell(name).is_some();
            !known && name.len() <= 200 && memchr::memchr2(b'{', b'}', name).is_none()
        };
        if names.len() < 2 || !names.iter().all(|name| is_name(name)) || names.iter().all(Vec::is_empty) {
            return false;
        }
        // A line of named numbers is no header: `Epoch: 0, d_loss: 0.5`.
        let mut pairs = Vec::new();
        crate::scan::pairs(header, &mut pairs);
        if !pairs.is_empty() {
            return false;
        }
        let Some(row) = row else {
            // A header without rows is told from a sentence by a name that is known.
            return names.iter().any(|name| guess::guess(&String::from_utf8_lossy(name)).is_some());
        };
        let cells = self.cells(&row);
        let n_numbers = cells.iter().filter(|cell| number::cell(cell).is_some()).count();
        let n_texts = cells.iter().filter(|cell| !cell.is_empty() && number::cell(cell).is_none()).count();
        let is_row = cells.len() == names.len() || self.delimiter != b' ' && cells.len() + 1 >= names.len();
        is_row && n_numbers >= 1 && (self.delimiter != b' ' || n_texts == 0)
    }
}

/// Blanks in a row made one.
fn single(line: &[u8]) -> Vec<u8> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ')
}

/// Reads a table row by row.
pub(super) fn read(source: Source, shape: &Shape, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let path = source.path.clone();
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if shape.delimiter == b' ' {
        let mut table = Table { stem, header: Vec::new(), columns: Vec::new(), is_chart: false };
        let ended = source::lines(source.reader(), |line| {
            if !is_remark(line.trim_ascii()) {
                table.take(&ByteRecord::from(shape.cells(line)), sheet);
            }
            Ok(())
        })?;
        return ended.map(|()| FORMAT).map_err(ImportError::read(&path));
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(shape.delimiter)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(source.reader());
    let mut table = Table { stem, header: Vec::new(), columns: Vec::new(), is_chart: false };
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => table.take(&record, sheet),
            Ok(false) => break,
            // What was read before a torn end still counts.
            Err(_) if sheet.rows > 0 => break,
            Err(error) => return Err(ImportError::Damaged { path, why: error.to_string() }),
        }
    }
    if sheet.columns.iter().all(|column| column.count == 0) {
        return Err(ImportError::NoRows { path });
    }
    Ok(if table.is_chart { wandb::FORMAT } else { FORMAT })
}

struct Table {
    stem: String,
    header: Vec<Vec<u8>>,
    /// The sheet's column of each of the table's.
    columns: Vec<Option<usize>>,
    is_chart: bool,
}

impl Table {
    fn take(&mut self, cells: &ByteRecord, sheet: &mut Sheet<'_>) {
        if cells.iter().all(|cell| cell.trim_ascii().is_empty()) {
            return;
        }
        if self.header.is_empty() {
            return self.begin(cells, sheet);
        }
        let is_header = cells.iter().any(|cell| !cell.is_empty() && number::cell(cell).is_none())
            && cells
                .iter()
                .map(|cell| cell.trim_ascii())
                .eq(self.header.iter().map(|name| name.trim_ascii()));
        if is_header {
            return sheet.announce();
        }
        sheet.begin(Clock::default());
        for (cell, column) in cells.iter().zip(&self.columns) {
            let Some(column) = column else { continue };
            if let Some(value) = number::cell(cell).and_then(|found| found.value) {
                sheet.put(*column, value);
            }
        }
        sheet.end();
    }

    fn begin(&mut self, cells: &ByteRecord, sheet: &mut Sheet<'_>) {
        self.header = cells.iter().map(<[u8]>::to_vec).collect();
        let names: Vec<String> = cells.iter().map(named).collect();
        let parts = names.iter().filter_map(|name| wandb::parts(name));
        let runs: std::collections::BTreeSet<&str> = parts.map(|part| part.0).collect();
        self.is_chart = !runs.is_empty()
            && names.iter().all(|name| wandb::parts(name).is_some() || clock::place(name).is_some());
        let chosen = self.choose(&runs.into_iter().collect::<Vec<_>>(), sheet);
        // TensorBoard's export has one tag, which only the file's name tells.
        let is_tag = names == ["Wall time", "Step", "Value"];
        self.columns = names
            .iter()
            .map(|name| {
                if is_tag && name == "Value" {
                    let tag = self.stem.rsplit("tag-").next().unwrap_or(&self.stem).to_owned();
                    return sheet.column(tag.as_bytes(), 1);
                }
                match wandb::parts(name).filter(|_| self.is_chart) {
                    Some((_, short)) if wandb::is_bound(short) => sheet.column(name.as_bytes(), 1),
                    Some((run, short)) if chosen.as_deref() == Some(run) => sheet.column(short.as_bytes(), 1),
                    // Of another run than the one that is read.
                    Some(_) => None,
                    _ => sheet.column(name.as_bytes(), 1),
                }
            })
            .collect();
    }
}

impl Table {
    /// Of several runs side by side the one that is asked for, or the first.
    fn choose(&self, runs: &[&str], sheet: &mut Sheet<'_>) -> Option<String> {
        if !self.is_chart {
            return None;
        }
        let asked = sheet.run.filter(|asked| (1..=runs.len()).contains(asked) && runs.len() > 1);
        let chosen = asked.map_or(0, |asked| asked - 1);
        if runs.len() > 1 {
            sheet.notes.push(format!(
                "it holds {} runs side by side: {} is read; --run N reads another",
                runs.len(),
                runs[chosen]
            ));
            sheet.run = sheet.run.filter(|_| asked.is_none());
        }
        Some(runs[chosen].to_owned())
    }
}

fn named(cell: &[u8]) -> String {
    let cell = cell.trim_ascii();
    String::from_utf8(cell.to_vec()).unwrap_or_else(|_| cell.iter().map(|byte| char::from(*byte)).collect())
}
