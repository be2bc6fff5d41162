//! Notebooks: the saved outputs of their cells, read as lines.

use crate::json::Value;
use crate::sheet::Sheet;
use crate::source;

use super::lines::Lines;
use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "notebook",
    about: "a notebook of Jupyter or Colab: the saved outputs of its cells",
    values: Values::Unknown,
    is: None,
};

/// Is it a notebook?
pub(super) fn is(value: &Value) -> bool {
    value.field("cells").is_some() && value.field("nbformat").is_some()
}

/// Takes the lines of all outputs, cell by cell.
pub(super) fn read(value: &Value, stem: &str, sheet: &mut Sheet<'_>) {
    let mut lines = Lines { stem: stem.to_owned(), found: Vec::new(), n_rows: 0 };
    let items = |value: Option<&Value>| match value {
        Some(Value::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    for cell in items(value.field("cells")) {
        for output in items(cell.field("outputs")) {
            let text = output.field("text").or_else(|| output.field("data")?.field("text/plain"));
            let joined = match text {
                Some(Value::Text(text)) => text.clone(),
                Some(Value::List(parts)) => parts.iter().flat_map(text_of).copied().collect(),
                _ => continue,
            };
            let taken = source::lines(joined.as_slice(), |line| {
                lines.take(line, sheet);
                Ok(())
            });
            // Reading memory does not fail.
            drop(taken);
        }
    }
}

fn text_of(value: &Value) -> &[u8] {
    match value {
        Value::Text(text) => text,
        _ => &[],
    }
}
