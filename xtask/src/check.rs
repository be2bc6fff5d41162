//! `cargo xtask check`: everything a change must pass, cheapest first.

use std::path::Path;
use std::process::Command;

/// A step that runs cargo: its arguments, and RUSTDOCFLAGS if it needs them.
struct Step {
    arguments: &'static str,
    rustdoc_flags: Option<&'static str>,
}

const FORMAT: Step = Step { arguments: "fmt --all --check", rustdoc_flags: None };

const BUILDS: [Step; 3] = [
    Step { arguments: "clippy --workspace --all-targets -- --deny warnings", rustdoc_flags: None },
    Step { arguments: "doc --workspace --no-deps", rustdoc_flags: Some("--deny warnings") },
    Step { arguments: "test --workspace", rustdoc_flags: None },
];

/// Runs the steps until one fails.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("takes no arguments, found {unknown:?}"));
    }
    cargo(root, &FORMAT)?;
    eprintln!("== cargo xtask tidy");
    crate::tidy::run(root, &[])?;
    BUILDS.iter().try_for_each(|step| cargo(root, step))?;
    eprintln!("== all checks passed");
    Ok(())
}

fn cargo(root: &Path, step: &Step) -> Result<(), String> {
    let shown = step.shown();
    eprintln!("== {shown}");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root).args(step.arguments.split(' '));
    if let Some(flags) = step.rustdoc_flags {
        command.env("RUSTDOCFLAGS", flags);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("stopped at the first failure ({status}): {shown}")),
        Err(error) => Err(format!("cargo could not be started: {error}")),
    }
}

impl Step {
    /// The step as one would type it.
    fn shown(&self) -> String {
        let flags = self.rustdoc_flags.map(|flags| format!("RUSTDOCFLAGS=\"{flags}\" "));
        format!("{}cargo {}", flags.unwrap_or_default(), self.arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rustdoc_flags: Option<&'static str>, expected: &str) {
        let step = Step { arguments: "doc --workspace", rustdoc_flags };
        let error = cargo(Path::new("no/such/folder"), &step).unwrap_err();
        assert!(error.starts_with("cargo could not be started: "), "{error}");
        assert_eq!(step.shown(), expected);
    }

    #[test]
    fn steps_are_shown_as_one_would_type_them() {
        check(None, "cargo doc --workspace");
        let flagged = "RUSTDOCFLAGS=\"--deny warnings\" cargo doc --workspace";
        check(Some("--deny warnings"), flagged);
    }

    #[test]
    fn arguments_are_refused() {
        assert!(run(Path::new("."), &["--fast".to_owned()]).is_err());
    }
}
