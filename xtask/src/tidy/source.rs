//! A parsed Rust file, and whether it is a test.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, ImplItem, Item, ItemMod};

use super::Violation;
use super::tree::Tree;

/// One Rust file.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) syntax: syn::File,
    /// Compiled for tests only: in `tests/` or `benches/`, or declared under `#[cfg(test)]`.
    pub(crate) is_test: bool,
}

impl Source {
    /// Parses every Rust file; those that do not parse are violations.
    pub(crate) fn all(tree: &Tree) -> (Vec<Source>, Vec<Violation>) {
        let (mut sources, mut violations) = (Vec::new(), Vec::new());
        for (path, text) in tree.texts(".rs") {
            match syn::parse_file(text) {
                Ok(syntax) => {
                    let is_test = path.split('/').any(|part| part == "tests" || part == "benches");
                    sources.push(Source { path: path.to_owned(), syntax, is_test });
                }
                Err(error) => {
                    let line = error.span().start().line;
                    violations.push(Violation::new(path, line, format!("does not parse: {error}")));
                }
            }
        }
        mark_declared_tests(&mut sources);
        (sources, violations)
    }
}

/// Marks files declared as `#[cfg(test)] mod name;`, and everything below them.
fn mark_declared_tests(sources: &mut [Source]) {
    let stems: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    for source in sources {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let below = |test: &String| stem.starts_with(&format!("{test}/"));
        source.is_test |= stems.contains(stem) || stems.iter().any(below);
    }
}

/// The modules in files of their own that a file declares for tests, as paths without ".rs".
fn test_modules(source: &Source) -> Vec<String> {
    let stem = source.path.trim_end_matches(".rs");
    let (folder, name) = stem.rsplit_once('/').unwrap_or((".", stem));
    let folder = if ["lib", "main", "mod"].contains(&name) { folder } else { stem };
    let declared = source.syntax.items.iter().filter_map(|item| match item {
        Item::Mod(ItemMod { ident, attrs, content: None, .. }) if is_test(attrs) => Some(ident),
        _ => None,
    });
    declared.map(|ident| format!("{folder}/{ident}")).collect()
}

/// True if the attributes make their item a test, or code for tests only.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let condition = || attribute.meta.require_list().map(|list| list.tokens.clone());
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg") && condition().is_ok_and(implies_test)
    })
}

/// True for `test` and for `all(..)` of conditions one of which implies it.
fn implies_test(condition: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    let has_test = tokens.iter().any(|token| matches!(token, TokenTree::Ident(i) if i == "test"));
    let all_implies = tokens.windows(2).any(|pair| match pair {
        [TokenTree::Ident(i), TokenTree::Group(group)] if i == "all" => implies_test(group.stream()),
        _ => false,
    });
    has_test || all_implies
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The attributes of a function in an `impl`.
pub(crate) fn impl_attributes(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Fn(function) => &function.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let (sources, violations) = Source::all(&Tree::of_texts(files));
        assert_eq!(violations, []);
        let tests = sources.iter().filter(|s| s.is_test).map(|s| s.path.as_str());
        assert_eq!(tests.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn test_files_are_found_by_place_and_by_declaration() {
        check(&[("a/src/lib.rs", ""), ("a/tests/x.rs", "")], &["a/tests/x.rs"]);
        check(
            &[
                ("a/src/lib.rs", "#[cfg(test)] mod exam; mod plain;"),
                ("a/src/exam.rs", ""),
                ("a/src/exam/deep.rs", ""),
                ("a/src/plain.rs", "#[cfg(all(not(windows), test))] mod own; #[cfg(not(test))] mod no;"),
                ("a/src/plain/own.rs", ""),
                ("a/src/plain/no.rs", ""),
            ],
            &["a/src/exam.rs", "a/src/exam/deep.rs", "a/src/plain/own.rs"],
        );
    }
}
