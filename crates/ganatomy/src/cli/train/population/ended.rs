//! How the runs of a population ended: a table, JSON, and the exit code.

use std::path::{Path, PathBuf};

use ganatomy_record::{Checkpoints, Outcome, RunFolder, RunReader};
use ganatomy_tensor::ByteCount;
use ganatomy_train::TrainError;
use serde::Serialize;

use super::Populace;
use super::asked::{Manifest, Member};
use crate::cli::failure::Failure;
use crate::cli::report::Report;
use crate::cli::screen;
use crate::cli::sink::Halt;
use crate::cli::text::{command, counted, number, styled, table, whole};
use crate::cli::{HEADING, text};

/// A population whose runs did not all come to an end of their own.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error("the population was interrupted; go on with {resume}")]
    Interrupted { resume: String },
    #[error("all {n} runs diverged")]
    Diverged { n: usize },
    #[error("verdicts stopped {}: {names}", counted(*n as u64, "run"))]
    Struck { n: usize, names: String },
    #[error("{} failed: {why}{}", run.display(), others(*more))]
    Failed { run: PathBuf, why: TrainError, more: usize },
    #[error("{source}; once that is mended, go on with {resume}")]
    Broken { source: TrainError, resume: String },
}

fn others(more: usize) -> String {
    if more == 0 { String::new() } else { format!(", and so did {}", counted(more as u64, "other")) }
}

/// More than the machine has.
#[derive(Debug, thiserror::Error)]
#[error(
    "this population of {n} runs needs about {} of memory and {} are free; make it or its batch smaller",
    ByteCount(*total), ByteCount(*free)
)]
pub(super) struct Unaffordable {
    pub(super) n: u64,
    pub(super) total: u64,
    pub(super) free: u64,
}

/// Where the runs of a population stand.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Ended {
    population: PathBuf,
    members: Vec<One>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct One {
    set: Vec<String>,
    #[serde(flatten)]
    report: Report,
}

impl Ended {
    /// Reads the record of every run.
    pub(in crate::cli) fn of(folder: &Path) -> Result<Ended, Failure> {
        let members = Manifest::of(folder)?.map_or_else(Vec::new, |manifest| manifest.members);
        let one = |Member { folder: own, set }: Member| {
            let run = RunFolder::open(&folder.join(own)).map_err(Failure::request)?;
            Ok(One { set, report: Report::of(&run).map_err(Failure::run)? })
        };
        let members = members.into_iter().map(one).collect::<Result<_, Failure>>()?;
        Ok(Ended { population: folder.to_owned(), members })
    }

    pub(in crate::cli) fn print(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            return screen::print_json(self);
        }
        let mut rows = vec![["run", "set", "outcome", "steps", "best", ""].map(str::to_owned).to_vec()];
        for One { set, report } in &self.members {
            let run = RunFolder::open(report.run()).map_err(Failure::run)?;
            let best = Checkpoints::best(&run).ok().flatten();
            let [score, at] = match best {
                Some((file, best)) => {
                    [format!("{} {}", best.reading, number(best.score)), format!("at {}", whole(file.step))]
                }
                None => [String::new(), String::new()],
            };
            let name = report.run().file_name().map(|name| name.to_string_lossy().into_owned());
            let (outcome, steps) = report.outcome();
            rows.push(vec![name.unwrap_or_default(), set.join(" "), outcome, whole(steps), score, at]);
        }
        let heading = styled(HEADING, &counted(self.members.len() as u64, "run"));
        let dir = self.population.display().to_string();
        let (first, second) = (self.run(0), self.run(1));
        let next = [text::command(&["compare", &first, &second]), text::command(&["show", &first])];
        screen::print(&format!(
            "{heading} in {dir}\n{}\nnext\n  {}\n",
            table(&rows, "  ", 2),
            next.join("\n  ")
        ))
    }

    fn run(&self, at: usize) -> String {
        let one = self.members.get(at).or(self.members.first());
        one.map_or_else(String::new, |one| one.report.run().display().to_string())
    }
}

/// What to type to go on.
pub(super) fn resume(folder: &Path) -> String {
    command(&["train", "--resume", &folder.display().to_string()])
}

/// A device that could not go on.
pub(super) fn broken(folder: &Path, source: TrainError) -> Failure {
    Failure::run(Stopped::Broken { source, resume: resume(folder) })
}

/// A run that diverged is a result; that all did, or that one could not go on or was stopped, is said by the exit code.
pub(super) fn judge(
    populace: &Populace,
    outcomes: Vec<Result<Outcome, TrainError>>,
    halts: &[Option<Halt>],
) -> Result<(), Failure> {
    let Populace { folder, planned_for, members, .. } = populace;
    // Those that ended in an earlier session count too.
    let n = members.len();
    let struck = halts.iter().filter_map(|halt| match halt {
        Some(Halt::Struck(finding)) => Some(finding.name),
        _ => None,
    });
    let struck: Vec<&str> = struck.collect();
    let is_interrupted = outcomes
        .iter()
        .zip(halts)
        .any(|(outcome, halt)| matches!(outcome, Ok(Outcome::Interrupted)) && halt.is_none());
    let mut failed = outcomes.into_iter().enumerate().filter_map(|(at, outcome)| Some((at, outcome.err()?)));
    if let Some((at, why)) = failed.next() {
        let run = planned_for[at].clone();
        return Err(Failure::run(Stopped::Failed { run, why, more: failed.count() }));
    }
    if is_interrupted {
        return Err(Failure::run(Stopped::Interrupted { resume: resume(folder) }));
    }
    if !struck.is_empty() {
        let mut names = struck.clone();
        names.sort_unstable();
        names.dedup();
        let stopped = Stopped::Struck { n: struck.len(), names: names.join(", ") };
        return Err(Failure::Sick(Some(stopped.into())));
    }
    let diverged = |member: &Member| {
        let run = RunFolder::open(&folder.join(&member.folder));
        run.is_ok_and(|run| {
            RunReader::open(&run).summary().is_ok_and(|summary| summary.outcome == "diverged")
        })
    };
    match members.iter().all(diverged) {
        true => Err(Failure::run(Stopped::Diverged { n })),
        false => Ok(()),
    }
}
