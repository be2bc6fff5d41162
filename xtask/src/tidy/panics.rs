//! Nothing panics outside tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ExprMethodCall, ImplItem, Item, Macro};

use super::source::{attributes, impl_attributes, is_test};
use super::{House, Violation};

const METHODS: [&str; 4] = ["unwrap", "expect", "unwrap_err", "expect_err"];
const MACROS: [&str; 3] = ["panic", "todo", "unimplemented"];

/// Calls that panic, outside tests.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in house.sources.iter().filter(|source| !source.is_test) {
        if !is_test(&source.syntax.attrs) {
            let mut finder = Finder { path: &source.path, violations: &mut violations };
            finder.visit_file(&source.syntax);
        }
    }
    violations
}

struct Finder<'a> {
    path: &'a str,
    violations: &'a mut Vec<Violation>,
}

impl Finder<'_> {
    fn report(&mut self, line: usize, call: String) {
        let what = format!("{call} outside tests; return an error instead");
        self.violations.push(Violation::new(self.path, line, what));
    }

    /// Looks through a macro's arguments, which are tokens that need not be expressions.
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            let next = tokens.get(i + 1);
            match token {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) => {
                    let (name, line) = (ident.to_string(), ident.span().start().line);
                    let after_dot = i > 0 && is_punct(&tokens[i - 1], '.');
                    if METHODS.contains(&name.as_str()) && after_dot && next.is_some_and(is_call) {
                        self.report(line, format!(".{name}()"));
                    }
                    let is_macro = next.is_some_and(|next| is_punct(next, '!'));
                    if MACROS.contains(&name.as_str()) && is_macro {
                        self.report(line, format!("{name}!"));
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}

fn is_call(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !is_test(impl_attributes(item)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        if METHODS.contains(&name.as_str()) {
            self.report(call.method.span().start().line, format!(".{name}()"));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(last) = call.path.segments.last() {
            let name = last.ident.to_string();
            if MACROS.contains(&name.as_str()) {
                self.report(last.ident.span().start().line, format!("{name}!"));
            }
        }
        self.scan(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let found = found_by("no-panics", &[(path, text)]);
        let advice = " outside tests; return an error instead";
        let expected: Vec<String> = expected.iter().map(|call| format!("{path}:1: {call}{advice}")).collect();
        assert_eq!(found, expected, "for {text}");
    }

    #[test]
    fn panicking_calls_are_found() {
        check("a.rs", "fn f() { a.unwrap(); b.expect(\"x\") }", &[".unwrap()", ".expect()"]);
        check("a.rs", "fn f() { panic!(\"x\"); todo!() }", &["panic!", "todo!"]);
        check("a.rs", "fn f() { println!(\"{}\", a.unwrap()) }", &[".unwrap()"]);
        check("a.rs", "macro_rules! m { () => { panic!() } }", &["panic!"]);
        check("a.rs", "impl A { fn f() { std::panic!() } }", &["panic!"]);
    }

    #[test]
    fn calls_that_do_not_panic_are_not() {
        check("a.rs", "fn f() { a.unwrap_or(1); b.unwrap_or_default(); expect(1) }", &[]);
        check("a.rs", "/// Call `unwrap()`.\nfn f() { \"panic!\"; }", &[]);
    }

    #[test]
    fn tests_may_panic() {
        check("a.rs", "#[cfg(test)] mod tests { fn f() { a.unwrap() } }", &[]);
        check("a.rs", "#[test] fn f() { panic!() }", &[]);
        check("a.rs", "impl A { #[cfg(test)] fn f() { panic!() } }", &[]);
        check("tests/a.rs", "fn f() { a.unwrap() }", &[]);
        check("a.rs", "#[cfg(not(test))] fn f() { a.unwrap() }", &[".unwrap()"]);
    }
}
