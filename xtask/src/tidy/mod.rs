//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md that a machine can check.

mod circles;
mod files;
mod floors;
mod functions;
mod imports;
mod invariants;
mod modules;
mod opening;
mod panics;
mod peers;
mod source;
mod tree;

use std::path::Path;

use crate::Trouble;
use source::Source;
use tree::Tree;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    what: String,
}

impl Violation {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Violation {
        Violation { path: path.to_owned(), line, what: what.into() }
    }
}

/// What the checks read: every file of the repository, and the Rust files parsed.
struct House {
    tree: Tree,
    sources: Vec<Source>,
}

/// A named check. ARCHITECTURE.md refers to it as `(tidy: name)`.
struct Check {
    name: &'static str,
    find: fn(&House) -> Vec<Violation>,
}

const CHECKS: &[Check] = &[
    Check { name: "crate-floors", find: floors::find },
    Check { name: "module-circles", find: circles::find },
    Check { name: "peers", find: peers::find },
    Check { name: "opening-sentence", find: opening::find },
    Check { name: "file-length", find: files::find_long },
    Check { name: "function-length", find: functions::find },
    Check { name: "no-panics", find: panics::find },
    Check { name: "file-size", find: files::find_heavy },
    Check { name: "lock-file", find: files::find_missing_lock },
    Check { name: "invariants", find: invariants::find },
];

/// Prints every violation as `path:line: what`; fails if there is one.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    if let Some(unknown) = arguments.first() {
        return Err(Trouble::Request(format!("takes no arguments, found {unknown:?}")));
    }
    let tree = Tree::of_repository(root)?;
    let n_files = tree.len();
    let violations = violations(tree);
    for Violation { path, line, what } in &violations {
        println!("{path}:{line}: {what}");
    }
    match violations.len() {
        0 => {
            println!("tidy: {} checks passed on {n_files} files", CHECKS.len());
            Ok(())
        }
        1 => Err("1 violation".to_owned().into()),
        n => Err(format!("{n} violations").into()),
    }
}

/// What all checks find, sorted by place.
fn violations(tree: Tree) -> Vec<Violation> {
    let (sources, mut found) = Source::all(&tree);
    let house = House { tree, sources };
    found.extend(CHECKS.iter().flat_map(|check| (check.find)(&house)));
    found.sort();
    found.dedup();
    found
}

/// What one check finds in a small tree.
#[cfg(test)]
fn found_by(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let tree = Tree::of_texts(files);
    let (sources, _) = Source::all(&tree);
    let house = House { tree, sources };
    let check = CHECKS.iter().find(|check| check.name == name).unwrap();
    let show = |v: Violation| format!("{}:{}: {}", v.path, v.line, v.what);
    (check.find)(&house).into_iter().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CHECKS.len());
    }

    #[test]
    fn a_file_that_does_not_parse_is_a_violation() {
        let found = violations(Tree::of_texts(&[("a.rs", "//! A.\nfn (")]));
        assert!(found.iter().any(|v| v.what.starts_with("does not parse")), "{found:?}");
    }
}
