//! The formats of logs, one a file. What a file is, its first bytes tell, never its name alone.

mod binary;
mod cyclegan;
mod dcgan;
mod epochs;
mod json_rows;
mod keras;
mod lines;
mod notebook;
mod pairs;
mod pattern;
mod progress;
mod pytorch_gan;
mod studiogan;
mod stylegan;
mod table;
mod tensorboard;
mod wandb;

use regex::bytes::Regex;

use crate::error::ImportError;
use crate::sheet::Sheet;
use crate::source::Source;

pub(crate) use pattern::compile;

/// How a loss over a batch, or of two halves, is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// D's loss is the mean of its halves.
    Mean,
    /// D's loss is their sum.
    Sum,
    /// The format does not tell.
    Unknown,
}

impl Values {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Values::Mean => "mean",
            Values::Sum => "sum",
            Values::Unknown => "unknown",
        }
    }
}

/// A format that is known.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// What writes it.
    pub about: &'static str,
    /// How its D's loss is put together.
    pub values: Values,
    /// Is this line of it? Of formats in lines only.
    is: Option<fn(&[u8]) -> bool>,
}

/// All formats, the more certain ones first.
pub const FORMATS: [Format; 17] = [
    tensorboard::FORMAT,
    notebook::FORMAT,
    json_rows::CHAINER,
    stylegan::STATS,
    stylegan::METRIC,
    json_rows::LINES,
    wandb::FORMAT,
    table::FORMAT,
    studiogan::FORMAT,
    cyclegan::FORMAT,
    dcgan::FORMAT,
    pytorch_gan::FORMAT,
    keras::FORMAT,
    stylegan::CONSOLE,
    progress::FORMAT,
    epochs::FORMAT,
    pairs::FORMAT,
];

/// Reads a log into a sheet, and answers which format it has.
pub(crate) fn read(
    source: Source,
    pattern: Option<&Regex>,
    sheet: &mut Sheet<'_>,
) -> Result<Format, ImportError> {
    if tensorboard::is(&source.head) {
        return tensorboard::read(source, sheet);
    }
    if let Some(what) = binary::what(&source.head) {
        return Err(ImportError::NotALog { path: source.path, what });
    }
    if let Some(pattern) = pattern {
        return pattern::read(source, pattern, sheet);
    }
    if json_rows::is(&source.head) {
        return json_rows::read(source, sheet);
    }
    if let Some(shape) = table::shape(&source.head) {
        return table::read(source, &shape, sheet);
    }
    lines::read(source, sheet)
}
