//! `ganatomy compare`: runs side by side.

use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_record::write_whole;
use ganatomy_study::store::{Address, FILE, Mode, Store};
use ganatomy_view::Comparison;
use serde_json::json;

use super::failure::Failure;
use super::text::{brief, styled, table};
use super::{HEADING, places, screen, text};

/// More runs cannot be told apart in one picture.
const MOST_RUNS: usize = 24;

/// Put runs side by side: what differs in their plans, how they end, and with --out their curves and samples.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy compare runs/ring-0 runs/ring-wgan-gp-0 --out compare.html\n\n\
    A study's folder stands for its runs.")]
pub(super) struct Compare {
    /// Run folders, or the folders of studies.
    #[arg(required = true)]
    runs: Vec<PathBuf>,
    /// Write a page with the curves, and the samples at the same step, which opens without a network.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON: {"runs", "differing": {FIELD: [VALUE, ..]}, "readings": {NAME: [LAST, ..]}}.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("{found} runs were named, and at most {MOST_RUNS} can be told apart; name some of them")]
struct TooMany {
    found: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("the study {} has no run with a folder yet", folder.display())]
struct NoRuns {
    folder: PathBuf,
}

impl Compare {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut folders = Vec::new();
        for path in &self.runs {
            match path.join(FILE).is_file() {
                true => folders.extend(of_study(path)?),
                false => folders.push(path.clone()),
            }
        }
        if folders.len() > MOST_RUNS {
            return Err(Failure::request(TooMany { found: folders.len() }));
        }
        let comparison = Comparison::read(&folders).map_err(Failure::request)?;
        if let Some(out) = &self.out {
            places::check_output(out)?;
            let mut command = vec!["compare".to_owned()];
            command.extend(self.runs.iter().map(|run| run.display().to_string()));
            command.extend(["--out".to_owned(), out.display().to_string()]);
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let page = comparison.page(&text::command(&words)).map_err(Failure::run)?;
            write_whole(out, page.as_bytes()).map_err(Failure::request)?;
        }
        if self.json { self.print_json(&comparison) } else { self.print(&comparison) }
    }

    fn print(&self, comparison: &Comparison) -> Result<(), Failure> {
        let head = |first: &str| -> Vec<String> {
            std::iter::once(first.to_owned())
                .chain(comparison.runs.iter().map(|run| run.name.clone()))
                .collect()
        };
        let mut plans = vec![head("field")];
        for (name, values) in comparison.differing() {
            let values = values
                .into_iter()
                .map(|value| value.map_or_else(|| "-".to_owned(), |value| value.to_string()));
            plans.push(std::iter::once(name).chain(values).collect());
        }
        let outcomes = comparison.runs.iter().map(|run| run.summary.outcome.clone());
        plans.push(std::iter::once("outcome".to_owned()).chain(outcomes).collect());
        let mut readings = vec![head("last reading")];
        for name in comparison.readings() {
            let last = |run: &ganatomy_view::Compared| {
                run.summary.readings.get(&name).map_or_else(|| "-".to_owned(), |reading| brief(reading.last))
            };
            let values: Vec<String> = comparison.runs.iter().map(last).collect();
            readings.push(std::iter::once(name.clone()).chain(values).collect());
        }
        let wrote = self.out.as_ref().map(|out| format!("\nwrote {}\n", out.display())).unwrap_or_default();
        screen::print(&format!(
            "{}\n{}\n{}\n{}{wrote}",
            styled(HEADING, "what differs"),
            table(&plans, "  ", 1),
            styled(HEADING, "how they end"),
            table(&readings, "  ", 1)
        ))
    }

    fn print_json(&self, comparison: &Comparison) -> Result<(), Failure> {
        let runs: Vec<&PathBuf> = comparison.runs.iter().map(|run| &run.folder).collect();
        let differing: serde_json::Map<_, _> =
            comparison.differing().into_iter().map(|(name, values)| (name, json!(values))).collect();
        let last = |name: &str| {
            let each =
                comparison.runs.iter().map(|run| run.summary.readings.get(name).map(|reading| reading.last));
            json!(each.collect::<Vec<_>>())
        };
        let readings: serde_json::Map<_, _> =
            comparison.readings().into_iter().map(|name| (name.clone(), last(&name))).collect();
        screen::print_json(&json!({ "runs": runs, "differing": differing, "readings": readings }))
    }
}

/// The folders of a study's runs that are there.
fn of_study(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut store = Store::open(&Address::Sqlite(folder.join(FILE)), Mode::Read).map_err(Failure::request)?;
    let (_, runs) = store.all().map_err(Failure::request)?;
    let folders = runs.iter().filter_map(|run| Some(folder.join(&**run.folder.as_ref()?)));
    let found: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    match found.is_empty() {
        true => Err(Failure::request(NoRuns { folder: folder.to_owned() })),
        false => Ok(found),
    }
}
