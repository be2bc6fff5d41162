//! Development tasks: `cargo xtask check`, `pages`, `engines`, `device`, `fuzz`, `mutants`, `tidy`, `bench` and `results`.

mod bench;
mod check;
mod device;
mod engines;
mod fuzz;
mod mutants;
mod pages;
mod results;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// One task: its name, one line about it, and what it does in the repository's root with the
/// arguments that follow the name.
type Task = (&'static str, &'static str, fn(&Path, &[String]) -> Result<(), Trouble>);

/// Why a task was not done.
#[derive(Debug)]
enum Trouble {
    /// The request was wrong, and nothing was done: exit code 2.
    Request(String),
    /// The task failed: exit code 1.
    Failed(String),
}

impl From<String> for Trouble {
    fn from(message: String) -> Trouble {
        Trouble::Failed(message)
    }
}

const TASKS: &[Task] = &[
    ("check", "everything a change must pass, cheapest first", check::run),
    ("pages", "the pages of a folder in a real browser", pages::run),
    ("engines", "a small study on a real Postgres and under real engines, its workers killed", engines::run),
    ("device", "the exam and four workloads on a PJRT plugin's device, beside PyTorch", device::run),
    ("fuzz", "random tensor programs, and damaged files into the readers", fuzz::run),
    ("mutants", "mistakes put into the code, and which of them no test notices", mutants::run),
    ("bench", "a training step beside PyTorch's and JAX's", bench::run),
    ("results", "the studies behind docs/results.md", results::run),
    ("tidy", "the invariants that a machine can check", tidy::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = arguments.first().map_or("", String::as_str);
    let Some((_, _, run)) = TASKS.iter().find(|(name, _, _)| *name == asked) else {
        eprintln!("{}", usage(asked));
        return ExitCode::from(2);
    };
    let (message, code) = match run(&root(), &arguments[1..]) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Trouble::Request(message)) => (message, 2),
        Err(Trouble::Failed(message)) => (message, 1),
    };
    eprintln!("xtask {asked}: {message}");
    ExitCode::from(code)
}

/// The repository's root: the folder above this crate's, as cargo names it when it runs the task.
fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let above = here.as_deref().and_then(Path::parent);
    above.unwrap_or(Path::new(".")).to_path_buf()
}

fn usage(asked: &str) -> String {
    let found = if asked.is_empty() { "no task".to_owned() } else { format!("{asked:?}") };
    let lines = TASKS.iter().map(|(name, what, _)| format!("\n  {name:<7} {what}"));
    format!("cargo xtask: expected a task, found {found}; the tasks are:{}", lines.collect::<String>())
}
