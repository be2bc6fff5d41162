//! `cargo xtask check`: everything a change must pass, cheapest first.

use std::path::Path;
use std::process::Command;

use crate::Trouble;

/// A step that runs cargo: its arguments, and the environment variable it needs, if any.
struct Step {
    arguments: &'static str,
    variable: Option<(&'static str, &'static str)>,
}

const FORMAT: Step = Step { arguments: "fmt --all --check", variable: None };

/// Networks in ONNX files (`ganatomy-score`'s feature `onnx`) bring 80 crates and a minute of building: where they change, clippy and their tests
/// are run by hand.
const BUILDS: [Step; 4] = [
    Step { arguments: "clippy --workspace --all-targets -- --deny warnings", variable: None },
    // The trainer alone, as a program that depends on it may want it.
    Step { arguments: "clippy --package ganatomy --no-default-features -- --deny warnings", variable: None },
    Step { arguments: "doc --workspace --no-deps", variable: Some(("RUSTDOCFLAGS", "--deny warnings")) },
    Step { arguments: "test --workspace", variable: None },
];

/// The quick course, whose claims must all hold. It needs no data, so anyone can run it.
const COURSE: &str = "lesson all --quick --out target/course";

/// Runs the steps until one fails.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    if let Some(unknown) = arguments.first() {
        return Err(Trouble::Request(format!("takes no arguments, found {unknown:?}")));
    }
    cargo(root, &FORMAT)?;
    eprintln!("== cargo xtask tidy");
    crate::tidy::run(root, &[])?;
    BUILDS.iter().try_for_each(|step| cargo(root, step))?;
    lower_levels().iter().try_for_each(|level| cargo(root, &at_level(level)))?;
    // Pages of lessons that no longer exist would be checked too.
    let _nothing_there = std::fs::remove_dir_all(root.join("target/course"));
    course(root)?;
    light(&root.join("target/course"))?;
    looked_at(root)?;
    eprintln!("== all checks passed");
    Ok(())
}

/// Looks at the pages and tries the engines, side by side: a browser works on one processor, and engines mostly wait.
fn looked_at(root: &Path) -> Result<(), Trouble> {
    eprintln!("== cargo xtask pages target/course, and cargo xtask engines");
    std::thread::scope(|scope| {
        let engines = scope.spawn(|| crate::engines::run(root, &[]));
        let pages = crate::pages::run(root, &["target/course".to_owned()]);
        let panicked = |_| Err(Trouble::Failed("cargo xtask engines panicked".to_owned()));
        pages.and(engines.join().unwrap_or_else(panicked))
    })
}

/// The most that the whole quick course may take, in bytes.
const MOST_COURSE_BYTES: u64 = 12_000_000;

/// Refuses a course that is too large to be handed on.
fn light(course: &Path) -> Result<(), String> {
    let bytes = size(course).map_err(|error| format!("{}: {error}", course.display()))?;
    eprintln!("== the course takes {:.1} MB", bytes as f64 / 1e6);
    match bytes {
        0..=MOST_COURSE_BYTES => Ok(()),
        _ => Err(format!("the course takes {bytes} bytes, and at most {MOST_COURSE_BYTES} are allowed")),
    }
}

/// The bytes of all files below a folder.
fn size(folder: &Path) -> std::io::Result<u64> {
    let entries = std::fs::read_dir(folder)?;
    entries
        .map(|entry| {
            entry.and_then(|entry| {
                if entry.path().is_dir() { size(&entry.path()) } else { Ok(entry.metadata()?.len()) }
            })
        })
        .sum()
}

/// The vector instructions below the usual ones, where this processor has them.
fn lower_levels() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
        return vec!["avx2", "portable"];
    }
    vec!["portable"]
}

/// The exam of tensors and of training at a level, and the kernels' own tests, without those that run at every level anyway or
/// at none, and without the scores' and populations', which are many kernels of one kind and minutes where there are no vectors. All packages are named, so that nothing is built anew with other features.
fn at_level(level: &'static str) -> Step {
    let arguments = "test --workspace --lib -- exam:: cpu:: \
                     --skip every_level --skip finite_differences --skip every_loss_trains --skip every_mode_of \
                     --skip cpu::gemm --skip cpu::conv --skip exam::random --skip exam::scores \
                     --skip exam::together";
    Step { arguments, variable: Some(("GANATOMY_SIMD", level)) }
}

/// Gives the quick course by the program that the tests have built, which lies beside this one.
fn course(root: &Path) -> Result<(), String> {
    eprintln!("== GANATOMY_DATA=\"\" ganatomy {COURSE}");
    let here = std::env::current_exe().map_err(|error| format!("this program is not found: {error}"))?;
    let mut command = Command::new(here.with_file_name("ganatomy"));
    match command.current_dir(root).args(COURSE.split(' ')).env("GANATOMY_DATA", "").status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("stopped at the first failure ({status}): ganatomy {COURSE}")),
        Err(error) => Err(format!("ganatomy could not be started: {error}")),
    }
}

fn cargo(root: &Path, step: &Step) -> Result<(), String> {
    let shown = step.shown();
    eprintln!("== {shown}");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root).args(step.arguments.split(' '));
    if let Some((name, value)) = step.variable {
        command.env(name, value);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("stopped at the first failure ({status}): {shown}")),
        Err(error) => Err(format!("cargo could not be started: {error}")),
    }
}

impl Step {
    /// The step as a command line.
    fn shown(&self) -> String {
        let variable = self.variable.map(|(name, value)| format!("{name}=\"{value}\" "));
        format!("{}cargo {}", variable.unwrap_or_default(), self.arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variable: Option<(&'static str, &'static str)>, expected: &str) {
        let step = Step { arguments: "doc --workspace", variable };
        let error = cargo(Path::new("no/such/folder"), &step).unwrap_err();
        assert!(error.starts_with("cargo could not be started: "), "{error}");
        assert_eq!(step.shown(), expected);
    }

    #[test]
    fn steps_are_shown_as_command_lines() {
        check(None, "cargo doc --workspace");
        let flagged = "RUSTDOCFLAGS=\"--deny warnings\" cargo doc --workspace";
        check(Some(("RUSTDOCFLAGS", "--deny warnings")), flagged);
    }

    #[test]
    fn the_portable_level_is_always_tried() {
        assert_eq!(lower_levels().last(), Some(&"portable"));
        assert!(at_level("portable").shown().starts_with("GANATOMY_SIMD=\"portable\" cargo test "));
    }

    #[test]
    fn arguments_are_refused() {
        assert!(run(Path::new("."), &["--fast".to_owned()]).is_err());
    }
}
