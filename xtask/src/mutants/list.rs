//! A list of mistakes: a file, the text in it that is right, and what is wrong in its place.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Trouble;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The file, from the repository's root.
    pub file: String,
    /// The right text, which the file holds once.
    from: String,
    /// The wrong one.
    to: String,
    /// What is wrong, in a few words.
    what: String,
}

/// Reads the named lists of a folder, or all of them.
pub(super) fn read(folder: &Path, names: &[PathBuf]) -> Result<Vec<Mistake>, Trouble> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.file_name().into()).collect();
    files.sort();
    if let Some(unknown) = names.iter().find(|name| !files.contains(name)) {
        let known: Vec<_> = files.iter().map(|file| file.with_extension("").display().to_string()).collect();
        let asked = unknown.with_extension("");
        return Err(Trouble::Request(format!(
            "no list is named {}; there are {}",
            asked.display(),
            known.join(", ")
        )));
    }
    files.retain(|file| names.is_empty() || names.contains(file));
    let lists = files.iter().map(|file| {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        parsed(&text).map_err(|error| format!("{}: {error}", path.display()))
    });
    Ok(lists.collect::<Result<Vec<_>, String>>()?.concat())
}

fn parsed(text: &str) -> Result<Vec<Mistake>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let rows = table.get("mistake").and_then(toml::Value::as_array).ok_or("has no [[mistake]]")?;
    let mistake = |row: &toml::Value| {
        let field = |name: &str| {
            let text = row.get(name).and_then(toml::Value::as_str).map(str::to_owned);
            text.ok_or_else(|| format!("a mistake lacks {name}: {row}"))
        };
        Ok(Mistake { file: field("file")?, from: field("from")?, to: field("to")?, what: field("what")? })
    };
    rows.iter().map(mistake).collect()
}

impl Mistake {
    /// The file's text with the mistake in it.
    pub(super) fn applied(&self, root: &Path) -> Result<String, String> {
        let path = root.join(&self.file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        self.put_into(&text).map_err(|error| format!("{}: {error}", self.file))
    }

    fn put_into(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.from).count() {
            1 => Ok(text.replacen(&self.from, &self.to, 1)),
            n => Err(format!("holds {:?} {n} times, and a mistake needs it once", self.from)),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(from: &str) -> Mistake {
        let text = format!("[[mistake]]\nfile = 'a.rs'\nfrom = '{from}'\nto = 'a - b'\nwhat = 'sign'\n");
        parsed(&text).unwrap().remove(0)
    }

    #[test]
    fn a_mistake_stands_at_one_place() {
        assert_eq!(mistake("a + b").put_into("x = a + b;").unwrap(), "x = a - b;");
        assert!(mistake("a + b").put_into("a + b, a + b").unwrap_err().contains("2 times"));
        assert!(mistake("a + b").put_into("").unwrap_err().contains("0 times"));
    }

    #[test]
    fn what_a_list_lacks_is_named() {
        assert_eq!(parsed("").unwrap_err(), "has no [[mistake]]");
        assert!(parsed("[[mistake]]\nfile = 'a.rs'").unwrap_err().starts_with("a mistake lacks from"));
    }

    /// Lists go stale as the code changes: each mistake must still have its place.
    #[test]
    fn every_listed_mistake_can_be_put_in() {
        let root = crate::root();
        let mistakes = read(&root.join("xtask/mistakes"), &[]).unwrap();
        assert!(!mistakes.is_empty());
        let stale: Vec<String> = mistakes.iter().filter_map(|mistake| mistake.applied(&root).err()).collect();
        assert!(stale.is_empty(), "{}", stale.join("\n"));
    }
}
