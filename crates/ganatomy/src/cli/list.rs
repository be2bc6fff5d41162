//! `ganatomy list`: everything a spec can name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use clap::Args;
use ganatomy_record::nearest;
use ganatomy_train::{Listing, Registry};
use serde::Serialize;

use super::failure::Failure;
use super::text::{command, styled, table};
use super::{HEADING, LITERAL, screen};
use crate::explain::everything;
use crate::uses::{METHOD, RECIPE};

/// The kinds that most people never choose from.
const RARE: [&str; 9] =
    ["game", "schedule", "average", "probe", "reading", "score", "extractor", "small game", "verdict"];

/// List the recipes, methods, data sets, networks, losses and everything else a spec can name, and the clinic's verdicts.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy list loss\n\n`ganatomy explain NAME` tells more of one.")]
pub(super) struct List {
    /// Only this kind, such as recipe (with the methods that --with lays over one), data, loss or small-game.
    #[arg(conflicts_with = "all")]
    kind: Option<String>,
    /// Every kind, the rare ones too: games, schedules, averages, probes, readings, scores, extractors, small games and verdicts.
    #[arg(long)]
    all: bool,
    /// Print JSON: [{"kind", "name", "doc"}].
    #[arg(long)]
    json: bool,
}

/// One thing that can be named.
#[derive(Debug, Serialize)]
struct Entry {
    kind: &'static str,
    name: Cow<'static, str>,
    doc: Cow<'static, str>,
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
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let mut entries: Vec<Entry> = everything(registry).into_iter().map(Entry::from).collect();
        match &self.kind {
            Some(asked) => {
                let known = kinds(&entries);
                entries.retain(|entry| belongs(entry.kind, asked));
                if entries.is_empty() {
                    let nearest = nearest(asked, known.iter().copied());
                    return Err(Failure::request(UnknownKind { kind: asked.clone(), nearest, known }));
                }
            }
            None if self.all => {}
            None => entries.retain(|entry| !RARE.contains(&entry.kind)),
        }
        if self.json {
            return screen::print_json(&entries);
        }
        let hint = if self.kind.is_none() && !self.all { rest() } else { String::new() };
        screen::print(&format!("{}{hint}", to_text(&entries)))
    }
}

impl From<Listing> for Entry {
    fn from(Listing { kind, name, doc, .. }: Listing) -> Entry {
        Entry { kind, name, doc }
    }
}

/// Whether a kind is asked for; methods are recipes too, and a space may be written as a hyphen.
fn belongs(kind: &str, asked: &str) -> bool {
    kind == asked || kind.replace(' ', "-") == asked || (asked == RECIPE && kind == METHOD)
}

/// Where to find what is not listed.
fn rest() -> String {
    let (all, explain) = (command(&["list", "--all"]), command(&["explain", "NAME"]));
    let rare = RARE.join("s, ");
    format!(
        "\n{} also lists {rare}s; {} tells more of one\n",
        styled(LITERAL, &all),
        styled(LITERAL, &explain)
    )
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
            of_kind.map(|entry| vec![entry.name.to_string(), entry.doc.to_string()]).collect();
        let heading = match *kind {
            METHOD => "method (laid over a recipe by --with)",
            kind => kind,
        };
        format!("{}\n{}", styled(HEADING, heading), table(&rows, "  ", 2))
    };
    kinds(entries).iter().map(section).collect::<Vec<_>>().join("\n")
}
