//! Modules do not import each other in a circle.

use std::collections::{BTreeSet, VecDeque};

use super::modules::{Edges, Place, crate_folders, edges};
use super::{House, Violation};

/// Folders below a crate's `src` whose modules must form no circle either.
const FOLDERS: &[&str] = &["crates/ganatomy-tensor/src/compile", "crates/ganatomy-tensor/src/cpu"];

/// A shortest circle for each set of modules that all reach each other.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    find_in(house, FOLDERS)
}

fn find_in(house: &House, folders: &[&str]) -> Vec<Violation> {
    let folders = crate_folders(house).into_iter().chain(folders.iter().map(|folder| (*folder).to_owned()));
    folders.flat_map(|folder| circles(&edges(house, &folder))).collect()
}

fn circles(edges: &Edges) -> Vec<Violation> {
    let (mut violations, mut done) = (Vec::new(), BTreeSet::new());
    for (module, _) in edges.keys() {
        let reached = reach(edges, module);
        if done.contains(module.as_str()) || !reached.contains(module.as_str()) {
            continue;
        }
        let back = |other: &&&str| reach(edges, other).contains(module.as_str());
        let members: Vec<&str> = reached.iter().filter(back).copied().collect();
        let shortest = members.iter().filter_map(|member| circle(edges, member)).min_by_key(Vec::len);
        violations.extend(shortest.and_then(|circle| violation(edges, &circle)));
        done.extend(members);
    }
    violations
}

/// What a module imports.
fn imported<'a>(edges: &'a Edges, module: &str) -> impl Iterator<Item = &'a str> {
    edges.keys().filter(move |(from, _)| from == module).map(|(_, to)| to.as_str())
}

/// Everything that a module imports, directly or through others.
fn reach<'a>(edges: &'a Edges, module: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = imported(edges, module).collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(imported(edges, module));
        }
    }
    reached
}

/// The shortest way from a module back to itself.
fn circle<'a>(edges: &'a Edges, module: &'a str) -> Option<Vec<&'a str>> {
    let (mut ways, mut seen) = (VecDeque::from([vec![module]]), BTreeSet::new());
    while let Some(way) = ways.pop_front() {
        for next in imported(edges, way.last()?) {
            if next == module {
                return Some(way);
            }
            if seen.insert(next) {
                ways.push_back([&way[..], &[next]].concat());
            }
        }
    }
    None
}

/// Reports a circle at the line of its first import, with its modules and the lines of the other imports.
fn violation(edges: &Edges, circle: &[&str]) -> Option<Violation> {
    let place = |from: &str, to: &str| -> Option<&Place> {
        edges.get(&(from.to_owned(), to.to_owned())).and_then(|places| places.first())
    };
    let ends = circle.iter().zip(circle.iter().cycle().skip(1));
    let imports = ends.map(|(from, to)| place(from, to).map(|place| (from, to, place)));
    let imports: Vec<(&&str, &&str, &Place)> = imports.collect::<Option<_>>()?;
    let ((_, _, (path, line)), others) = imports.split_first()?;
    let told = others.iter().map(|(from, to, (path, line))| format!("{from} imports {to} at {path}:{line}"));
    let told = told.collect::<Vec<_>>().join(", ");
    let (last, first) = circle.split_last()?;
    let way = if first.len() > 1 { " in a circle" } else { "" };
    let what = format!("modules {} and {last} import each other{way}: {told}", first.join(", "));
    Some(Violation::new(path, *line, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::found_by;
    use crate::tidy::source::Source;
    use crate::tidy::tree::Tree;

    const ROOT: &str = "//! X.\nmod a; mod b; mod c; mod d; pub use c::{deep::Item, Other as Renamed};";

    /// Checks a crate of four modules with the texts given.
    fn check(modules: &[(&str, &str)], expected: &[&str]) {
        let paths: Vec<String> = modules.iter().map(|(path, _)| format!("crates/x/src/{path}")).collect();
        let texts = paths.iter().zip(modules).map(|(path, (_, text))| (path.as_str(), *text));
        let files: Vec<(&str, &str)> = texts.chain([("crates/x/src/lib.rs", ROOT)]).collect();
        assert_eq!(found_by("module-circles", &files), expected);
    }

    #[test]
    fn imports_without_a_circle_pass() {
        check(&[("a.rs", "use crate::{b, c, Item};"), ("b.rs", "use super::c;"), ("c/mod.rs", "")], &[]);
    }

    #[test]
    fn two_modules_that_import_each_other_are_named() {
        let back = "//! C.\n\nfn f() { crate::a::f() }";
        check(
            &[("a.rs", "//! A.\nuse crate::b;"), ("b/deep/c.rs", back)],
            &["crates/x/src/a.rs:2: modules a and b import each other: b imports a at \
               crates/x/src/b/deep/c.rs:3"],
        );
    }

    #[test]
    fn a_circle_of_three_is_named_with_every_line() {
        check(
            &[("a.rs", "use crate::b;"), ("b.rs", "\nuse crate::c;"), ("c.rs", "\n\nuse crate::{a, d};")],
            &["crates/x/src/a.rs:1: modules a, b and c import each other in a circle: b imports c at \
               crates/x/src/b.rs:2, c imports a at crates/x/src/c.rs:3"],
        );
    }

    #[test]
    fn each_set_of_circles_is_reported_once_by_its_shortest() {
        check(
            &[
                ("a.rs", "use crate::b;"),
                ("b.rs", "use crate::c;"),
                ("c.rs", "use crate::{a, d};"),
                ("d.rs", "use crate::c;"),
                ("e.rs", "use crate::{a, f};"),
                ("f.rs", "use crate::e;"),
            ],
            &[
                "crates/x/src/c.rs:1: modules c and d import each other: d imports c at crates/x/src/d.rs:1",
                "crates/x/src/e.rs:1: modules e and f import each other: f imports e at crates/x/src/f.rs:1",
            ],
        );
    }

    #[test]
    fn a_circle_through_what_the_root_re_exports_is_found() {
        let found = "crates/x/src/a.rs:1: modules a and c import each other: c imports a at \
                     crates/x/src/c/mod.rs:1";
        for text in ["use crate::Item;", "use super::Renamed as R;", "fn f(item: crate::Item) {}"] {
            check(&[("a.rs", text), ("c/mod.rs", "use crate::a;")], &[found]);
        }
    }

    #[test]
    fn tests_may_import_what_they_like() {
        let inline = "#[cfg(test)] mod tests { use crate::a; }";
        check(&[("a.rs", "use crate::b;"), ("b.rs", inline)], &[]);
        check(
            &[
                ("a.rs", "use crate::b;"),
                ("b/mod.rs", "#[cfg(test)] mod tests;"),
                ("b/tests.rs", "use crate::a;"),
            ],
            &[],
        );
    }

    #[test]
    fn the_folders_of_the_list_are_checked() {
        let texts = [
            ("x/src/lib.rs", "mod deep;"),
            ("x/src/deep/mod.rs", "mod a; mod b;"),
            ("x/src/deep/a.rs", "use super::b;"),
            ("x/src/deep/b.rs", "use super::a;"),
        ];
        let tree = Tree::of_texts(&texts);
        let (sources, _) = Source::all(&tree);
        let house = House { tree, sources };
        assert_eq!(find_in(&house, &[]), []);
        let found = "modules a and b import each other: b imports a at x/src/deep/b.rs:1";
        assert_eq!(find_in(&house, &["x/src/deep"]), [Violation::new("x/src/deep/a.rs", 1, found)]);
    }
}
