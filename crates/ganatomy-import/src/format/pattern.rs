//! Any text, by a pattern of the user's with named groups.

use regex::bytes::{Regex, RegexBuilder};

use crate::clock::{self, Clock};
use crate::error::ImportError;
use crate::number;
use crate::sheet::Sheet;
use crate::source::{self, Source};

use super::{Format, Values};

const FORMAT: Format =
    Format { name: "pattern", about: "lines that --pattern reads", values: Values::Unknown, is: None };

/// A pattern takes at most so much memory.
const LARGEST: usize = 10 << 20;

/// Reads a pattern.
pub(crate) fn compile(pattern: &str) -> Result<Regex, ImportError> {
    let refused = |why: String| ImportError::Pattern { pattern: pattern.to_owned(), why };
    // Letters beyond ASCII are matched byte by byte.
    let regex = RegexBuilder::new(pattern).unicode(false).size_limit(LARGEST).build().map_err(|error| {
        let text = error.to_string();
        let why = text.lines().last().unwrap_or_default().trim_start_matches("error:").trim();
        refused(format!("is no regular expression: {why}"))
    })?;
    if regex.capture_names().flatten().all(|name| clock::place(name).is_some()) {
        return Err(refused("names no value; write groups such as (?P<d_loss>[-+.0-9e]+)".to_owned()));
    }
    Ok(regex)
}

/// Reads the lines that the pattern matches.
pub(super) fn read(source: Source, pattern: &Regex, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let path = source.path.clone();
    let names: Vec<(usize, &str)> =
        pattern.capture_names().enumerate().filter_map(|(i, name)| Some((i, name?))).collect();
    let mut n = 0u64;
    let ended = source::lines(source.reader(), |line| {
        let Some(groups) = pattern.captures(line) else { return Ok(()) };
        n += 1;
        sheet.begin(Clock::default());
        for &(i, name) in &names {
            let Some(group) = groups.get(i) else { continue };
            let Some(found) = number::cell(group.as_bytes()) else { continue };
            match (found.value, sheet.column(name.as_bytes(), 1)) {
                (Some(value), Some(column)) => sheet.put(column, value),
                _ => continue,
            }
        }
        sheet.end();
        Ok(())
    })?;
    match ended {
        Err(cause) => Err(ImportError::Read { path, cause }),
        Ok(()) if n == 0 => {
            let why = format!("matches no line of {}", path.display());
            Err(ImportError::Pattern { pattern: pattern.as_str().to_owned(), why })
        }
        Ok(()) => Ok(FORMAT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_values() {
        assert!(compile(r"(?P<step>\d+) (?P<d_loss>\S+)").is_ok());
        let why = |pattern: &str| compile(pattern).unwrap_err().to_string();
        assert!(why("(").starts_with("--pattern ( is no regular expression: unclosed group"), "{}", why("("));
        assert!(why(r"(?P<step>\d+)").contains("names no value"), "{}", why(r"(?P<step>\d+)"));
        assert!(why(r"\d+").contains("names no value"));
        assert!(why(r"(?P<a>(\d{1000}){1000}){1000}").contains("is no regular expression"));
    }
}
