//! Arms that are forks: each begins at another run's checkpoint, with that run's plan as its base.

use std::path::{Path, PathBuf};

use ganatomy_record::{CheckpointFile, RecordError, RunFolder, RunSpec, Sum, Which};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::StudyError;

/// The checkpoint of another run that an arm begins at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The run's folder.
    pub run: PathBuf,
    /// The steps that it had made.
    pub step: u64,
    /// The SHA-256 of the checkpoint's file.
    pub sum: String,
    /// The arm has the run's plan but cannot begin at its checkpoint (or is not to): it begins at the first step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
}

/// The tables of a plan that are about one session of a run.
const ABOUT: [&str; 2] = ["session", "origin"];

/// The run and the checkpoint of `RUN`, `RUN@STEP` or `RUN@best`, seen from a folder; nothing where it is written otherwise.
///
/// ```
/// use ganatomy_record::Which;
/// let split = |asked| ganatomy_study::fork::split(asked, "".as_ref());
/// assert_eq!(split("runs/ring-0@500"), Some(("runs/ring-0".into(), Which::Step(500))));
/// assert_eq!(split("runs/ring-0"), Some(("runs/ring-0".into(), Which::Latest)));
/// assert_eq!(split("runs/ring-0@last"), None);
/// ```
pub fn split(asked: &str, from: &Path) -> Option<(PathBuf, Which)> {
    // A folder may have an @ in its name.
    if from.join(asked).is_dir() {
        return Some((PathBuf::from(asked), Which::Latest));
    }
    let Some((run, at)) = asked.rsplit_once('@') else {
        return Some((PathBuf::from(asked), Which::Latest));
    };
    let which = match at {
        "best" => Which::Best,
        step => Which::Step(step.parse().ok()?),
    };
    (!run.is_empty()).then(|| (PathBuf::from(run), which))
}

impl Fork {
    /// The checkpoint that `RUN`, `RUN@STEP` or `RUN@best` names, seen from a folder.
    ///
    /// # Errors
    /// What is written otherwise, as one sentence's end; a run or checkpoint that is not there or cannot be read.
    pub fn find(asked: &str, from: &Path) -> Result<Fork, Box<dyn std::error::Error + Send + Sync>> {
        let (run, which) = split(asked, from)
            .ok_or_else(|| format!("from is written RUN, RUN@STEP or RUN@best, found {asked}"))?;
        let folder = RunFolder::open(&from.join(run))?;
        let file = which.of(&folder)?;
        let run = std::path::absolute(folder.path()).unwrap_or_else(|_| folder.path().to_owned());
        Ok(Fork { run, step: file.step, sum: sum(&file)?, anew: false })
    }

    /// The run's plan as a spec, every default pinned, its schedules ending where they did.
    ///
    /// # Errors
    /// A plan that cannot be read.
    pub fn spec(&self) -> Result<RunSpec, Box<dyn std::error::Error + Send + Sync>> {
        let folder = RunFolder::open(&self.run)?;
        let mut plan = folder.plan()?;
        ABOUT.iter().for_each(|about| drop(plan.remove(*about)));
        let ends = ["schedule_steps", "steps"]
            .iter()
            .find_map(|key| plan.get(*key)?.as_integer().filter(|n| *n > 0));
        if let Some(ends) = ends {
            plan.insert("schedule_steps".to_owned(), Value::Integer(ends));
        }
        Ok(RunSpec::parse(&plan.to_string(), &self.run.join("plan.toml").display().to_string())?)
    }

    /// The checkpoint, if it is still the one that the study was begun with; nothing where the arm begins anew.
    ///
    /// # Errors
    /// A checkpoint that is gone or has changed.
    pub fn checkpoint(&self) -> Result<Option<CheckpointFile>, StudyError> {
        if self.anew {
            return Ok(None);
        }
        let file = Which::Step(self.step).of(&RunFolder::open(&self.run)?)?;
        match sum(&file)? == self.sum {
            true => Ok(Some(file)),
            false => Err(StudyError::Parent { checkpoint: file.path }),
        }
    }

    /// The step that the arm's runs begin after.
    pub fn begins_after(&self) -> u64 {
        if self.anew { 0 } else { self.step }
    }

    /// What the plans of the arm's runs record of it, as a fork made by `ganatomy train --from` does.
    pub(crate) fn origin(&self) -> Option<Table> {
        let step = i64::try_from(self.step).ok().filter(|_| !self.anew)?;
        let run = self.run.display().to_string();
        Some(
            [("parent".to_owned(), run.into()), ("parent_step".to_owned(), step.into())]
                .into_iter()
                .collect(),
        )
    }
}

/// The SHA-256 of a checkpoint's file, read a little at a time.
fn sum(file: &CheckpointFile) -> Result<String, RecordError> {
    let read = || {
        let (mut sum, mut part) = (Sum::default(), vec![0; 1 << 16]);
        let mut open = std::fs::File::open(&file.path)?;
        loop {
            match std::io::Read::read(&mut open, &mut part)? {
                0 => return Ok(sum.digits()),
                n => sum.add(&part[..n]),
            }
        }
    };
    read().map_err(|cause: std::io::Error| RecordError::Io { action: "read", path: file.path.clone(), cause })
}
