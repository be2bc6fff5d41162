//! The run that is treated: what is wrong with it, where it is forked, and by what it is judged.

use std::path::{Path, PathBuf};

use ganatomy_clinic::{Chart, Diagnosis, Finding, diagnose, is_well, symptom};
use ganatomy_record::{Checkpoints, Direction, RunFolder, Which, nearest};
use ganatomy_study::file::Better;
use toml::{Table, Value};

use crate::cli::failure::Failure;
use crate::cli::mend::Mend;

/// A run that is treated. It is only read.
pub(super) struct Patient {
    pub(super) folder: RunFolder,
    pub(super) plan: Table,
    pub(super) chart: Chart,
    pub(super) found: Diagnosis,
}

/// What a run that has read nothing yet may be going to read, in the order in which it is taken.
const SCORES: [&str; 4] = ["samples/quality_kl", "scores/fid/fid", "scores/kid/kid", "samples/bins_js"];

/// A run that cannot be treated.
#[derive(Debug, thiserror::Error)]
pub(super) enum Untreatable {
    #[error("{} is a file and no run folder: only a run of Ganatomy can be forked; ganatomy diagnose says what is wrong with a log", path.display())]
    File { path: PathBuf },
    #[error("{} is another program's log: it has no checkpoints, and only a run of Ganatomy can be forked; ganatomy diagnose says what is wrong with it", run.display())]
    Imported { run: PathBuf },
    #[error("{} is being trained; it can be treated once it has ended or was stopped", run.display())]
    Written { run: PathBuf },
    #[error("{} reads no score of its samples, by which forks could be compared; --by READING names a reading to compare by", run.display())]
    Unscored { run: PathBuf },
    #[error("{} has no reading \"{asked}\"{} that --by could compare by; which way it is better must be known", run.display(), hint.as_ref().map(|name| format!(" (did you mean \"{name}\"?)")).unwrap_or_default())]
    NoReading { run: PathBuf, asked: String, hint: Option<String> },
    #[error("{} has made no step: there is nothing to treat", run.display())]
    Unbegun { run: PathBuf },
}

/// What runs are compared by.
pub(super) struct Score {
    pub(super) reading: String,
    pub(super) better: Better,
}

impl Patient {
    /// Reads a run that is not written now.
    pub(super) fn read(run: &Path) -> Result<Patient, Failure> {
        if run.is_file() {
            return Err(Failure::request(Untreatable::File { path: run.to_owned() }));
        }
        let folder = RunFolder::open(run).map_err(Failure::request)?;
        if folder.is_written() {
            return Err(Failure::request(Untreatable::Written { run: run.to_owned() }));
        }
        let plan = folder.plan().map_err(Failure::request)?;
        let chart = Chart::of(&folder).map_err(Failure::request)?;
        if chart.facts.is_imported {
            return Err(Failure::request(Untreatable::Imported { run: run.to_owned() }));
        }
        if chart.step() == 0 {
            return Err(Failure::request(Untreatable::Unbegun { run: run.to_owned() }));
        }
        let found = diagnose(&chart);
        Ok(Patient { folder, plan, chart, found })
    }

    /// The gravest of what is wrong.
    pub(super) fn gravest(&self) -> Option<&Finding> {
        self.found.verdicts.iter().find(|finding| !is_well(finding.name))
    }

    /// The step at which the first of what is wrong now began: what comes later may only follow from it.
    fn onset(&self) -> Option<u64> {
        let sick = self.found.verdicts.iter().filter(|finding| !is_well(finding.name));
        sick.filter(|finding| finding.is_sure()).map(|finding| finding.since_step).min()
    }

    /// Steps of a fork: this share of the run's, and enough for the untreated one to be as ill as it was, by half of that share
    /// after the onset of the gravest.
    pub(super) fn budget(&self, from: Option<u64>, share: f64) -> u64 {
        let ill = self.gravest().map_or(0, |finding| finding.since_step).saturating_sub(from.unwrap_or(0));
        let of = |share: f64| (self.steps() as f64 * share).ceil() as u64;
        of(share).max(ill + of(share / 2.0)).max(1)
    }

    /// Steps that it was to make.
    pub(super) fn steps(&self) -> u64 {
        self.count("steps").unwrap_or_else(|| self.chart.step())
    }

    /// Its seed.
    pub(super) fn seed(&self) -> u64 {
        self.count("seed").unwrap_or_default()
    }

    fn count(&self, key: &str) -> Option<u64> {
        self.plan.get(key).and_then(Value::as_integer).and_then(|count| u64::try_from(count).ok())
    }

    /// The step of the checkpoint at which forks begin, and nothing where they begin anew: the one that is asked for, else the
    /// last before what is wrong began.
    pub(super) fn from(&self, asked: Option<u64>, mend: &Mend) -> Result<Option<u64>, Failure> {
        match asked {
            Some(0) => Ok(None),
            Some(step) => {
                Which::Step(step).of(&self.folder).map(|file| Some(file.step)).map_err(Failure::request)
            }
            None => match self.onset() {
                Some(step) => Ok(mend.before(step)),
                None => {
                    let all = Checkpoints::list(&self.folder).map_err(Failure::request)?;
                    Ok(all.last().map(|file| file.step))
                }
            },
        }
    }

    /// What its forks are compared by. A run that diverged at once has read nothing yet, but says what it would have read.
    pub(super) fn score(&self, asked: Option<&str>) -> Result<Score, Failure> {
        let (run, chart) = (self.folder.path().to_owned(), &self.chart);
        let known = |name: &str| {
            Some((name.to_owned(), chart.direction(name))).filter(|found| found.1 != Direction::None)
        };
        let found = match (asked, symptom::score(chart)) {
            (Some(asked), _) => known(asked),
            (None, Some(score)) => Some((score.signal.reading.into_owned(), score.better)),
            (None, None) => SCORES.into_iter().find_map(known),
        };
        match (found, asked) {
            (Some((reading, Direction::Down)), _) => Ok(Score { reading, better: Better::Lower }),
            (Some((reading, _)), _) => Ok(Score { reading, better: Better::Higher }),
            (None, None) => Err(Failure::request(Untreatable::Unscored { run })),
            (None, Some(asked)) => {
                let names: Vec<&str> = chart.family("").map(|(name, _)| name).collect();
                let hint = nearest(asked, names).map(str::to_owned);
                Err(Failure::request(Untreatable::NoReading { run, asked: asked.to_owned(), hint }))
            }
        }
    }
}
