//! A study as tables: one row a run, one row an arm.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Answer, Estimate};
use crate::{Results, State};

/// Writes one row a run: what it was, and what became of it. An empty cell is a value that there is not.
///
/// # Errors
/// Of the writer.
pub fn csv_runs(results: &Results, to: &mut impl Write) -> io::Result<()> {
    let settings: BTreeSet<&String> =
        results.configs.iter().flat_map(|config| config.settings.keys()).collect();
    let fixed = ["run", "stage", "arm", "configuration", "seed", "state"].map(str::to_owned);
    let end = ["steps", "secs", "gradients", "images", "why", "folder"].map(str::to_owned);
    let names = settings.iter().map(|name| format!("set {name}"));
    let also = results.also.iter().cloned();
    let head: Vec<String> =
        fixed.into_iter().chain(names).chain([results.reading.clone()]).chain(also).chain(end).collect();
    row(to, &head)?;
    for run in &results.runs {
        let Some(config) = results.configs.get(run.config) else { continue };
        let name = |names: &[String], place: usize| names.get(place).cloned().unwrap_or_default();
        let mut cells = vec![
            run.id.to_string(),
            name(&results.stages, config.stage),
            name(&results.arms, config.arm),
            config.number.to_string(),
            run.seed.to_string(),
            state(run.state).to_owned(),
        ];
        let setting =
            |name: &&String| config.settings.get(*name).map(ToString::to_string).unwrap_or_default();
        cells.extend(settings.iter().map(setting));
        cells.push(cell(run.score));
        cells.extend((0..results.also.len()).map(|i| cell(run.also.get(i).copied())));
        let steps = run.steps as f64;
        cells.extend([run.steps.to_string(), cell(Some(run.secs))]);
        cells
            .extend([config.gradients_per_step, config.images_per_step].map(|each| cell(Some(each * steps))));
        cells.extend([&run.why, &run.folder].map(|text| text.as_deref().unwrap_or_default().to_owned()));
        row(to, &cells)?;
    }
    Ok(())
}

impl Answer {
    /// One row an arm, in the stage that answers.
    pub fn csv_arms(&self) -> String {
        let mut head: Vec<String> =
            ["arm", "planned", "finished", "failed", "pruned", "configurations", "seeds"]
                .map(str::to_owned)
                .into();
        for name in ["median", "interquartile mean", "best", "failure rate"] {
            head.extend([name.to_owned(), format!("{name} low"), format!("{name} high")]);
        }
        head.extend(self.also.iter().map(|name| format!("median {name}")));
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = row(&mut text, &head);
        for arm in &self.arms {
            let runs = arm.runs;
            let counts =
                [runs.planned, runs.finished, runs.failed, runs.pruned, arm.n_configurations, arm.n_seeds];
            let mut cells = vec![arm.name.clone()];
            cells.extend(counts.map(|count| count.to_string()));
            for estimate in [arm.median, arm.interquartile_mean, arm.best] {
                cells.extend(numbers(estimate).map(cell));
            }
            let share = arm.failures.map(|rate| rate.share);
            cells.extend([share.map(|s| s.share), share.map(|s| s.low), share.map(|s| s.high)].map(cell));
            cells.extend(arm.also.iter().map(|value| cell(*value)));
            let _ = row(&mut text, &cells);
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

fn numbers(estimate: Option<Estimate>) -> [Option<f64>; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [estimate.map(|e| e.value), interval.map(|i| i.low), interval.map(|i| i.high)]
}

fn state(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Running => "running",
        State::Done => "done",
        State::Failed => "failed",
        State::Pruned => "pruned",
    }
}

/// A number with all of its digits, and nothing for none.
fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

/// One line; cells with commas, quotes or line breaks are quoted (RFC 4180).
fn row(to: &mut impl Write, cells: &[String]) -> io::Result<()> {
    let quoted = |text: &String| match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.clone(),
    };
    writeln!(to, "{}", cells.iter().map(quoted).collect::<Vec<_>>().join(","))
}
