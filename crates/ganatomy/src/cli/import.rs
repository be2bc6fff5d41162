//! `ganatomy import`: the logs of other programs, as a run folder.

mod beside;
mod pictures;

use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_import::{Imported, NameMap, Options, read};
use ganatomy_record::RunFolder;
use ganatomy_train::Registry;
use serde_json::json;

use self::pictures::Given;
use super::failure::Failure;
use super::text::{number, styled, table, whole};
use super::{HEADING, filled, screen};

/// Of names that were passed over, so many are shown with their reasons.
const MOST_IGNORED: usize = 12;

/// Read the log of another program as a run, which diagnose, show, report and compare then take.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy import train.log --out runs/theirs\n  ganatomy diagnose runs/theirs\n  ganatomy import train.log --samples out/ --out runs/theirs\n\n\
    A log is a file, a folder with logs in it, or - for standard input; several are read as one run. Its format is told by its content: TensorBoard, \
    CSV (W&B's and Lightning's too), JSON in lines or lists, StyleGAN's stats.jsonl, StudioGAN, CycleGAN's loss_log.txt, notebooks, and what the usual scripts print. \
    docs/import.md says which names are known, what each becomes, and how pictures of samples are read.\n\n\
    Exit codes: 0 done, 2 the request was wrong."
)]
pub(super) struct Import {
    /// Logs of one run.
    #[arg(required_unless_present = "samples")]
    logs: Vec<PathBuf>,
    /// The run folder to make.
    #[arg(long, value_name = "RUN")]
    out: PathBuf,
    #[command(flatten)]
    how: How,
    /// Replace a run that is there.
    #[arg(long, visible_alias = "force")]
    overwrite: bool,
    /// Print JSON: {"run", "formats", "step", "values", "names": [{"theirs", "ours", "points", "first", "last"}], "ignored": [{"theirs",
    /// "count", "why"}], "notes"}.
    #[arg(long)]
    json: bool,
}

/// How logs are read, where that is not to be guessed.
#[derive(Debug, Default, Args)]
pub(super) struct How {
    /// Say what a name of the log means, as in `--map Dx=discriminator/loss`; `--map NAME=-` passes it over.
    #[arg(long, value_name = "NAME=READING")]
    map: Vec<String>,
    /// Read lines by a regular expression with named groups: `(?P<step>\d+) (?P<d_loss>\S+) (?P<g_loss>\S+)`.
    #[arg(long, value_name = "REGEX")]
    pattern: Option<String>,
    /// Say which loss was played, such as hinge or wasserstein; else the clinic guesses its family from the values.
    #[arg(long, value_name = "KIND")]
    loss: Option<String>,
    /// Read this run of a log that holds several, counted from 1.
    #[arg(long, value_name = "N")]
    run: Option<usize>,
    #[command(flatten)]
    samples: Given,
}

impl How {
    /// Reads logs so.
    pub(super) fn read(&self, logs: &[PathBuf], registry: &Registry) -> Result<Imported, Failure> {
        let losses: Vec<&str> = registry.losses.iter().map(|loss| loss.name()).collect();
        if let Some(loss) = self.loss.as_ref().filter(|loss| !losses.contains(&loss.as_str())) {
            let known = losses.join(", ");
            return Err(Failure::request(format!("--loss {loss} is no loss; there are {known}")));
        }
        let refused = |text: &str, why: String| Failure::request(format!("--map {text}: {why}"));
        let map = self.map.iter().map(|text| text.parse::<NameMap>().map_err(|why| refused(text, why)));
        let (map, pattern) = (map.collect::<Result<_, _>>()?, self.pattern.clone());
        let options = Options { map, pattern, loss: self.loss.clone(), run: self.run };
        // Samples alone are a record too.
        let mut imported = match logs {
            [] => Imported::empty(),
            logs => read(logs, &options).map_err(Failure::request)?,
        };
        self.samples.add(&mut imported, registry)?;
        Ok(imported)
    }

    /// The same, of which something must be understood.
    pub(super) fn read_some(&self, logs: &[PathBuf], registry: &Registry) -> Result<Imported, Failure> {
        let imported = self.read(logs, registry)?;
        imported.check().map_err(Failure::request)?;
        Ok(imported)
    }

    /// The folder of samples, if one was given.
    pub(super) fn samples(&self) -> Option<&PathBuf> {
        self.samples.folder()
    }

    /// The options as they were given.
    pub(super) fn words(&self) -> Vec<String> {
        let with = |name: &str, value: &Option<String>| {
            value.iter().flat_map(|value| [name.to_owned(), value.clone()]).collect::<Vec<_>>()
        };
        let maps = self.map.iter().flat_map(|map| ["--map".to_owned(), map.clone()]);
        let run = self.run.map(|run| run.to_string());
        let others =
            [with("--pattern", &self.pattern), with("--loss", &self.loss), with("--run", &run)].concat();
        maps.chain(others).chain(self.samples.words()).collect()
    }

