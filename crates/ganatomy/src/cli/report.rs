//! The state of a run, for people and for programs.

use std::path::{Path, PathBuf};

use ganatomy_record::{
    CheckpointFile, Checkpoints, Reading, RecordError, RunFolder, RunReader, SampleFile, Summary,
};
use serde::Serialize;

use super::screen::shown;
use super::text::{counted, number, pace, secs, styled, table, whole};
use super::{HEADING, LITERAL, text};

/// A run folder and where the run in it stands.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The run folder.
    run: PathBuf,
    #[serde(flatten)]
    summary: Summary,
    checkpoints: Vec<Kept>,
}

/// A checkpoint that is there.
#[derive(Debug, Serialize)]
struct Kept {
    step: u64,
    /// Its score, if it is the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<f64>,
    /// The reading that its score is.
    #[serde(skip_serializing_if = "String::is_empty")]
    best_by: String,
    /// Is it the last from before the losses grew out of bounds?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    healthy: bool,
}

/// The checkpoints of a run.
fn kept(folder: &RunFolder) -> Result<Vec<Kept>, RecordError> {
    let (best, healthy) = (Checkpoints::best(folder)?, Checkpoints::healthy(folder)?);
    let all = Checkpoints::list(folder)?;
    let last = all.last().map(|file| file.step);
    let one = |file: CheckpointFile| {
        let best = best.as_ref().filter(|(best, _)| best.step == file.step).map(|(_, best)| best);
        Kept {
            step: file.step,
            best: best.map(|best| best.score),
            best_by: best.map_or(String::new(), |best| best.reading.clone()),
            // The last of all is nothing to point at.
            healthy: healthy
                .as_ref()
                .is_some_and(|healthy| healthy.step == file.step && last != Some(file.step)),
        }
    };
    Ok(all.into_iter().map(one).collect())
}

impl Report {
    /// Reads a run's record.
    pub(crate) fn of(folder: &RunFolder) -> Result<Report, RecordError> {
        let mut summary = RunReader::open(folder).summary()?;
        // A process that was killed leaves no last word, but it leaves its lock.
        if summary.outcome == "running" && !folder.is_written() {
            summary.outcome = "killed".to_owned();
        }
        Ok(Report { run: folder.path().to_owned(), summary, checkpoints: kept(folder)? })
    }

    /// The run folder.
    pub(crate) fn run(&self) -> &Path {
        &self.run
    }

    /// How the run stands, and after how many steps.
    pub(crate) fn outcome(&self) -> (String, u64) {
        (self.summary.outcome.clone(), self.summary.steps)
    }

    /// The outcome in one line: `done: 3,000 steps in 12 s (250/s)`.
    fn headline(&self) -> String {
        let Summary { outcome, detail, steps, wall_secs, .. } = &self.summary;
        let outcome = match detail {
            Some(detail) => format!("{outcome} ({detail})"),
            None => outcome.clone(),
        };
        let (steps, secs, pace) = (counted(*steps, "step"), secs(*wall_secs), pace(*steps, *wall_secs));
        format!("{}: {steps} in {secs} ({pace})", styled(HEADING, &outcome))
    }

    /// The outcome, the readings and the pictures, for a person.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{}, in {}\n{}", self.headline(), self.run.display(), self.readings());
        if let Some(data) = &self.summary.data {
            let rows: Vec<Vec<String>> =
                data.rows().into_iter().map(|(label, what)| vec![label, shown(&what)]).collect();
            text.push_str(&format!("\n{}\n{}", styled(HEADING, "data"), table(&rows, "  ", 2)));
        }
        if !self.checkpoints.is_empty() {
            let all: Vec<String> = self.checkpoints.iter().map(Kept::to_text).collect();
            text.push_str(&format!("\n{}\n  {}\n", styled(HEADING, "checkpoints"), all.join("\n  ")));
        }
        let pictures: Vec<String> =
            pictures(&self.run).iter().map(|path| format!("  {}\n", path.display())).collect();
        if !pictures.is_empty() {
            text.push_str(&format!("\n{}\n{}", styled(HEADING, "pictures"), pictures.concat()));
        }
        text
    }

    fn readings(&self) -> String {
        if self.summary.readings.is_empty() {
            return String::new();
        }
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let mut rows = vec![cells(["reading", "last", "best", "at step"])];
        let readings = &self.summary.readings;
        for (name, Reading { last, best, step }) in readings {
            if let Some(family) = FAMILIES.iter().find(|family| name.starts_with(**family)) {
                // The first of them stands for all.
                let own = || readings.iter().filter(|(name, _)| name.starts_with(*family));
                if own().next().is_some_and(|(first, _)| first == name) {
                    rows.push(family_row(family, own().map(|(_, reading)| reading.last)));
                }
                continue;
            }
            let (best, step) = match best {
                Some(best) => (number(*best), whole(*step)),
                None => (String::new(), String::new()),
            };
            rows.push(vec![name.clone(), number(*last), best, step]);
        }
        let text = table(&rows, "", 1);
        let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
        format!("\n{}\n{rest}", styled(HEADING, head))
    }

    /// What to type next.
    pub(crate) fn next_commands(&self) -> String {
        let run = self.run.display().to_string();
        let commands = [
            text::command(&["sample", &run, "--n", "64", "--out", "samples.png"]),
            text::command(&["show", &run]),
        ];
        let lines = commands.map(|command| format!("  {}\n", styled(LITERAL, &command)));
        format!("\n{}\n{}", styled(HEADING, "next"), lines.concat())
    }
}

impl Kept {
    fn to_text(&self) -> String {
        let by = if self.best_by.is_empty() { String::new() } else { format!(" of {}", self.best_by) };
        let best = self.best.map(|score| format!("  the best, at {}{by}", number(score))).unwrap_or_default();
        let healthy = if self.healthy { "  the last before the losses grew out of bounds" } else { "" };
        format!("step {}{best}{healthy}", whole(self.step))
    }
}

/// Beginnings of readings that are many of a kind: a person is shown them in one line, JSON and the record hold each.
const FAMILIES: [&str; 3] =
    ["discriminator/layer_gradient/", "generator/layer_gradient/", "samples/bin_share/"];

/// A line for readings of a kind: how many there are, and from where to where they go.
fn family_row(family: &str, values: impl Iterator<Item = f64> + Clone) -> Vec<String> {
    let (low, high) =
        values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let name = format!("{family}* ({})", values.count());
    vec![name, format!("{} to {}", number(low), number(high)), String::new(), String::new()]
}

/// The pictures of a run that are there: the latest samples, their course and the curves.
fn pictures(run: &Path) -> Vec<PathBuf> {
    let folder = RunFolder::open(run);
    let samples = folder.and_then(|folder| SampleFile::list(&folder)).unwrap_or_default();
    let latest = samples.last().map(|file| file.with_extension("png"));
    let candidates = latest.into_iter().chain(["samples.gif", "curves.png"].map(|name| run.join(name)));
    candidates.filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_a_kind_have_one_line() {
        let row = family_row("samples/bin_share/", [0.25, 0.5, 0.125].into_iter());
        assert_eq!(row, ["samples/bin_share/* (3)", "0.1250 to 0.5000", "", ""]);
    }
}
