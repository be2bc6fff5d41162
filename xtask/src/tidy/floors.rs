//! The crates stand on floors: each imports only floors below its own.

use std::collections::BTreeMap;

use super::imports::imports;
use super::{House, Violation};

/// The floors, the highest first.
const FLOORS: &[&str] = &[
    "ganatomy",
    "ganatomy-python",
    "ganatomy-watch",
    "ganatomy-lesson",
    "ganatomy-study",
    "ganatomy-view",
    "ganatomy-clinic",
    "ganatomy-train",
    "ganatomy-score",
    "ganatomy-game",
    "ganatomy-data",
    "ganatomy-import",
    "ganatomy-record",
    "ganatomy-xla",
    "ganatomy-tensor",
];

/// Crates that may import only these, though their floor would allow more.
const NARROW: &[(&str, &[&str])] = &[
    ("ganatomy-view", &["ganatomy-clinic", "ganatomy-record"]),
    ("ganatomy-clinic", &["ganatomy-record"]),
    ("ganatomy-data", &["ganatomy-record"]),
    ("ganatomy-import", &["ganatomy-record"]),
    ("ganatomy-record", &[]),
];

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// One crate of the house, as its manifest describes it.
struct Member<'a> {
    path: &'a str,
    text: &'a str,
    name: String,
    /// The packages it depends on, with their keys in the manifest.
    dependencies: BTreeMap<String, String>,
}

/// Checks every manifest below `crates/`, and the paths in the `src/` beside it.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let manifests = house.tree.texts("Cargo.toml").filter(|(path, _)| path.starts_with("crates/"));
    let found = manifests.flat_map(|(path, text)| match Member::parse(path, text) {
        Ok(member) if FLOORS.contains(&member.name.as_str()) => member.compare(house),
        Ok(Member { name, .. }) => {
            let what = format!("crate {name} is not in the architecture (xtask's FLOORS)");
            vec![Violation::new(path, 1, what)]
        }
        Err(what) => vec![Violation::new(path, 1, what)],
    });
    found.collect()
}

/// Why a crate must not import another, if it must not.
fn refusal(from: &str, to: &str) -> Option<String> {
    let floor = |name: &str| FLOORS.iter().position(|floor| *floor == name);
    let (own, other) = (floor(from)?, floor(to)?);
    let narrow = NARROW.iter().find(|(name, _)| *name == from);
    match narrow {
        _ if own == other => None,
        _ if other < own => Some(format!("{from} must not import {to}, which is a floor above it")),
        Some((_, known)) if !known.contains(&to) => {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(" and ") };
            Some(format!("{from} must not import {to}; of the floors below it knows {known}"))
        }
        _ => None,
    }
}

impl<'a> Member<'a> {
    fn parse(path: &'a str, text: &'a str) -> Result<Member<'a>, String> {
        let manifest: toml::Table =
            text.parse().map_err(|e| format!("is not TOML: {e}").replace('\n', " "))?;
        let name = manifest.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str());
        let name = name.ok_or("has no package.name")?;
        let mut dependencies = dependencies_in(&manifest);
        let targets = manifest.get("target").and_then(|t| t.as_table());
        for target in targets.into_iter().flat_map(|t| t.values()).filter_map(|t| t.as_table()) {
            dependencies.extend(dependencies_in(target));
        }
        Ok(Member { path, text, name: name.to_owned(), dependencies })
    }

    fn compare(&self, house: &House) -> Vec<Violation> {
        let in_manifest = self.dependencies.iter().filter_map(|(package, key)| {
            Some(Violation::new(self.path, self.line_of(key), refusal(&self.name, package)?))
        });
        let folder = format!("{}/src/", self.path.trim_end_matches("/Cargo.toml"));
        let sources = house.sources.iter().filter(|source| source.path.starts_with(&folder));
        let in_sources = sources.flat_map(|source| {
            // A single name is the name of a crate only in a `use`; elsewhere it may be any name.
            let paths = imports(source).into_iter().filter(|i| i.path.len() > 1 || i.name.is_some());
            paths.filter_map(|import| {
                let package = import.path.first()?.replace('_', "-");
                Some(Violation::new(&source.path, import.line, refusal(&self.name, &package)?))
            })
        });
        let mut found: Vec<Violation> = in_manifest.chain(in_sources).collect();
        found.dedup();
        found
    }

    /// The first line that opens with a dependency's key, or with a table of that name.
    fn line_of(&self, key: &str) -> usize {
        let opens = |line: &str| {
            let name = match line.trim().strip_prefix('[') {
                Some(header) => header.trim_end_matches(']').rsplit('.').next(),
                None => line.split(['=', '.']).next(),
            };
            name.is_some_and(|name| name.trim().trim_matches('"') == key)
        };
        self.text.lines().position(opens).map_or(1, |index| index + 1)
    }
}

