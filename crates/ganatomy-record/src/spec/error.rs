//! What is wrong with a spec, and where.

use std::fmt;
use std::path::PathBuf;

/// Where in a spec: the file or `--set` assignment, and the line with the part that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A path, `recipe ring`, or `--set lr=fast`.
    pub origin: String,
    /// The line, if one is meant.
    pub line: Option<Line>,
}

/// A line of a spec with a marked part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// The text without its end of line.
    pub text: String,
    /// Characters before the marked part.
    pub column: usize,
    /// Characters of the marked part.
    pub width: usize,
}

/// A spec that cannot be used. The first line of the message is one sentence; the offending line follows it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The file could not be read.
    #[error("cannot read the spec {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The text is too large to be a spec.
    #[error("{origin}: {why}")]
    Bounds {
        /// The file or recipe.
        origin: String,
        /// Which bound, and what was found.
        why: String,
    },
    /// The text is not TOML.
    #[error("{place}: this is not valid TOML: {message}{}", place.excerpt())]
    Syntax {
        /// Where.
        place: Box<Place>,
        /// What the parser says.
        message: String,
    },
    /// A field's value is not allowed.
    #[error("{place}: {field} {why}{}", place.excerpt())]
    Field {
        /// Where.
        place: Box<Place>,
        /// Dotted name.
        field: String,
        /// The rest of the sentence.
        why: String,
    },
    /// A key that nothing reads.
    #[error("{place}: unknown key \"{key}\" {}{}{}", inside(table), advice(nearest, allowed), place.excerpt())]
    UnknownKey {
        /// Where.
        place: Box<Place>,
        /// The key as written.
        key: String,
        /// Dotted name of its table; empty for the root.
        table: String,
        /// The name that was probably meant.
        nearest: Option<String>,
        /// Every name allowed there, sorted.
        allowed: Vec<String>,
    },
    /// An assignment that is not `key=value`.
    #[error("{origin}: {why}")]
    Assignment {
        /// As given: `--set seed`.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)?;
        match &self.line {
            Some(line) => write!(f, ":{}", line.number),
            None => Ok(()),
        }
    }
}

impl Place {
    /// The span of `source`, as a line of `origin`.
    pub(crate) fn of(origin: &str, source: &str, span: std::ops::Range<usize>) -> Place {
        let start = floor_boundary(source, span.start);
        let end = floor_boundary(source, span.end).max(start);
        let line_start = source[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |i| start + i);
        let line = Line {
            number: source[..start].matches('\n').count() + 1,
            text: source[line_start..line_end].trim_end().to_owned(),
            column: source[line_start..start].chars().count(),
            width: source[start..end.min(line_end)].chars().count().max(1),
        };
        Place { origin: origin.to_owned(), line: Some(line) }
    }

    /// The line and a marker under its offending part, on lines of their own.
    fn excerpt(&self) -> String {
        let Some(Line { number, text, column, width }) = &self.line else {
            return String::new();
        };
        // Tabs are kept, so that the marker stays under its part however wide they are shown.
        let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
        let before: String = text.chars().chain(std::iter::repeat(' ')).take(*column).map(blank).collect();
        let number = number.to_string();
        let margin = " ".repeat(number.len());
        format!("\n  {number} | {text}\n  {margin} | {before}{}", "^".repeat(*width))
    }
}

/// The largest character boundary at or before `index`.
fn floor_boundary(source: &str, index: usize) -> usize {
    let mut index = index.min(source.len());
    while !source.is_char_boundary(index) {
        index -= 1;
    }
    index
}

fn inside(table: &str) -> String {
    if table.is_empty() { "at the top level".to_owned() } else { format!("in [{table}]") }
}

fn advice(nearest: &Option<String>, allowed: &[String]) -> String {
    let meant = nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    match allowed {
        [] => format!("{meant} (no key is allowed here)"),
        _ => format!("{meant} (allowed: {})", allowed.join(", ")),
    }
}
