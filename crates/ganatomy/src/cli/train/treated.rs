//! `--treat`: a run that has been ill for a while is treated, and what did best goes on.

use std::path::{Path, PathBuf};

use ganatomy_record::{Outcome, RunFolder, RunReader};
use ganatomy_train::Registry;
use toml::{Table, Value};

use super::Train;
use super::plan::Planned;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::cli::sink::{Halt, Interrupt};
use crate::cli::text::{command, whole};
use crate::cli::treat::{GoOn, Treat};

/// A run is treated once, and the one that goes on may be treated again, so many times in all.
const MOST: u64 = 3;
/// Steps of a fork, as a share of the run's.
const SHARE: f64 = 0.2;
/// What is kept and drawn of a fork is not what is kept and drawn of the run that goes on.
const OWN: [[&str; 2]; 2] = [["checkpoint", "keep_last"], ["samples", "every_steps"]];

/// Why a run is treated.
pub(super) enum Ill {
    /// A verdict of this name has stood for long enough.
    Stands(String),
    /// It diverged.
    Diverged,
}

impl Train {
    /// The steps after which something that is wrong is treated, if anything is.
    pub(super) fn patience(&self, planned: &Planned) -> Option<u64> {
        let usual = planned.plan.steps().div_ceil(10);
        (self.treat && self.treatments < MOST).then(|| self.treat_after.unwrap_or(usual).max(1))
    }

    /// Why a run that has ended or was stopped is to be treated, if it is.
    pub(super) fn ill(&self, outcome: &Outcome, halt: Option<&Halt>, interrupt: &Interrupt) -> Option<Ill> {
        let may = self.treat && self.treatments < MOST && !interrupt.was_asked();
        match (outcome, halt) {
            (Outcome::Diverged { .. }, _) if may => Some(Ill::Diverged),
            (Outcome::Interrupted, Some(Halt::Stood(name))) if may => Some(Ill::Stands(name.clone())),
            _ => None,
        }
    }

    /// Treats a run, and goes on with the best of its forks, or with itself where none is better.
    pub(super) fn treat_and_go_on(
        &self,
        run: &Path,
        ill: &Ill,
        planned: &Planned,
        registry: &Registry,
        screen: &Screen,
    ) -> Result<(), Failure> {
        let path = run.display().to_string();
        let why = match ill {
            Ill::Stands(name) => format!("{path} has been ill for a while ({name})"),
            Ill::Diverged => format!("{path} has diverged"),
        };
        screen.line(&format!("{why}: trying what may mend it"));
        let share = self.treat_share.unwrap_or(SHARE);
        let treat = Treat::within(run, share, command(&["train", "--resume", &path, "--treat"]));
        let found = match treat.best(registry, screen) {
            Ok(found) => found,
            // What nothing can be tried for goes on as it is.
            Err(Failure::Request(error)) => {
                screen.note(&error.to_string());
                None
            }
            Err(failure) => return Err(failure),
        };
        if let Some((sentence, _)) = &found {
            screen.line(sentence);
        }
        match found.and_then(|(_, go_on)| go_on) {
            Some(best) => self.go_on_with(&best, run, planned, registry, screen),
            None => {
                screen.line(&format!("{path} goes on as it was"));
                let own = Train { treat: false, ..self.resumed(run) };
                own.run(registry)
            }
        }
    }

    /// Goes on with a fork in a folder of its own, which may be there already.
    fn go_on_with(
        &self,
        best: &GoOn,
        run: &Path,
        planned: &Planned,
        registry: &Registry,
        screen: &Screen,
    ) -> Result<(), Failure> {
        let steps = planned.plan.steps().max(best.made + 1);
        let mended = mended(run);
        screen.line(&format!(
            "going on with {} after step {}, into {}",
            best.arm,
            whole(best.made),
            mended.display()
        ));
        let treatments = self.treatments + 1;
        if goes_on_from(&mended, &best.run) {
            return Train { treatments, steps: Some(steps), ..self.resumed(&mended) }.run(registry);
        }
        let train = Train {
            spec: None,
            with: Vec::new(),
            set: own(&planned.table()),
            from: Some(best.run.display().to_string()),
            out: Some(mended),
            resume: None,
            step: None,
            best: false,
            steps: Some(steps),
            seed: None,
            keep_schedule: true,
            treatments,
            ..self.clone()
        };
        train.run(registry)
    }

    /// The same command for a run that goes on where it is.
    fn resumed(&self, run: &Path) -> Train {
        Train {
            spec: None,
            with: Vec::new(),
            set: Vec::new(),
            from: None,
            out: None,
            resume: Some(run.to_owned()),
            step: None,
            best: false,
            overwrite: false,
            keep_schedule: false,
            seed: None,
            ..self.clone()
        }
    }
}

/// The fields of the treated run's plan that its forks had otherwise.
fn own(plan: &Table) -> Vec<String> {
    let value = |[table, key]: [&str; 2]| Some(format!("{table}.{key}={}", plan.get(table)?.get(key)?));
    OWN.into_iter().filter_map(value).collect()
}

/// `runs/ring-0-mended`.
fn mended(run: &Path) -> PathBuf {
    let name = run.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    run.with_file_name(format!("{name}-mended"))
}

/// Is there a run in this folder that began at a checkpoint of this other?
fn goes_on_from(folder: &Path, parent: &Path) -> bool {
    let parent_of = |folder: &RunFolder| {
        let plan = folder.plan().ok()?;
        let parent = plan.get("origin")?.get("parent").and_then(Value::as_str)?;
        Path::new(parent).canonicalize().ok()
    };
    RunFolder::open(folder).ok().is_some_and(|folder| {
        RunReader::open(&folder).summary().is_ok() && parent_of(&folder) == parent.canonicalize().ok()
    })
}
