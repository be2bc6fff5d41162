//! What the modules of one folder import of each other.

use std::collections::{BTreeMap, BTreeSet};

use super::House;
use super::imports::{Import, imports, module_of};

/// A file and a line.
pub(crate) type Place = (String, usize);

/// For each module and each other module that it imports, the place of the import.
pub(crate) type Edges = BTreeMap<(String, String), Vec<Place>>;

/// Names that the roots of a folder import, and the paths from the crate's root that they stand for.
type Aliases = BTreeMap<Vec<String>, Vec<Vec<String>>>;

/// How many re-exports of re-exports are followed.
const MAX_ALIASES: usize = 4;

/// The folders that hold the root of a crate.
pub(crate) fn crate_folders(house: &House) -> BTreeSet<String> {
    let modules = house.sources.iter().filter_map(|source| module_of(&source.path));
    modules.filter(|(_, module)| module.is_empty()).map(|(home, _)| format!("{home}/src")).collect()
}

/// The imports among the modules right below a folder, a crate's `src` or one further down; without those of tests.
///
/// The folder's own root (`lib.rs`, `main.rs`, `mod.rs`) is not a module of it. What the root re-exports counts as imported
/// from the module it comes from; only re-exports by `*` are not followed.
pub(crate) fn edges(house: &House, folder: &str) -> Edges {
    let root = format!("{folder}/mod.rs");
    let Some((home, base)) = module_of(&root) else { return Edges::new() };
    let sources =
        house.sources.iter().filter(|source| module_of(&source.path).is_some_and(|(h, _)| h == home));
    let found = sources.flat_map(|source| imports(source).into_iter().map(|import| (&source.path, import)));
    let found: Vec<(&String, Import)> = found.filter(|(_, import)| !import.is_test).collect();
    let mut aliases = Aliases::new();
    for (_, import) in found.iter().filter(|(_, import)| base.starts_with(&import.module)) {
        if let Some(name) = &import.name {
            let alias = [&import.module[..], std::slice::from_ref(name)].concat();
            aliases.entry(alias).or_default().push(import.absolute());
        }
    }
    let mut edges = Edges::new();
    for (path, import) in &found {
        let Some(from) = import.module.strip_prefix(&base[..]).and_then(|below| below.first()) else {
            continue;
        };
        let mut targets = BTreeSet::new();
        add_targets(&mut targets, &import.absolute(), &base, &aliases, MAX_ALIASES);
        for to in targets.into_iter().filter(|to| to != from) {
            let places = edges.entry((from.clone(), to)).or_default();
            places.push(((*path).clone(), import.line));
        }
    }
    edges.values_mut().for_each(|places| places.sort());
    edges.values_mut().for_each(|places| places.dedup());
    edges
}

/// Adds the modules below `base` that a path from the crate's root names, directly or through a re-export.
fn add_targets(
    targets: &mut BTreeSet<String>,
    path: &[String],
    base: &[String],
    aliases: &Aliases,
    n_left: usize,
) {
    targets.extend(path.strip_prefix(base).and_then(|below| below.first()).cloned());
    if n_left == 0 {
        return;
    }
    for depth in 1..=path.len().min(base.len() + 1) {
        let (name, after) = path.split_at(depth);
        for target in aliases.get(name).into_iter().flatten() {
            add_targets(targets, &[target, after].concat(), base, aliases, n_left - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source::Source;
    use crate::tidy::tree::Tree;

    fn check(folder: &str, files: &[(&str, &str)], expected: &[&str]) {
        let tree = Tree::of_texts(files);
        let (sources, _) = Source::all(&tree);
        let edges = edges(&House { tree, sources }, folder);
        let show = |((from, to), places): (&(String, String), &Vec<Place>)| {
            let places: Vec<String> = places.iter().map(|(path, line)| format!("{path}:{line}")).collect();
            format!("{from} > {to} at {}", places.join(" "))
        };
        // A name that is not a module's does no harm: nothing leads on from it.
        let found: Vec<String> = edges.iter().filter(|((_, to), _)| to.len() == 1).map(show).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn imports_by_crate_and_by_super_are_edges() {
        let deep = "//! A.\nuse super::super::b;\nuse super::c;\nfn f() { crate::c::f() }";
        check(
            "x/src",
            &[
                ("x/src/lib.rs", "mod a; mod b; mod c;"),
                ("x/src/a/deep.rs", deep),
                ("x/src/b.rs", "use super::c;"),
            ],
            &["a > b at x/src/a/deep.rs:2", "a > c at x/src/a/deep.rs:4", "b > c at x/src/b.rs:1"],
        );
        check("x/src", &[("y/src/a.rs", "use crate::b;"), ("x/src/bin/a.rs", "use crate::b;")], &[]);
    }

    #[test]
    fn re_exports_count_as_imports_from_their_module() {
        let root = "mod a; mod b; mod c; pub use b::{deep::Item, self as bee}; use c::Other as Renamed; pub use Renamed as Twice;";
        let expected = ["a > b at x/src/a.rs:1", "a > c at x/src/a.rs:2"];
        for user in [
            "use crate::Item;\nuse crate::Renamed;",
            "use super::{Item,\nTwice};",
            "use crate::bee::f;\nuse crate::{Twice as T};",
        ] {
            check("x/src", &[("x/src/lib.rs", root), ("x/src/a.rs", user)], &expected);
        }
        check(
            "x/src",
            &[("x/src/lib.rs", "#[cfg(test)] use b::Item;"), ("x/src/a.rs", "use crate::Item;")],
            &[],
        );
    }

    #[test]
    fn a_folder_further_down_has_modules_too() {
        let files = [
            ("x/src/lib.rs", "mod deep; mod z; pub use deep::c::Far;"),
            ("x/src/deep/mod.rs", "mod a; mod b; mod c; use b::Item; use a::own;"),
            ("x/src/deep/a.rs", "use super::Item;\nuse crate::Far;\nuse crate::z;"),
            ("x/src/deep/b.rs", "use crate::deep::c;"),
        ];
        check(
            "x/src/deep",
            &files,
            &["a > b at x/src/deep/a.rs:1", "a > c at x/src/deep/a.rs:2", "b > c at x/src/deep/b.rs:1"],
        );
        check("x/src", &files, &["deep > z at x/src/deep/a.rs:3"]);
    }
}
