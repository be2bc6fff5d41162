//! Functions are short.

use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

use super::{House, Violation};

/// Functions have at most this many lines, from `fn` to the closing brace.
const MAX_LINES: usize = 60;

/// Functions that are too long.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in &house.sources {
        let measure = |signature: &Signature, body: &Block| {
            violations.extend(too_long(&source.path, signature, body));
        };
        Functions(measure).visit_file(&source.syntax);
    }
    violations
}

fn too_long(path: &str, signature: &Signature, body: &Block) -> Option<Violation> {
    let start = signature.fn_token.span.start().line;
    let end = body.brace_token.span.close().end().line;
    let n_lines = end + 1 - start;
    let what = || format!("fn {} has {n_lines} lines; at most {MAX_LINES}", signature.ident);
    (n_lines > MAX_LINES).then(|| Violation::new(path, start, what()))
}

/// Calls its closure with every function that has a body.
struct Functions<F>(F);

impl<'ast, F: FnMut(&Signature, &Block)> Visit<'ast> for Functions<F> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        (self.0)(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        (self.0)(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(body) = &item.default {
            (self.0)(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(before: &str, n_lines: usize, after: &str, expected: &[&str]) {
        let body = "\n".repeat(n_lines - 1);
        let text = format!("//! A.\n{before} fn long() {{{body}}}{after}");
        assert_eq!(found_by("function-length", &[("a.rs", &text)]), expected);
    }

    #[test]
    fn long_functions_are_found_wherever_they_stand() {
        let found = ["a.rs:2: fn long has 61 lines; at most 60"];
        check("", 60, "", &[]);
        check("", 61, "", &found);
        check("struct A; impl A { pub", 61, "}", &found);
        check("trait A {", 61, "}", &found);
        check("mod a { #[cfg(test)] mod b {", 61, "}}", &found);
    }
}
