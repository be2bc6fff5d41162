//! In some crates modules stand on floors too: each imports only floors below its own.

use super::modules::edges;
use super::{House, Violation};

/// Modules that must not import each other.
type Floor = &'static [&'static str];

/// Folders, and the floors of the modules in each, the lowest first. Other modules may import and be imported freely.
const FOLDERS: &[(&str, &[Floor])] = &[(
    "crates/ganatomy-game/src",
    &[
        &["step", "nearest"],
        &["network", "loss", "remedy", "update", "scheme", "average"],
        &["game"],
        &["small"],
    ],
)];

/// Every import of a peer, or of a floor above.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (folder, floors) in FOLDERS {
        for ((from, to), places) in edges(house, folder) {
            if let Some(what) = refusal(floors, &from, &to) {
                violations
                    .extend(places.iter().map(|(path, line)| Violation::new(path, *line, what.clone())));
            }
        }
    }
    violations
}

/// Why a module must not import another, if it must not.
fn refusal(floors: &[Floor], from: &str, to: &str) -> Option<String> {
    let floor = |name: &str| floors.iter().position(|floor| floor.contains(&name));
    let (own, other) = (floor(from)?, floor(to)?);
    match () {
        () if other < own => None,
        () if other == own => Some(format!("{from} must not import its peer {to}")),
        () => Some(format!("{from} must not import {to}, which is a floor above it")),
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(module: &str, text: &str, expected: &[&str]) {
        let root = "mod loss; mod remedy; mod game; mod step; pub use remedy::Remedy;";
        let path = format!("crates/ganatomy-game/src/{module}/idea.rs");
        let found = found_by("peers", &[("crates/ganatomy-game/src/lib.rs", root), (&path, text)]);
        let expected: Vec<String> = expected.iter().map(|what| format!("{path}:{what}")).collect();
        assert_eq!(found, expected, "for {text}");
    }

    #[test]
    fn floors_below_and_modules_without_one_may_be_imported() {
        check("loss", "use crate::step::Batch; use super::hinge; use crate::plan::Plan;", &[]);
        check("small", "use crate::game::Play; use crate::nearest; use crate::Remedy;", &[]);
        check("plan", "use crate::{small, loss};", &[]);
        check("nearest", "use crate::plan;", &[]);
    }

    #[test]
    fn peers_must_not_import_each_other() {
        check(
            "loss",
            "use crate::network;\nfn f() { crate::network::f() }",
            &["1: loss must not import its peer network", "2: loss must not import its peer network"],
        );
        check("average", "use crate::Remedy;", &["1: average must not import its peer remedy"]);
        check("loss", "#[cfg(test)] mod tests { use crate::network; }", &[]);
    }

    #[test]
    fn floors_above_are_refused() {
        check("scheme", "use crate::game;", &["1: scheme must not import game, which is a floor above it"]);
        check("game", "use crate::small;", &["1: game must not import small, which is a floor above it"]);
        check(
            "step",
            "use super::super::loss;",
            &["1: step must not import loss, which is a floor above it"],
        );
    }

    #[test]
    fn other_crates_are_free() {
        assert_eq!(found_by("peers", &[("crates/x/src/loss.rs", "use crate::network;")]), [""; 0]);
    }
}
