//! A fork: a new run that begins at another run's checkpoint, with a changed spec.

use std::path::Path;

use ganatomy_record::{CheckpointFile, Checkpoints, RunFolder, RunSpec, Which};
use ganatomy_study::fork::split;
use toml::{Table, Value};

use super::Train;
use super::continuation::{SCHEDULE_STEPS, schedule_steps};
use super::plan::{ORIGIN, SESSION};
use crate::cli::failure::Failure;
use crate::cli::import::own;
use crate::cli::spec;

/// A checkpoint that a run begins at.
pub(super) struct Parent {
    pub(super) folder: RunFolder,
    pub(super) file: CheckpointFile,
}

/// A request that names no checkpoint to fork from.
#[derive(Debug, thiserror::Error)]
#[error("--from is written RUN, RUN@STEP or RUN@best, found {asked}")]
struct Unclear {
    asked: String,
}

impl Parent {
    /// The checkpoint that `--from` names.
    pub(super) fn asked(from: &str) -> Result<Parent, Failure> {
        let (run, which) =
            split(from, Path::new("")).ok_or_else(|| Failure::request(Unclear { asked: from.to_owned() }))?;
        let folder = own(&run)?;
        let file = which.of(&folder).map_err(Failure::request)?;
        Ok(Parent { folder, file })
    }

    /// The parent of a fork that was killed before it stored a checkpoint of its own.
    pub(super) fn recorded(fork: &RunFolder, plan: &Table) -> Result<Option<Parent>, Failure> {
        let of = |key: &str| plan.get(ORIGIN)?.get(key);
        let (Some(run), Some(step)) =
            (of(PARENT).and_then(Value::as_str), of(STEP).and_then(Value::as_integer))
        else {
            return Ok(None);
        };
        if Checkpoints::latest(fork).map_err(Failure::request)?.is_some() {
            return Ok(None);
        }
        let folder = RunFolder::open(Path::new(run)).map_err(Failure::request)?;
        let file = Which::Step(step.unsigned_abs()).of(&folder).map_err(Failure::request)?;
        Ok(Some(Parent { folder, file }))
    }

    /// The parent's plan as a spec, with every default pinned, and what is asked on top.
    pub(super) fn spec(&self, train: &Train) -> Result<RunSpec, Failure> {
        let mut plan = self.folder.plan().map_err(Failure::request)?;
        for about in [SESSION, ORIGIN] {
            plan.remove(about);
        }
        let origin = self.folder.path().join("plan.toml").display().to_string();
        let mut pinned = RunSpec::parse(&plan.to_string(), &origin).map_err(Failure::request)?;
        if train.keep_schedule {
            pinned.set(&format!("{SCHEDULE_STEPS}={}", schedule_steps(&plan))).map_err(Failure::request)?;
        }
        let mut spec = spec::lay(pinned, "run", &train.with)?;
        spec::apply(&mut spec, &train.assignments()).map_err(Failure::request)?;
        Ok(spec)
    }

    /// What the fork's plan records of it.
    pub(super) fn record(&self, origin: &mut Table) {
        let path = self.folder.path();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        origin.insert(PARENT.to_owned(), path.display().to_string().into());
        origin.insert(STEP.to_owned(), i64::try_from(self.file.step).unwrap_or(i64::MAX).into());
    }

    /// For people: `runs/ring-0 at step 500`.
    pub(super) fn name(&self) -> String {
        format!("{} at step {}", self.folder.path().display(), self.file.step)
    }
}

/// The keys of a fork's origin: its parent's folder, and the step of the parent's checkpoint.
const PARENT: &str = "parent";
const STEP: &str = "parent_step";

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_checkpoint_follows_an_at() {
        let check = |asked: &str, expected: Option<(&str, Which)>| {
            let found = split(asked, Path::new(""));
            assert_eq!(found, expected.map(|(run, which)| (PathBuf::from(run), which)), "{asked}");
        };
        check("runs/none", Some(("runs/none", Which::Latest)));
        check("runs/none@500", Some(("runs/none", Which::Step(500))));
        check("none@best", Some(("none", Which::Best)));
        check("me@home/none@7", Some(("me@home/none", Which::Step(7))));
        for unclear in ["none@", "none@-1", "none@last", "@5", "none@5.5"] {
            check(unclear, None);
        }
        let place = tempfile::tempdir().unwrap();
        let odd = place.path().join("a@5");
        std::fs::create_dir(&odd).unwrap();
        check(odd.to_str().unwrap(), Some((odd.to_str().unwrap(), Which::Latest)));
    }
}
