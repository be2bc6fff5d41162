//! The files of the repository.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Files with these endings are read as text.
const TEXTS: [&str; 3] = ["rs", "toml", "md"];

/// One file.
pub(crate) struct File {
    pub(crate) size_bytes: u64,
    /// The text, for the endings that checks read.
    pub(crate) text: Option<String>,
}

/// Every file that is committed or not ignored, by its path from the root.
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
}

impl Tree {
    /// Asks git which files there are, and reads them.
    pub(crate) fn of_repository(root: &Path) -> Result<Tree, String> {
        let mut command = Command::new("git");
        command.current_dir(root);
        command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let output = command.output().map_err(|e| format!("git could not be started: {e}"))?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr);
            return Err(format!("git could not list the files: {}", reason.trim()));
        }
        let listing = String::from_utf8_lossy(&output.stdout);
        let mut files = BTreeMap::new();
        for path in listing.split('\0').filter(|path| !path.is_empty()) {
            // A file deleted since the last commit is still listed.
            if root.join(path).is_file() {
                files.insert(path.to_owned(), File::read(&root.join(path))?);
            }
        }
        Ok(Tree { files })
    }

    /// A tree made up for a test.
    #[cfg(test)]
    pub(crate) fn of_texts(files: &[(&str, &str)]) -> Tree {
        let file = |text: &str| File { size_bytes: text.len() as u64, text: Some(text.to_owned()) };
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), file(text)));
        Tree { files: files.collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text.as_deref()
    }

    /// All files, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// All texts whose path has this ending, by path.
    pub(crate) fn texts(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.files().filter_map(|(path, file)| Some((path, file.text.as_deref()?)));
        texts.filter(move |(path, _)| path.ends_with(ending))
    }
}

impl File {
    fn read(path: &Path) -> Result<File, String> {
        let unreadable = |e: std::io::Error| format!("{} could not be read: {e}", path.display());
        let size_bytes = path.metadata().map_err(unreadable)?.len();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        let text = if TEXTS.contains(&ending) {
            Some(std::fs::read_to_string(path).map_err(unreadable)?)
        } else {
            None
        };
        Ok(File { size_bytes, text })
    }
}
