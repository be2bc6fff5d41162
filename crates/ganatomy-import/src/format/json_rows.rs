//! JSON: one object a line, a list of objects (Chainer), or an object of lists (Keras' history).

use std::io::BufRead;

use crate::clock::Clock;
use crate::error::ImportError;
use crate::json::{self, Value};
use crate::sheet::Sheet;
use crate::source::Source;

use super::{Format, Values, lines, notebook, stylegan};

pub(super) const LINES: Format = Format {
    name: "jsonl",
    about: "one JSON object a line: BigGAN, W&B, Hugging Face",
    values: Values::Unknown,
    is: Some(|line| line.starts_with(b"{") && json::parse(line.trim_ascii()).is_some()),
};

pub(super) const CHAINER: Format = Format {
    name: "json",
    about: "a list of JSON objects, as Chainer writes it, or an object of lists, as Keras' history is saved",
    values: Values::Unknown,
    is: None,
};

/// One object has at most so many bytes.
const LARGEST: usize = 256 << 20;

/// Does a file begin as JSON?
pub(super) fn is(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    match text {
        [b'{', rest @ ..] => {
            rest.trim_ascii_start().starts_with(b"\"") || rest.trim_ascii_start().starts_with(b"}")
        }
        [b'[', rest @ ..] => {
            rest.trim_ascii_start().starts_with(b"{") || rest.trim_ascii_start().starts_with(b"]")
        }
        _ => false,
    }
}

/// Reads JSON: in lines where the first one is whole, else object by object.
pub(super) fn read(source: Source, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let text = source.head.trim_ascii_start();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or(text).trim_ascii();
    let is_whole = memchr::memchr(b'\n', text).is_some() || source.head.len() < crate::source::HEAD;
    if is_whole
        && json::parse(first).is_some_and(|value| matches!(value, Value::Object(_)) && !notebook::is(&value))
    {
        return lines::read(source, sheet);
    }
    read_objects(source, sheet)
}

fn read_objects(source: Source, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let path = source.path.clone();
    let stem = source.stem();
    let mut format = CHAINER;
    let damaged = |why: &str| ImportError::Damaged { path: path.clone(), why: why.to_owned() };
    let mut n = 0u64;
    let whole = objects(source.reader(), |text| {
        let Some(value) = json::parse(text) else { return };
        n += 1;
        if notebook::is(&value) {
            format = notebook::FORMAT;
            notebook::read(&value, &stem, sheet);
        } else {
            object(&value, sheet);
        }
    })
    .map_err(ImportError::read(&path))?;
    match (n, whole) {
        (0, _) => Err(damaged("it begins as JSON, and no object of it is whole")),
        _ if sheet.columns.iter().all(|column| column.count == 0) => Err(ImportError::NoNumbers { path }),
        _ => Ok(format),
    }
}

/// Hands every outermost object to a function; answers whether the last one was whole.
fn objects(mut reader: impl BufRead, mut each: impl FnMut(&[u8])) -> std::io::Result<bool> {
    let mut text: Vec<u8> = Vec::new();
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => &[],
            other => other?,
        };
        if buffer.is_empty() {
            return Ok(depth == 0);
        }
        let mut from = 0;
        for (i, &byte) in buffer.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' if depth > 0 => in_string = !in_string,
                b'{' if !in_string => {
                    if depth == 0 {
                        from = i;
                    }
                    depth += 1;
                }
                b'}' if !in_string && depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        text.extend(&buffer[from..=i]);
                        each(&text);
                        text.clear();
                    }
                }
                _ => {}
            }
        }
        if depth > 0 {
            let part = &buffer[from..];
            if text.len() + part.len() > LARGEST {
                return Ok(false);
            }
            text.extend(part);
        }
        let n = buffer.len();
        reader.consume(n);
    }
}

/// Takes a line that is a JSON object; answers whether it was one with something that is known.
pub(super) fn line(line: &[u8], sheet: &mut Sheet<'_>) -> bool {
    match json::parse(line) {
        Some(value @ Value::Object(_)) => object(&value, sheet),
        _ => false,
    }
}

/// Takes an object: one row, or the rows or columns that it is made of.
fn object(value: &Value, sheet: &mut Sheet<'_>) -> bool {
    let Value::Object(fields) = value else { return false };
    let rows = fields.iter().filter_map(|(_, value)| match value {
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Object(_))) => Some(items),
        _ => None,
    });
    let mut found = false;
    for item in rows.flatten() {
        found |= row(item, sheet);
    }
    found || columns(fields, sheet) || row(value, sheet)
}

/// Lists of numbers, side by side: an item of each is a row.
fn columns(fields: &[(Vec<u8>, Value)], sheet: &mut Sheet<'_>) -> bool {
    let lists: Vec<(&[u8], &Vec<Value>)> = fields
        .iter()
        .filter_map(|(name, value)| match value {
            Value::List(items)
                if items.len() > 1
                    && items.iter().all(|item| item.number().is_some() || *item == Value::Nothing) =>
            {
                Some((name.as_slice(), items))
            }
            _ => None,
        })
        .collect();
    let longest = lists.iter().map(|list| list.1.len()).max().unwrap_or(0);
    let mut found = false;
    for i in 0..longest {
        sheet.begin(Clock::default());
        for (name, items) in &lists {
            sheet.named(name, 1, items.get(i).and_then(Value::number), false);
        }
        found |= sheet.end();
    }
    found
}

fn row(value: &Value, sheet: &mut Sheet<'_>) -> bool {
    let mut clock = Clock::default();
    if let Some(Value::Text(snapshot)) = value.field("snapshot_pkl") {
        clock.step = stylegan::kimg(snapshot);
        sheet.counters.kimg |= clock.step.is_some();
    }
    sheet.begin(clock);
    flatten(value, &mut Vec::new(), sheet);
    sheet.end()
}

/// Names of nested objects are joined: `results/fid50k_full`. Of `{"num", "mean", "std"}` the mean counts.
fn flatten(value: &Value, path: &mut Vec<u8>, sheet: &mut Sheet<'_>) {
    match value {
        Value::Object(fields) => {
            let is_statistic = value.field("mean").is_some()
                && (value.field("num").is_some() || value.field("std").is_some());
            let before = path.len();
            for (name, value) in fields {
                if is_statistic {
                    if name == b"mean" {
                        flatten(value, path, sheet);
                    }
                    continue;
                }
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend(name);
                flatten(value, path, sheet);
                path.truncate(before);
            }
        }
        Value::List(_) => {}
        other => {
            if let Some(number) = other.number() {
                sheet.named(path, 1, Some(number), false);
            }
        }
    }
}