    /// The name of an option that was given, if any was: they say nothing of a run of our own.
    pub(super) fn given(&self) -> Option<&'static str> {
        match self {
            _ if !self.map.is_empty() => Some("--map"),
            How { pattern: Some(_), .. } => Some("--pattern"),
            How { loss: Some(_), .. } => Some("--loss"),
            How { run: Some(_), .. } => Some("--run"),
            _ => self.samples.given(),
        }
    }
}

impl Import {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let imported = self.how.read(&self.logs, registry)?;
        let host = gethostname::gethostname();
        imported
            .write(&self.out, self.overwrite, screen::now(), &host.to_string_lossy())
            .map_err(Failure::request)?;
        if self.json {
            return screen::print_json(&told(&imported, Some(&self.out)));
        }
        let out = super::text::command(&["diagnose", &self.out.display().to_string()]);
        screen::print(&format!("{}\nwritten to {}; now try\n  {out}\n", shown(&imported), self.out.display()))
    }
}

/// A run that was imported, where one of our own is needed.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} was imported from another program's log: it holds no networks, so that it can only be shown, diagnosed and compared",
    run.display()
)]
struct NotOurs {
    run: PathBuf,
}

/// Opens a run whose networks are needed.
pub(super) fn own(run: &Path) -> Result<RunFolder, Failure> {
    let folder = RunFolder::open(run).map_err(Failure::request)?;
    match is_imported(&folder) {
        true => Err(Failure::request(NotOurs { run: run.to_owned() })),
        false => Ok(folder),
    }
}

/// Is it the record of another program's run? Of a plan that cannot be read, others say what is wrong with it.
pub(super) fn is_imported(folder: &RunFolder) -> bool {
    folder.plan().is_ok_and(|plan| plan.contains_key("import"))
}

/// What was read, for programs.
pub(super) fn told(imported: &Imported, run: Option<&Path>) -> serde_json::Value {
    let point =
        |point: Option<(u64, f64)>| point.map(|(step, value)| json!({"step": step, "value": finite(value)}));
    let names: Vec<serde_json::Value> = imported
        .mapped
        .iter()
        .map(|name| {
            json!({"theirs": name.theirs, "ours": name.ours, "points": name.points, "first": point(name.first), "last": point(name.last)})
        })
        .collect();
    json!({
        "run": run,
        "formats": imported.formats,
        "step": imported.unit.word(),
        "values": imported.values,
        "names": names,
        "ignored": imported.ignored,
        "notes": imported.notes,
    })
}

/// A number as JSON can hold it.
fn finite(value: f64) -> serde_json::Value {
    if value.is_finite() { json!(value) } else { json!(value.to_string()) }
}

/// What was read, for people: names and what they became, what was passed over, and notes.
pub(super) fn shown(imported: &Imported) -> String {
    let formats = imported.formats.join(" and ");
    let mut text = format!("read as {formats}; steps count {}\n", counts(imported));
    let head = ["name in the log", "reading", "values", "first", "last", "at step"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for name in &imported.mapped {
        let value = |point: Option<(u64, f64)>| point.map_or_else(String::new, |point| number(point.1));
        rows.push(vec![
            screen::shown(&name.theirs),
            name.ours.clone(),
            whole(name.points as u64),
            value(name.first),
            value(name.last),
            name.last.map_or_else(String::new, |point| whole(point.0)),
        ]);
    }
    if rows.len() > 1 {
        text.push_str(&table(&rows, "  ", 2));
    }
    text + &passed_over(imported) + &notes(imported)
}

fn counts(imported: &Imported) -> &'static str {
    match imported.unit.word() {
        "epoch" => "epochs",
        "kimg" => "thousands of images",
        "row" => "lines, as the log does not say more",
        _ => "iterations",
    }
}

fn passed_over(imported: &Imported) -> String {
    let (told, plain): (Vec<_>, Vec<_>) =
        imported.ignored.iter().partition(|ignored| !ignored.why.is_empty());
    let mut lines = String::new();
    let some = |names: Vec<String>| match names.len().saturating_sub(MOST_IGNORED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST_IGNORED].join(", ")),
    };
    if !plain.is_empty() {
        let names = some(plain.iter().map(|ignored| screen::shown(&ignored.theirs)).collect());
        lines.push_str(&filled::hung(
            &format!("{names}: not known (--map NAME=READING says what one means)"),
            2,
        ));
    }
    for ignored in told.iter().take(MOST_IGNORED) {
        lines.push_str(&filled::hung(&format!("{}: {}", screen::shown(&ignored.theirs), ignored.why), 2));
    }
    if lines.is_empty() { lines } else { format!("{}\n{lines}", styled(HEADING, "passed over")) }
}

fn notes(imported: &Imported) -> String {
    if imported.notes.is_empty() {
        return String::new();
    }
    let lines: String = imported.notes.iter().map(|note| filled::hung(&screen::shown(note), 2)).collect();
    format!("{}\n{lines}", styled(HEADING, "to be known"))
}
