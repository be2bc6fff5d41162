//! A copy of the repository in which mistakes are made, with a build folder of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// After this time the tests of a mistake hang, which is as good as a failure.
const PATIENCE: Duration = Duration::from_secs(1200);

/// Crates that are built once a mistake, and whose own speed hardly counts in the tests: tensors compute.
const UNOPTIMISED: [&str; 4] = ["game", "train", "score", "lesson"];

fn unoptimised(krate: &str) -> String {
    format!("profile.dev.package.ganatomy-{krate}.opt-level=0")
}

/// The copy and what is built of it: `tree` and `build` in one folder.
#[derive(Debug)]
pub(super) struct Scratch {
    root: PathBuf,
    folder: PathBuf,
}

impl Scratch {
    /// Copies what git tracks, as it stands. What an earlier copy built is kept, so that only changed crates are built.
    pub(super) fn make(root: &Path, folder: &Path) -> Result<Scratch, String> {
        let scratch = Scratch { root: root.to_path_buf(), folder: folder.to_path_buf() };
        let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
        let listed = listed.map_err(|error| format!("git: {error}"))?;
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        for name in names.split('\0').filter(|name| !name.is_empty() && root.join(name).is_file()) {
            scratch.restore(name)?;
        }
        Ok(scratch)
    }

    /// Writes a file of the copy, if it differs.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), String> {
        self.put(name, text.as_bytes())
    }

    /// Gives a file of the copy the original's text.
    pub(super) fn restore(&self, name: &str) -> Result<(), String> {
        let from = self.root.join(name);
        let bytes = std::fs::read(&from).map_err(|error| format!("{}: {error}", from.display()))?;
        self.put(name, &bytes)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.folder.join("tree").join(name);
        if std::fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let parent = path.parent().unwrap_or(&self.folder);
        let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, bytes));
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What came of a command of cargo in the copy.
    pub(super) fn run(&self, arguments: &str) -> Result<Ran, String> {
        let said = self.folder.join("said");
        let errors = File::create(&said).map_err(|error| format!("{}: {error}", said.display()))?;
        let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments.split(' '))
            .args(UNOPTIMISED.iter().flat_map(|krate| ["--config".to_owned(), unoptimised(krate)]))
            .current_dir(self.folder.join("tree"))
            .env("CARGO_TARGET_DIR", self.folder.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("cargo: {error}"))?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match child.try_wait().map_err(|error| format!("cargo: {error}"))? {
                Some(status) if status.success() => return Ok(Ran::Passed),
                Some(_) => {
                    let said = std::fs::read_to_string(&said).unwrap_or_default();
                    let built = !said.contains("error: could not compile");
                    return Ok(if built { Ran::Failed } else { Ran::NotBuilt });
                }
                None => std::thread::sleep(Duration::from_millis(200)),
            }
        }
        child.kill().and_then(|()| child.wait()).map_err(|error| format!("cargo: {error}"))?;
        Ok(Ran::Failed)
    }
}

/// What came of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    Passed,
    /// A test failed, or did not end.
    Failed,
    NotBuilt,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_gets_its_text_back() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a.rs"), "right").unwrap();
        let scratch = Scratch { root: root.path().into(), folder: root.path().join("copy") };
        let there = || std::fs::read_to_string(root.path().join("copy/tree/a.rs")).unwrap();
        scratch.write("a.rs", "wrong").unwrap();
        assert_eq!(there(), "wrong");
        scratch.restore("a.rs").unwrap();
        assert_eq!(there(), "right");
    }
}
