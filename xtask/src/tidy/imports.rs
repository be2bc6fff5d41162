//! Every path that a Rust file names, and where it stands.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemExternCrate, ItemMod, ItemUse, LitStr, Macro, Meta, UseTree};

use super::source::{Source, attributes, impl_attributes, is_test};

/// One path as it is written.
#[derive(Debug)]
pub(crate) struct Import {
    /// The module that holds it, from the root of its crate.
    pub(crate) module: Vec<String>,
    /// Its names, `crate`, `self` and `super` among them.
    pub(crate) path: Vec<String>,
    /// Its name in the module, if it is the path of a `use`.
    pub(crate) name: Option<String>,
    pub(crate) line: usize,
    /// Compiled for tests only.
    pub(crate) is_test: bool,
}

impl Import {
    /// The path from the root of the crate. A path that begins with another name is taken as a path of the module itself,
    /// which is right only if the module declares that name.
    pub(crate) fn absolute(&self) -> Vec<String> {
        let (mut base, mut rest) = (&self.module[..], &self.path[..]);
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => base = &[],
                "super" => base = base.split_last().map_or(base, |(_, above)| above),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        [base, rest].concat()
    }
}

/// The folder of the crate that a file in `src/` belongs to, and the module that the file is; empty for the root.
pub(crate) fn module_of(path: &str) -> Option<(&str, Vec<String>)> {
    let (home, inner) = path.split_once("/src/")?;
    let stem = inner.strip_suffix(".rs")?;
    // The files of `src/bin/` are crates of their own.
    if stem.starts_with("bin/") {
        return None;
    }
    let stem =
        if ["lib", "main", "mod"].contains(&stem) { "" } else { stem.strip_suffix("/mod").unwrap_or(stem) };
    Some((home, stem.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()))
}

/// The paths of `use`, types, expressions, patterns and attributes, and those that can be seen among the tokens of macros.
pub(crate) fn imports(source: &Source) -> Vec<Import> {
    let module = module_of(&source.path).map(|(_, module)| module).unwrap_or_default();
    let is_test = source.is_test || is_test(&source.syntax.attrs);
    let mut finder = Finder { module, is_test, found: Vec::new() };
    finder.visit_file(&source.syntax);
    finder.found
}

struct Finder {
    module: Vec<String>,
    is_test: bool,
    found: Vec<Import>,
}

impl Finder {
    fn add(&mut self, path: Vec<String>, name: Option<String>, line: usize) {
        let (module, is_test) = (self.module.clone(), self.is_test);
        self.found.push(Import { module, path, name, line, is_test });
    }

    fn add_path<'a>(&mut self, idents: impl IntoIterator<Item = &'a Ident>, line: usize) {
        let path: Vec<String> = idents.into_iter().map(Ident::to_string).collect();
        if !path.is_empty() {
            self.add(path, None, line);
        }
    }

    fn add_use(&mut self, tree: &UseTree, above: &[String]) {
        let below = |ident: &Ident| [above, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(tree) => self.add_use(&tree.tree, &below(&tree.ident)),
            UseTree::Group(tree) => tree.items.iter().for_each(|tree| self.add_use(tree, above)),
            UseTree::Name(tree) => {
                let path = if tree.ident == "self" { above.to_vec() } else { below(&tree.ident) };
                let name = path.last().cloned();
                self.add(path, name, line_of(&tree.ident));
            }
            UseTree::Rename(tree) => {
                let path = if tree.ident == "self" { above.to_vec() } else { below(&tree.ident) };
                self.add(path, Some(tree.rename.to_string()), line_of(&tree.ident));
            }
            UseTree::Glob(tree) => self.add(above.to_vec(), None, tree.star_token.spans[0].start().line),
        }
    }

    /// Looks through tokens that need not be expressions. Attributes may hold paths in quotes.
    fn scan(&mut self, tokens: TokenStream) {
        let (mut path, mut n_colons) = (Vec::<Ident>::new(), 0);
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    n_colons += 1;
                    continue;
                }
                TokenTree::Ident(_) if n_colons == 2 => {}
                _ => self.add_tokens(&mut path),
            }
            n_colons = 0;
            match token {
                TokenTree::Ident(ident) => path.push(ident),
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = syn::parse_str::<LitStr>(&literal.to_string());
                    if let Ok(quoted) = text.and_then(|text| text.parse::<syn::Path>()) {
                        let line = literal.span().start().line;
                        self.add_path(quoted.segments.iter().map(|segment| &segment.ident), line);
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
        self.add_tokens(&mut path);
    }

    fn add_tokens(&mut self, path: &mut Vec<Ident>) {
        let line = path.first().map_or(1, line_of);
        self.add_path(path.iter(), line);
        path.clear();
    }

    /// Visits an item with these attributes, as part of the tests if they say so.
    fn within(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let before = self.is_test;
        self.is_test |= is_test(attributes);
        visit(self);
        self.is_test = before;
    }
}

