//! What a name stands for: its documentation, what can be set, and how it is switched on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ganatomy_clinic::{Learned, Verdict, learned, verdicts};
use ganatomy_record::FieldDoc;
use ganatomy_train::reading::covers;
use ganatomy_train::registry::READING;
use ganatomy_train::{Listing, Registry, recipe};
use serde::Serialize;

use crate::uses::{self, METHOD, RECIPE, Use, VERDICT};

/// Everything known of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Which registry it is in, or [`RECIPE`], [`METHOD`] or [`VERDICT`].
    pub kind: &'static str,
    /// Its name.
    pub name: Cow<'static, str>,
    /// One line of doc.
    pub doc: Cow<'static, str>,
    /// The documentation of the code; of a recipe, its TOML; of a reading or a verdict, its page.
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
    let is_meant = |row: &Listing| row.name == name || (row.kind == READING && covers(&row.name, name));
    let rows = everything(registry).into_iter().filter(is_meant);
    rows.map(|row| Explained::of(row, registry)).collect()
}

/// The recipes and methods, then the rows of a registry in their own order, then the verdicts; recipes have their TOML text as
/// source, and verdicts their pages.
pub fn everything(registry: &Registry) -> Vec<Listing> {
    let named = |kind, name: &'static str| {
        let source = recipe::find(name).unwrap_or_default();
        Listing { kind, name: name.into(), doc: opening(source), source: source.into() }
    };
    let recipes = recipe::names().into_iter().map(|name| named(RECIPE, name));
    let methods = recipe::methods().into_iter().map(|name| named(METHOD, name));
    let verdicts = verdicts().into_iter().map(|verdict| Listing {
        kind: VERDICT,
        name: verdict.name.into(),
        doc: verdict.doc.into(),
        source: page(&verdict).into(),
    });
    recipes.chain(methods).chain(registry.listing()).chain(verdicts).collect()
}

/// What a verdict means, what it is told from, and what may mend it.
fn page(verdict: &Verdict) -> String {
    let mut text = format!("{}\n\n# Told from\n{}\n", verdict.page, verdict.needs);
    if !verdict.remedies.is_empty() {
        text.push_str("\n# Remedies, in the order of the literature; values are fitted to a run\n");
    }
    for cure in verdict.remedies {
        text.push_str(&format!("- {}: `{}`: {} ({})\n", cure.name, cure.usual, cure.why, cure.source));
    }
    text + &helped(verdict.name)
}

/// How often remedies helped in the ward, by which they are suggested, the likeliest first.
fn helped(verdict: &str) -> String {
    let own: Vec<&Learned> = learned().iter().filter(|row| row.verdict == verdict).collect();
    if own.is_empty() {
        return String::new();
    }
    let mut lines = BTreeMap::<&str, (usize, usize, Vec<String>)>::new();
    for row in own {
        let (helped, of, by_loss) = lines.entry(&row.remedy).or_default();
        *helped += row.helped as usize;
        *of += row.of as usize;
        by_loss.push(format!("{} {} of {}", row.loss, row.helped, row.of));
    }
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort_by(|a, b| (b.1.0 * a.1.1).cmp(&(a.1.0 * b.1.1)));
    let line = |(remedy, (helped, of, by_loss)): (&str, (usize, usize, Vec<String>))| {
        format!("- {remedy}: {helped} of {of}{} ({})\n", interval(helped, of), by_loss.join(", "))
    };
    let lines: String = lines.into_iter().map(line).collect();
    format!("\n# How often they helped in the ward (95 %), and on which loss\n{lines}")
}

/// The first sentence of the comment on top of a recipe, however many lines it takes.
fn opening(source: &'static str) -> Cow<'static, str> {
    let lines = source.lines().map_while(|line| line.strip_prefix('#'));
    let comment = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    let mut depth = 0;
    for (at, c) in comment.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        // "Mao et al. (2017)" goes on: a new sentence begins with a capital letter.
        let after = comment[at..].strip_prefix(". ").and_then(|rest| rest.chars().next());
        if depth == 0 && after.is_some_and(char::is_uppercase) {
            return comment[..=at].to_owned().into();
        }
    }
    comment.into()
}

impl Explained {
    fn of(row: Listing, registry: &Registry) -> Explained {
        let Listing { kind, name, doc, source } = row;
        let text = match kind {
            RECIPE | METHOD | READING | VERDICT => source.into_owned(),
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

/// The interval of a share, where there are statistics.
fn interval(helped: usize, of: usize) -> String {
    #[cfg(feature = "study")]
    if let Some(interval) = ganatomy_study::stats::wilson(helped, of) {
        return format!(", {:.2} to {:.2}", interval.low, interval.high);
    }
    let _without_statistics = (helped, of);
    String::new()
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

    #[test]
    fn a_recipe_opens_with_its_first_sentence() {
        let check = |source, expected: &str| assert_eq!(opening(source), expected);
        check("# One line.\nname = \"a\"\n# Not this.\n", "One line.");
        check("# A sentence of\n# two lines. Another one.\n", "A sentence of two lines.");
        check(
            "# As Mao et al. (2017) do (after A. B. Cee): so. Now.\n",
            "As Mao et al. (2017) do (after A. B. Cee): so.",
        );
        check("name = \"a\"\n", "");
    }

    #[test]
    fn what_is_listed_is_whole() {
        for Listing { kind, name, doc, .. } in everything(&Registry::builtin()) {
            let count = |c: char| doc.matches(c).count();
            assert!(count('(') == count(')') && count('`') % 2 == 0, "{kind} {name}: {doc:?} is cut off");
            let words: Vec<&str> = doc.split_whitespace().collect();
            assert!(words.len() > 1, "{kind} {name}: {doc:?} says nothing");
            let last = words[words.len() - 1];
            let open = [
                "a", "an", "and", "as", "by", "for", "from", "in", "of", "on", "or", "than", "the", "to",
                "with",
            ];
            assert!(
                !open.contains(&last) && !last.ends_with([',', ';', ':', '-']),
                "{kind} {name}: {doc:?} is cut off"
            );
            // Recipes have sentences of their own, and the rows of a registry clauses after their names.
            let sentence = kind == RECIPE || kind == METHOD;
            assert_eq!(last.ends_with('.'), sentence, "{kind} {name}: {doc:?}");
        }
    }
}
