//! A copy of the repository in which mistakes are made, with a build folder of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// After this time the tests of a mistake, without their build, hang, which is as good as a failure.
const PATIENCE: Duration = Duration::from_secs(1200);

/// Crates that are built once a mistake, and whose own speed hardly counts in the tests: tensors compute.
const UNOPTIMISED: [&str; 4] = ["game", "train", "score", "lesson"];

fn unoptimised(krate: &str) -> String {
    format!("profile.dev.package.ganatomy-{krate}.opt-level=0")
}

/// The copy and what is built of it: `tree` and `build` in one folder, which one process has at a time.
#[derive(Debug)]
pub(super) struct Scratch {
    root: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Copies what git does not ignore, as it stands. What an earlier copy built is kept, so that only changed crates are built.
    pub(super) fn make(root: &Path, folder: &Path) -> Result<Scratch, String> {
        let at = |path: &Path| format!("{}: ", path.display());
        std::fs::create_dir_all(folder).map_err(|error| at(folder) + &error.to_string())?;
        let (lock, names) = (folder.join("lock"), folder.join("names"));
        let file = File::create(&lock).map_err(|error| at(&lock) + &error.to_string())?;
        file.try_lock().map_err(|_| at(folder) + "another process tries mistakes there")?;
        let scratch = Scratch { root: root.to_path_buf(), folder: folder.to_path_buf(), _lock: file };
        let listed = listed(root)?;
        // What an earlier copy had and the repository has no longer.
        let before = std::fs::read_to_string(&names).unwrap_or_default();
        for gone in before.split('\0').filter(|name| !name.is_empty() && !root.join(name).is_file()) {
            let _was_there = std::fs::remove_file(folder.join("tree").join(gone));
        }
        std::fs::write(&names, &listed).map_err(|error| at(&names) + &error.to_string())?;
        for name in listed.split('\0').filter(|name| !name.is_empty() && root.join(name).is_file()) {
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

    /// What came of a command of cargo that tests, in the copy.
    pub(super) fn run(&self, arguments: &str) -> Result<Ran, String> {
        let built = self.command(&format!("{arguments} --no-run"), &self.folder.join("built"))?.wait();
        if !built.map_err(|error| format!("cargo: {error}"))?.success() {
            return Ok(Ran::NotBuilt);
        }
        let mut child = self.command(arguments, &self.folder.join("said"))?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match child.try_wait().map_err(|error| format!("cargo: {error}"))? {
                Some(status) => return Ok(if status.success() { Ran::Passed } else { Ran::Failed }),
                None => std::thread::sleep(Duration::from_millis(100)),
            }
        }
        // The tests that hang are the child's own children.
        let group = format!("-{}", child.id());
        let _ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        child.kill().and_then(|()| child.wait()).map_err(|error| format!("cargo: {error}"))?;
        Ok(Ran::Failed)
    }

    /// Starts cargo in the copy; what it says of errors goes into a file.
    fn command(&self, arguments: &str, said: &Path) -> Result<Child, String> {
        let errors = File::create(said).map_err(|error| format!("{}: {error}", said.display()))?;
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments.split(' '))
            .args(UNOPTIMISED.iter().flat_map(|krate| ["--config".to_owned(), unoptimised(krate)]))
            .current_dir(self.folder.join("tree"))
            .env("CARGO_TARGET_DIR", self.folder.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().map_err(|error| format!("cargo: {error}"))
    }
}

/// The files that git does not ignore, each followed by a zero.
fn listed(root: &Path) -> Result<String, String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(arguments).current_dir(root).output();
    let listed = listed.map_err(|error| format!("git: {error}"))?;
    match listed.status.success() {
        true => Ok(String::from_utf8_lossy(&listed.stdout).into_owned()),
        false => Err(format!("git: {}", String::from_utf8_lossy(&listed.stderr).trim())),
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

    /// A repository of these files.
    fn repository(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        files.iter().for_each(|name| std::fs::write(root.path().join(name), "right").unwrap());
        assert!(
            Command::new("git").args(["init", "-q"]).current_dir(root.path()).status().unwrap().success()
        );
        root
    }

    #[test]
    fn a_copy_has_the_files_of_today_and_a_changed_one_gets_its_text_back() {
        let root = repository(&["a.rs", "b.rs"]);
        let folder = tempfile::tempdir().unwrap();
        let make = || Scratch::make(root.path(), folder.path());
        let there = |name: &str| std::fs::read_to_string(folder.path().join("tree").join(name)).ok();
        let scratch = make().unwrap();
        scratch.write("a.rs", "wrong").unwrap();
        assert_eq!(there("a.rs").as_deref(), Some("wrong"));
        scratch.restore("a.rs").unwrap();
        assert_eq!(there("a.rs").as_deref(), Some("right"));
        assert!(make().unwrap_err().ends_with("another process tries mistakes there"));
        drop(scratch);
        std::fs::remove_file(root.path().join("b.rs")).unwrap();
        make().unwrap();
        assert_eq!((there("a.rs").as_deref(), there("b.rs")), (Some("right"), None));
    }

    #[test]
    fn what_is_no_repository_is_refused() {
        let (root, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert!(Scratch::make(root.path(), folder.path()).unwrap_err().starts_with("git: "));
    }
}
