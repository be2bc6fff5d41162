//! Every invariant of ARCHITECTURE.md that names a check names one that exists.

use super::{CHECKS, House, Violation};

const FILE: &str = "ARCHITECTURE.md";

/// Claims, written `(tidy: name)` or `(tidy: name, name)`, that name no check.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let Some(text) = house.tree.text(FILE) else {
        return vec![Violation::new(FILE, 1, "is missing")];
    };
    let lines = text.lines().enumerate();
    lines.flat_map(|(i, line)| faults(line).map(move |w| Violation::new(FILE, i + 1, w))).collect()
}

/// What is wrong with the claims of one line.
fn faults(line: &str) -> impl Iterator<Item = String> {
    line.split("(tidy").skip(1).flat_map(|rest| {
        let claim = rest.split(')').next().unwrap_or("");
        let names: Vec<&str> = match claim.strip_prefix(':') {
            Some(names) => names.split(',').map(str::trim).collect(),
            None => vec![""],
        };
        names.into_iter().filter(|name| !is_check(name)).map(fault)
    })
}

fn is_check(name: &str) -> bool {
    CHECKS.iter().any(|check| check.name == name)
}

fn fault(name: &str) -> String {
    let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    let known = known.join(", ");
    match name {
        "" => format!("must name its check, as in (tidy: crate-floors); the checks are {known}"),
        _ => format!("{name:?} is not a check of tidy; the checks are {known}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(line: &str, expected: &[&str]) {
        let text = format!("# Invariants\n{line}\n");
        let found = found_by("invariants", &[("ARCHITECTURE.md", &text)]);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(&format!("ARCHITECTURE.md:2: {expected}")), "{found}");
        }
    }

    #[test]
    fn claims_must_name_a_check() {
        check("1. The edges hold (tidy: crate-floors).", &[]);
        check("2. Short (tidy: file-length, function-length).", &[]);
        check("3. Pretty (tidy: prettiness).", &["\"prettiness\" is not a check"]);
        check("4. Something (tidy).", &["must name its check"]);
        check("5. Reviewed by people.", &[]);
    }

    #[test]
    fn the_file_must_be_there() {
        assert_eq!(found_by("invariants", &[]), ["ARCHITECTURE.md:1: is missing"]);
    }
}