/// Package name to key, over all dependency tables: `key = { package = "name" }` renames.
fn dependencies_in(table: &toml::Table) -> BTreeMap<String, String> {
    let tables = TABLES.iter().filter_map(|name| table.get(*name)?.as_table());
    let entries = tables.flatten().map(|(key, value)| {
        let package = value.get("package").and_then(|p| p.as_str()).unwrap_or(key);
        (package.to_owned(), key.clone())
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn manifest(name: &str, rest: &str) -> (String, String) {
        (format!("crates/{name}/Cargo.toml"), format!("[package]\nname = \"{name}\"\n{rest}"))
    }

    /// Checks crates of the names given, each with the rest of its manifest.
    fn check(manifests: &[(&str, &str)], expected: &[&str]) {
        let texts: Vec<(String, String)> =
            manifests.iter().map(|(name, rest)| manifest(name, rest)).collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(found_by("crate-floors", &files), expected);
    }

    /// Checks one source of one crate.
    fn check_source(name: &str, text: &str, expected: &[&str]) {
        let (path, manifest) = manifest(name, "");
        let source = format!("crates/{name}/src/a/b.rs");
        let found = found_by("crate-floors", &[(&path, &manifest), (&source, text)]);
        let expected: Vec<String> = expected.iter().map(|what| format!("{source}:{what}")).collect();
        assert_eq!(found, expected, "for {text}");
    }

    #[test]
    fn imports_from_below_pass() {
        let view = "[dependencies]\nganatomy-record.workspace = true\nserde = \"1\"";
        check(&[("ganatomy-record", ""), ("ganatomy-view", view)], &[]);
        check_source("ganatomy-view", "use ganatomy_clinic::A; fn f() { ganatomy_record::f() }", &[]);
        check_source("ganatomy-game", "use ganatomy_game::A; use ganatomy_tensor as t;", &[]);
    }

    #[test]
    fn manifests_that_point_upwards_do_not() {
        let record = "[dev-dependencies]\nganatomy-view = { path = \"x\" }";
        let tensor = "[target.'cfg(unix)'.dependencies]\nr = { package = \"ganatomy-record\" }";
        let game = "[dependencies]\nganatomy-record = \"1\"\n[build-dependencies.ganatomy]\npath = \"x\"";
        check(
            &[("ganatomy-game", game), ("ganatomy-record", record), ("ganatomy-tensor", tensor)],
            &[
                "crates/ganatomy-game/Cargo.toml:5: ganatomy-game must not import ganatomy, which is a floor \
                 above it",
                "crates/ganatomy-record/Cargo.toml:4: ganatomy-record must not import ganatomy-view, which is \
                 a floor above it",
                "crates/ganatomy-tensor/Cargo.toml:4: ganatomy-tensor must not import ganatomy-record, which \
                 is a floor above it",
            ],
        );
    }

    #[test]
    fn sources_that_point_upwards_do_not() {
        let refused = "ganatomy-game must not import ganatomy-train, which is a floor above it";
        for text in [
            "//! A.\n\nuse ganatomy_train::{A, B};",
            "//! A.\n\nuse ganatomy_train as t;",
            "//! A.\n\nextern crate ganatomy_train;",
            "//! A.\n\nfn f() { ganatomy_train::f() }",
            "//! A.\n\nfn f() { println!(\"{}\", ganatomy_train::N) }",
            "//! A.\n#[cfg(test)]\nmod tests { use ganatomy_train::A; }",
        ] {
            check_source("ganatomy-game", text, &[&format!("3: {refused}")]);
        }
        check_source("ganatomy-game", "/// `ganatomy_train::f`\nfn f(ganatomy: u8) { g(ganatomy) }", &[]);
    }

    #[test]
    fn some_may_import_less_than_their_floor_allows() {
        let tensor = "[dependencies]\nganatomy-tensor = \"1\"";
        check(
            &[("ganatomy-data", tensor), ("ganatomy-record", tensor)],
            &[
                "crates/ganatomy-data/Cargo.toml:4: ganatomy-data must not import ganatomy-tensor; of the \
                 floors below it knows ganatomy-record",
                "crates/ganatomy-record/Cargo.toml:4: ganatomy-record must not import ganatomy-tensor; of the \
                 floors below it knows none",
            ],
        );
        let refused = "1: ganatomy-view must not import ganatomy-game; of the floors below it knows \
                       ganatomy-clinic and ganatomy-record";
        check_source("ganatomy-view", "use ganatomy_game::A;", &[refused]);
    }

    #[test]
    fn unknown_crates_are_reported() {
        let what = "is not in the architecture (xtask's FLOORS)";
        let expected = format!("crates/ganatomy-extra/Cargo.toml:1: crate ganatomy-extra {what}");
        check(&[("ganatomy-extra", ""), ("ganatomy-record", "")], &[&expected]);
    }
}
