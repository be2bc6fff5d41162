//! `ganatomy list`: everything a spec can name.

use std::collections::BTreeSet;

use clap::Args;
use ganatomy_game::{Listing, listing, recipe};
use ganatomy_record::nearest;
use serde::Serialize;

use super::failure::Failure;
use super::text::{styled, table};
use super::{HEADING, screen};

/// List the recipes, data sets, networks, losses and everything else a spec can name.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy list loss")]
pub(super) struct List {
    /// Only this kind, such as recipe, data or loss.
    kind: Option<String>,
    /// Print JSON: [{"kind", "name", "doc"}].
    #[arg(long)]
    json: bool,
}

/// One thing that can be named.
#[derive(Debug, Serialize)]
struct Entry {
    kind: &'static str,
    name: &'static str,
    doc: &'static str,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "there is no kind \"{kind}\"{}; the kinds are {}",
    nearest.map(|kind| format!("; did you mean \"{kind}\"?")).unwrap_or_default(), known.join(", ")
)]
struct UnknownKind {
    kind: String,
    nearest: Option<&'static str>,
    known: Vec<&'static str>,
}

impl List {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut entries = entries();
        if let Some(kind) = &self.kind {
            let known = kinds(&entries);
            entries.retain(|entry| entry.kind == kind);
            if entries.is_empty() {
                let nearest = nearest(kind, known.iter().copied());
                return Err(Failure::request(UnknownKind { kind: kind.clone(), nearest, known }));
            }
        }
        if self.json { screen::print_json(&entries) } else { screen::print(&to_text(&entries)) }
    }
}

/// The recipes, then the registries in their own order.
fn entries() -> Vec<Entry> {
    let recipes = recipe::names().into_iter().map(|name| {
        let doc = recipe::find(name).map_or("", opening);
        Entry { kind: "recipe", name, doc }
    });
    let listed = listing().into_iter().map(|Listing { kind, name, doc, .. }| Entry { kind, name, doc });
    recipes.chain(listed).collect()
}

/// The comment on the first line of a recipe.
fn opening(source: &'static str) -> &'static str {
    source.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
}

/// The kinds in the order of their first entries.
fn kinds(entries: &[Entry]) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    entries.iter().map(|entry| entry.kind).filter(|kind| seen.insert(*kind)).collect()
}

fn to_text(entries: &[Entry]) -> String {
    let section = |kind: &&'static str| {
        let of_kind = entries.iter().filter(|entry| entry.kind == *kind);
        let rows: Vec<Vec<String>> =
            of_kind.map(|entry| vec![entry.name.to_owned(), entry.doc.to_owned()]).collect();
        format!("{}\n{}", styled(HEADING, kind), table(&rows, "  ", 2))
    };
    kinds(entries).iter().map(section).collect::<Vec<_>>().join("\n")
}