fn line_of(ident: &Ident) -> usize {
    ident.span().start().line
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast Item) {
        self.within(attributes(item), |finder| visit::visit_item(finder, item));
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        self.within(impl_attributes(item), |finder| visit::visit_impl_item(finder, item));
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_use(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        let name = item.ident.to_string();
        self.add(vec![name.clone()], Some(name), line_of(&item.ident));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let line = path.segments.first().map_or(1, |segment| line_of(&segment.ident));
        self.add_path(path.segments.iter().map(|segment| &segment.ident), line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.scan(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;

    /// Every path that leads out of its module, as `line: module > path from the root`, with a `t` before those of tests.
    fn check(path: &str, text: &str, expected: &[&str]) {
        let (sources, _) = Source::all(&Tree::of_texts(&[(path, text)]));
        let found: Vec<String> = sources
            .iter()
            .flat_map(imports)
            .filter(|import| ["crate", "super"].contains(&import.path[0].as_str()))
            .map(|i| {
                let mark = if i.is_test { "t" } else { "" };
                format!("{mark}{}: {} > {}", i.line, i.module.join("::"), i.absolute().join("::"))
            })
            .collect();
        assert_eq!(found, expected, "for {text}");
    }

    #[test]
    fn use_trees_are_spread() {
        let text = "use crate::{a::X,\n b::{self, Y as Z},\n c::*};";
        check("x/src/m.rs", text, &["1: m > a::X", "2: m > b", "2: m > b::Y", "3: m > c"]);
    }

    #[test]
    fn paths_are_seen_wherever_they_stand() {
        check("x/src/m.rs", "fn f(a: crate::a::A) {}", &["1: m > a::A"]);
        check("x/src/m.rs", "fn f() { g::<crate::a::A>(crate::b::c) }", &["1: m > a::A", "1: m > b::c"]);
        check("x/src/m.rs", "fn f() { match x { crate::a::B => 1 } }", &["1: m > a::B"]);
        check("x/src/m.rs", "fn f() { vec![g(1,\n crate::a::b)] }", &["2: m > a::b"]);
        check("x/src/m.rs", "macro_rules! m { ($a: expr) => { $crate::a::f($a) } }", &["1: m > a::f"]);
        check("x/src/m.rs", "struct S {\n#[serde(with = \"crate::a::b\")] s: u8 }", &["2: m > a::b"]);
        check("x/src/m.rs", "// crate::a\n/// `crate::a`\nfn f() {}", &[]);
    }

    #[test]
    fn super_counts_from_the_file_and_its_inline_modules() {
        check("x/src/m.rs", "use super::a;", &["1: m > a"]);
        check("x/src/m/mod.rs", "use super::a;", &["1: m > a"]);
        check("x/src/m/n.rs", "use super::super::a; use super::b;", &["1: m::n > a", "1: m::n > m::b"]);
        check("x/src/m.rs", "mod n { use super::super::a; }", &["1: m::n > a"]);
        check("x/src/lib.rs", "mod n { use super::a; }", &["1: n > a"]);
    }

    #[test]
    fn paths_of_tests_are_marked() {
        check(
            "x/src/m.rs",
            "#[cfg(test)] mod t { use crate::a; } use crate::b;",
            &["t1: m::t > a", "1: m > b"],
        );
        check("x/src/m.rs", "#[cfg(test)] use crate::a;", &["t1: m > a"]);
        check("x/src/m.rs", "impl A { #[test] fn f() { crate::a() } }", &["t1: m > a"]);
    }
}
