//! What a name stands for: its documentation, what can be set, and how it is switched on.

use std::borrow::Cow;

use ganatomy_record::FieldDoc;
use ganatomy_train::{Listing, Registry, recipe};
use serde::Serialize;

use crate::uses::{self, METHOD, RECIPE, Use};

/// Everything known of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Which registry it is in, or [`RECIPE`] or [`METHOD`].
    pub kind: &'static str,
    /// Its name.
    pub name: Cow<'static, str>,
    /// One line of doc.
    pub doc: Cow<'static, str>,
    /// The documentation of the code; of a recipe, its TOML.
    pub text: String,
    /// What can be set.
    pub fields: Vec<Field>,
    /// What to type first.
    pub r#use: String,
    /// Every way to switch it on, with the recipes that take it.
    pub uses: Vec<Use>,
}

/// One field of its table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its default, as TOML.
    pub default: String,
    /// What is allowed.
    pub range: String,
    /// What it means.
    pub doc: String,
}

/// Every row that a name stands for: a ring, say, is a recipe and a data set. Nothing for an unknown name.
///
/// ```
/// use ganatomy::train::Registry;
///
/// let found = ganatomy::explain("hinge", &Registry::builtin());
/// assert_eq!((found.len(), found[0].kind), (1, "loss"));
/// assert_eq!(found[0].r#use, "--set loss.kind=hinge");
/// ```
pub fn explain(name: &str, registry: &Registry) -> Vec<Explained> {
    let rows = everything(registry).into_iter().filter(|row| row.name == name);
    rows.map(|row| Explained::of(row, registry)).collect()
}

/// The recipes and methods, then the rows of a registry in their own order; recipes have their TOML text as source.
pub fn everything(registry: &Registry) -> Vec<Listing> {
    let named = |kind, name: &'static str| {
        let source = recipe::find(name).unwrap_or_default();
        Listing { kind, name: name.into(), doc: opening(source).into(), source: source.into() }
    };
    let recipes = recipe::names().into_iter().map(|name| named(RECIPE, name));
    let methods = recipe::methods().into_iter().map(|name| named(METHOD, name));
    recipes.chain(methods).chain(registry.listing()).collect()
}

/// The comment on the first line of a recipe.
fn opening(source: &'static str) -> &'static str {
    source.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
}

impl Explained {
    fn of(row: Listing, registry: &Registry) -> Explained {
        let Listing { kind, name, doc, source } = row;
        let text = match kind {
            RECIPE | METHOD => source.into_owned(),
            _ => of_first_struct(&source),
        };
        let fields = registry.fields(kind, &name).into_iter().map(Field::from).collect();
        let uses = uses::of(kind, &name, registry);
        let r#use = uses.first().map(|one| one.r#type.clone()).unwrap_or_default();
        Explained { kind, name, doc, text, fields, r#use, uses }
    }
}

impl From<FieldDoc> for Field {
    fn from(FieldDoc { name, doc, default, range }: FieldDoc) -> Field {
        // Ranges are written to follow "a whole number", which is left out here.
        let range = range.strip_prefix("of ").unwrap_or(&range).to_owned();
        Field { name, default, range, doc }
    }
}

/// The documentation of the first public struct of a source file, links as plain words; empty if there is none.
fn of_first_struct(source: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let Some(at) = lines.iter().position(|line| line.starts_with("pub struct ")) else {
        return String::new();
    };
    // Attributes such as derives may stand between.
    let above = lines[..at].iter().rev().skip_while(|line| line.starts_with("#["));
    let mut docs: Vec<&str> = above.map_while(|line| line.strip_prefix("///")).collect();
    docs.reverse();
    let trimmed = docs.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
    let text: String = trimmed.map(|line| format!("{line}\n")).collect();
    without_links(&text)
}

/// `[`X`]` and `[`X`](path)` as `X`; other brackets, such as shapes, stay.
fn without_links(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, end)) = after.split_once("`]") else {
            break;
        };
        shown.push_str(&format!("{before}{name}"));
        rest = end.strip_prefix('(').and_then(|path| path.split_once(')')).map_or(end, |(_, rest)| rest);
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_public_struct_explains() {
        let check = |source: &str, expected: &str| assert_eq!(of_first_struct(source), expected, "{source}");
        check(
            "//! Top.\n\n/// `a + b`\n///\n/// [`Two`](x::Two).\n#[derive(Debug)]\npub struct A;\n",
            "`a + b`\n\nTwo.\n",
        );
        check(
            "/// Other.\nstruct B;\n\n/// [`A`] of `[n]`, see [`B`\npub struct A;\npub struct C;\n",
            "A of `[n]`, see [`B`\n",
        );
        check("fn main() {}\n", "");
        check("/// Of a function.\nfn f() {}\n\npub struct Bare;\n", "");
    }
}
