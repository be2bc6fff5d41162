//! `cargo xtask results`: the studies of `studies/results/`, as tables with standard errors.

mod scores;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Trouble;

/// What the command line asks for.
struct Request {
    /// Only the study of this name.
    group: Option<String>,
    /// A size of the studies.
    size: Option<String>,
    /// Runs at a time, each on one thread.
    jobs: u32,
}

/// Carries the studies out, or goes on with them, and prints their tables.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let request = parse(arguments).map_err(Trouble::Request)?;
    let files = studies(root, request.group.as_deref())?;
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "-p", "ganatomy"])
        .current_dir(root)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(Trouble::Failed("the release build failed".to_owned()));
    }
    for file in files {
        let out = study(root, &file, &request)?;
        println!("{}", scores::table(&file, &out.join("runs.csv"))?);
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut request = Request { group: None, size: None, jobs: 2 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} wants a value"))?;
        match word.as_str() {
            "--group" => request.group = Some(value.clone()),
            "--size" => request.size = Some(value.clone()),
            "--jobs" => {
                let jobs = value.parse().ok().filter(|n| *n > 0);
                request.jobs = jobs.ok_or(format!("--jobs wants 1 or more, found {value}"))?;
            }
            other => {
                return Err(format!(
                    "unknown argument {other}; it takes --group NAME, --size NAME and --jobs N"
                ));
            }
        }
    }
    Ok(request)
}

/// The studies' files, by name.
fn studies(root: &Path, group: Option<&str>) -> Result<Vec<PathBuf>, Trouble> {
    let folder = root.join("studies/results");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let name = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let names: Vec<String> = files.iter().filter_map(name).collect();
    if let Some(group) = group {
        files.retain(|path| name(path).as_deref() == Some(group));
    }
    match files.is_empty() {
        true => Err(Trouble::Request(format!("--group must be one of {}", names.join(", ")))),
        false => Ok(files),
    }
}

/// Carries a study out and writes its report; the folder that it lies in, which is kept, so that the same call goes on.
fn study(root: &Path, file: &Path, request: &Request) -> Result<PathBuf, Trouble> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let size = request.size.as_deref().unwrap_or("whole");
    let out = root.join("target/results").join(format!("{stem}-{size}"));
    let mut run = ganatomy(root, &["study", "run"]);
    run.arg(file).arg("--out").arg(&out).arg(format!("--launch=local:{}", request.jobs));
    if let Some(size) = &request.size {
        run.args(["--size", size]);
    }
    call(run)?;
    let mut report = ganatomy(root, &["study", "report"]);
    report.arg(&out);
    call(report)?;
    Ok(out)
}

fn ganatomy(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(root.join("target/release/ganatomy"));
    command.current_dir(root).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn call(mut command: Command) -> Result<(), Trouble> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Trouble::Failed(format!("{command:?}: {status}"))),
        Err(error) => Err(Trouble::Failed(format!("{command:?}: {error}"))),
    }
}
