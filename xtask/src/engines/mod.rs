//! `cargo xtask engines`: a small study on a real server and under real engines, with workers killed at random.

mod hyperqueue;
mod postgres;
mod server;
mod slurm;
mod smoke;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Trouble;

/// What a study is tried on.
struct Engine {
    /// What `--launch` is given.
    launch: &'static str,
    /// What `--store` is given.
    store: Option<String>,
    /// What the program's environment gets.
    variables: Vec<(&'static str, String)>,
    /// Does harm to the server on the way.
    harm: Option<Box<dyn Fn() -> Result<(), String>>>,
    /// Ended when they are dropped.
    _servers: Vec<server::Server>,
}

/// An engine, or why there is none here.
type Found = Result<Engine, Missing>;

/// Why an engine is left out, or why it fails.
enum Missing {
    /// It is not installed here.
    Absent(String),
    /// It is, and does not work.
    Broken(String),
}

impl From<String> for Missing {
    fn from(why: String) -> Missing {
        Missing::Broken(why)
    }
}

/// Where an engine keeps its files, and the repository's root.
struct Ground<'a> {
    root: &'a Path,
    folder: PathBuf,
}

/// Name, and what starts it.
type Start = (&'static str, fn(&Ground<'_>) -> Found);

const ENGINES: [Start; 4] = [
    ("sqlite", |_| Ok(Engine::local(None))),
    ("postgres", postgres::start),
    ("slurm", slurm::start),
    ("hyperqueue", hyperqueue::start),
];

impl Engine {
    fn local(store: Option<String>) -> Engine {
        Engine { launch: "local:3", store, variables: Vec::new(), harm: None, _servers: Vec::new() }
    }
}

/// Tries each engine that can be had, or those that are named.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let names: Vec<&str> = ENGINES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = arguments.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(Trouble::Request(format!(
            "there is no engine {unknown:?}; it takes {}",
            names.join(", ")
        )));
    }
    let program = build(root)?;
    let place = tempfile::Builder::new().prefix("ganatomy-engines-").tempdir();
    let place = place.map_err(|error| format!("no temporary folder: {error}"))?;
    for (name, start) in ENGINES {
        if !arguments.is_empty() && !arguments.iter().any(|asked| asked == name) {
            continue;
        }
        let folder = place.path().join(name);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        match start(&Ground { root, folder: folder.clone() }) {
            Ok(engine) => {
                let said =
                    smoke::try_out(&program, &folder, &engine).map_err(|why| format!("{name}: {why}"))?;
                eprintln!("== engines: {name}: {said}");
            }
            Err(Missing::Absent(why)) => eprintln!("== engines: {name} is left out: {why}"),
            Err(Missing::Broken(why)) => return Err(Trouble::Failed(format!("{name}: {why}"))),
        }
    }
    Ok(())
}

/// Builds the program with every store, and returns its path. All packages are named, so that nothing else is built anew.
fn build(root: &Path) -> Result<PathBuf, String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program)
        .args(["build", "--quiet", "--workspace", "--features", "ganatomy/postgres", "--bin", "ganatomy"])
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("the build failed ({status})")),
        Err(error) => return Err(format!("cargo could not be started: {error}")),
    }
    // This program lies beside it.
    let here = std::env::current_exe().map_err(|error| format!("this program is not found: {error}"))?;
    Ok(here.with_file_name("ganatomy"))
}
