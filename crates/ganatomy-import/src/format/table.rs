//! Tables with a header: CSV, TSV, and columns set apart by semicolons or blanks.

use std::ops::Range;

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
    /// Does the header stand in the remark before the first row: `# step d_loss g_loss`?
    in_remark: bool,
}

/// The shape of a table, if the file begins with one: a row of names, and one of as many cells with numbers among them.
pub(super) fn shape(head: &[u8]) -> Option<Shape> {
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let remark = lines.clone().filter(|line| !line.is_empty()).take_while(|line| is_remark(line)).last();
    let mut rows = lines.filter(|line| !is_remark(line));
    let (header, row) = (rows.next()?, rows.next());
    let told = |in_remark: bool, header: &[u8], row: Option<&[u8]>| {
        let shapes = [b',', b'\t', b';', b' '].into_iter().map(|delimiter| Shape { delimiter, in_remark });
        shapes.into_iter().find(|shape| shape.fits(header, row))
    };
    told(false, header, row).or_else(|| told(true, uncommented(remark?), Some(header)))
}

fn is_remark(line: &[u8]) -> bool {
    line.is_empty() || line.starts_with(b"#")
}

/// A remark's text.
fn uncommented(remark: &[u8]) -> &[u8] {
    let marks = remark.iter().take_while(|byte| **byte == b'#').count();
    remark[marks..].trim_ascii()
}

impl Shape {
    /// Where the cells of a row are. A quote is closed in its line, or else a letter like others: no cell of a log goes on over lines.
    fn cells(self, line: &[u8], cells: &mut Vec<Range<usize>>) {
        cells.clear();
        let mut at = 0;
        while at <= line.len() {
            if self.delimiter == b' ' {
                at += line[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if at == line.len() {
                    return;
                }
            }
            let start = at + line[at..].iter().take_while(|byte| **byte == b' ').count();
            let (cell, end) =
                self.quoted(line, start).unwrap_or_else(|| (at..self.end(line, at), self.end(line, at)));
            cells.push(cell);
            at = end + 1;
        }
    }

    fn end(self, line: &[u8], from: usize) -> usize {
        let rest = &line[from..];
        let len = match self.delimiter {
            b' ' => rest.iter().position(u8::is_ascii_whitespace),
            other => memchr::memchr(other, rest),
        };
        from + len.unwrap_or(rest.len())
    }

    /// A cell in quotes, and where it ends; two quotes in it are one of its letters.
    fn quoted(self, line: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
        if line.get(start) != Some(&b'"') {
            return None;
        }
        let mut at = start + 1;
        loop {
            at += memchr::memchr(b'"', line.get(at..)?)?;
            if line.get(at + 1) != Some(&b'"') {
                break;
            }
            at += 2;
        }
        let end = at + 1 + line[at + 1..].iter().take_while(|byte| **byte == b' ').count();
        (end == line.len() || self.end(line, end) == end).then_some((start + 1..at, end))
    }

    /// The cells of a line, without the blanks around them.
    fn cut(self, line: &[u8]) -> Vec<Vec<u8>> {
        let mut cells = Vec::new();
        self.cells(line, &mut cells);
        cells.into_iter().map(|cell| line[cell].trim_ascii().to_vec()).collect()
    }

    fn fits(self, header: &[u8], row: Option<&[u8]>) -> bool {
        let names = self.cut(header);
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
        let cells = self.cut(&row);
        let n_numbers = cells.iter().filter(|cell| number::cell(cell).is_some()).count();
        let n_texts = cells.iter().filter(|cell| !cell.is_empty() && number::cell(cell).is_none()).count();
        let is_row = cells.len() == names.len() || self.delimiter != b' ' && cells.len() + 1 >= names.len();
        is_row && n_numbers >= 1 && (self.delimiter != b' ' || n_texts == 0)
    }
}

/// Reads a table row by row.
pub(super) fn read(source: Source, shape: &Shape, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let path = source.path.clone();
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut table = Table { stem, header: Vec::new(), columns: Vec::new(), is_chart: false };
    let mut cells = Vec::new();
    let mut remark = Vec::new();
    let ended = source::lines(source.reader(), |line| {
        let trimmed = line.trim_ascii();
        if is_remark(trimmed) {
            if table.header.is_empty() && !trimmed.is_empty() {
                remark = uncommented(trimmed).to_vec();
            }
            return Ok(());
        }
        if table.header.is_empty() && shape.in_remark {
            shape.cells(&remark, &mut cells);
            table.take(&remark, &cells, sheet);
        }
        shape.cells(line, &mut cells);
        table.take(line, &cells, sheet);
        Ok(())
    })?;
    match ended {
        // What was read before a torn end still counts.
        Err(cause) if sheet.rows == 0 => Err(ImportError::Read { path, cause }),
        _ if sheet.columns.iter().all(|column| column.count == 0) => Err(ImportError::NoRows { path }),
        _ if table.is_chart => Ok(wandb::FORMAT),
        _ => Ok(FORMAT),
    }
}

struct Table {
    stem: String,
    header: Vec<Vec<u8>>,
    /// The sheet's column of each of the table's.
    columns: Vec<Option<usize>>,
    is_chart: bool,
}

impl Table {
    fn take(&mut self, line: &[u8], cells: &[Range<usize>], sheet: &mut Sheet<'_>) {
        let cells = || cells.iter().map(|cell| &line[cell.clone()]);
        if self.header.is_empty() {
            if cells().all(|cell| cell.trim_ascii().is_empty()) {
                return;
            }
            return self.begin(&cells().collect::<Vec<_>>(), sheet);
        }
        if cells().map(<[u8]>::trim_ascii).eq(self.header.iter().map(Vec::as_slice)) {
            return sheet.announce();
        }
        sheet.begin(Clock::default());
        for (cell, column) in cells().zip(&self.columns) {
            let Some(column) = column else { continue };
            if let Some(value) = number::cell(cell).and_then(|found| found.value) {
                sheet.put(*column, value);
            }
        }
        sheet.end();
    }

    fn begin(&mut self, cells: &[&[u8]], sheet: &mut Sheet<'_>) {
        self.header = cells.iter().map(|cell| cell.trim_ascii().to_vec()).collect();
        let names: Vec<String> = cells.iter().map(|cell| named(cell)).collect();
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
            sheet.n_beside = runs.len();
        }
        Some(runs[chosen].to_owned())
    }
}

fn named(cell: &[u8]) -> String {
    let cell = cell.trim_ascii();
    String::from_utf8(cell.to_vec()).unwrap_or_else(|_| cell.iter().map(|byte| char::from(*byte)).collect())
}
