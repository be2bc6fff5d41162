//! The crates depend on each other exactly as the architecture says.

use std::collections::BTreeMap;

use super::{House, Violation};

/// A crate, what it must depend on where that exists, and what it may depend on besides.
type Edges = (&'static str, &'static [&'static str], &'static [&'static str]);

const EDGES: &[Edges] = &[
    (
        "ganatomy",
        &["ganatomy-game", "ganatomy-clinic", "ganatomy-view"],
        &["ganatomy-record", "ganatomy-tensor"],
    ),
    ("ganatomy-game", &["ganatomy-record", "ganatomy-tensor"], &[]),
    ("ganatomy-clinic", &["ganatomy-record"], &[]),
    ("ganatomy-view", &["ganatomy-record"], &[]),
    ("ganatomy-record", &[], &[]),
    ("ganatomy-tensor", &[], &[]),
];

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// One crate of the house, as its manifest describes it.
struct Member<'a> {
    path: &'a str,
    text: &'a str,
    /// The packages it depends on, with their keys in the manifest.
    dependencies: BTreeMap<String, String>,
}

/// Checks every manifest below `crates/`.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut members = BTreeMap::new();
    let manifests = house.tree.texts("Cargo.toml").filter(|(path, _)| path.starts_with("crates/"));
    for (path, text) in manifests {
        match Member::parse(path, text) {
            Ok((name, member)) => {
                members.insert(name, member);
            }
            Err(what) => violations.push(Violation::new(path, 1, what)),
        }
    }
    for (name, member) in &members {
        match EDGES.iter().find(|edges| edges.0 == name) {
            Some(edges) => violations.extend(member.compare(edges, &members)),
            None => {
                let what = format!("crate {name} is not in the architecture (xtask's EDGES)");
                violations.push(Violation::new(member.path, 1, what));
            }
        }
    }
    violations
}

impl<'a> Member<'a> {
    fn parse(path: &'a str, text: &'a str) -> Result<(String, Member<'a>), String> {
        let manifest: toml::Table =
            text.parse().map_err(|e| format!("is not TOML: {e}").replace('\n', " "))?;
        let name = manifest.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str());
        let name = name.ok_or("has no package.name")?;
        let mut dependencies = dependencies_in(&manifest);
        let targets = manifest.get("target").and_then(|t| t.as_table());
        for target in targets.into_iter().flat_map(|t| t.values()).filter_map(|t| t.as_table()) {
            dependencies.extend(dependencies_in(target));
        }
        Ok((name.to_owned(), Member { path, text, dependencies }))
    }

    fn compare(&self, edges: &Edges, members: &BTreeMap<String, Member<'_>>) -> Vec<Violation> {
        let (name, required, optional) = edges;
        let known = |package: &str| required.contains(&package) || optional.contains(&package);
        let extra = self
            .dependencies
            .iter()
            .filter(|(package, _)| members.contains_key(*package) && !known(package))
            .map(|(package, key)| {
                let what = format!("{name} must not depend on {package}");
                Violation::new(self.path, self.line_of(key), what)
            });
        let missing = required
            .iter()
            .filter(|package| members.contains_key(**package))
            .filter(|package| !self.dependencies.contains_key(**package))
            .map(|package| Violation::new(self.path, 1, format!("{name} must depend on {package}")));
        extra.chain(missing).collect()
    }

    /// The first line that opens with a dependency's key.
    fn line_of(&self, key: &str) -> usize {
        let opens = |line: &str| line.trim_start().trim_start_matches('"').starts_with(key);
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

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}")
    }

    fn check(manifests: &[(&str, &str)], expected: &[&str]) {
        let texts: Vec<(String, String)> = manifests
            .iter()
            .map(|(name, rest)| (format!("crates/{name}/Cargo.toml"), manifest(name, rest)))
            .collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(found_by("crate-edges", &files), expected);
    }

    #[test]
    fn the_edges_of_the_architecture_pass() {
        let view = "[dependencies]\nganatomy-record.workspace = true\nserde = \"1\"";
        check(&[("ganatomy-record", ""), ("ganatomy-view", view)], &[]);
    }

    #[test]
    fn other_edges_do_not() {
        let record = "[dev-dependencies]\nganatomy-view = { path = \"x\" }";
        let renamed = "[target.'cfg(unix)'.dependencies]\nr = { package = \"ganatomy-record\" }";
        let view = "[dependencies]\nganatomy-record = \"1\"";
        check(
            &[("ganatomy-record", record), ("ganatomy-tensor", renamed), ("ganatomy-view", view)],
            &[
                "crates/ganatomy-record/Cargo.toml:4: ganatomy-record must not depend on \
                 ganatomy-view",
                "crates/ganatomy-tensor/Cargo.toml:4: ganatomy-tensor must not depend on \
                 ganatomy-record",
            ],
        );
    }

    #[test]
    fn missing_edges_and_unknown_crates_are_reported() {
        check(
            &[("ganatomy-extra", ""), ("ganatomy-record", ""), ("ganatomy-view", "")],
            &[
                "crates/ganatomy-extra/Cargo.toml:1: crate ganatomy-extra is not in the \
                 architecture (xtask's EDGES)",
                "crates/ganatomy-view/Cargo.toml:1: ganatomy-view must depend on ganatomy-record",
            ],
        );
    }
}
