//! `--stop-when`: the verdicts that stop a run.

use std::fmt;

use ganatomy_clinic::{Finding, verdicts};
use ganatomy_record::{Checkpoints, RunFolder, nearest};

use crate::cli::failure::Failure;
use crate::cli::text::{command, whole};

#[derive(Debug, thiserror::Error)]
#[error(
    "--stop-when names no verdict: \"{name}\"{}; the verdicts are {}",
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default(), known.join(", ")
)]
struct Unknown {
    name: String,
    nearest: Option<&'static str>,
    known: Vec<&'static str>,
}

/// Refuses names that are no verdicts.
pub(super) fn check(names: &[String]) -> Result<(), Failure> {
    let known: Vec<&str> = verdicts().iter().map(|verdict| verdict.name).collect();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let nearest = nearest(name, known.iter().copied());
            Err(Failure::request(Unknown { name: name.clone(), nearest, known }))
        }
    }
}

/// How a run was stopped by a verdict, or ended with it.
#[derive(Debug)]
pub(super) struct Struck {
    finding: Finding,
    has_ended: bool,
    best: Option<u64>,
    diagnose: String,
    resume: String,
}

impl Struck {
    /// The run in this folder, by this verdict.
    pub(super) fn new(finding: Finding, has_ended: bool, folder: &RunFolder) -> Struck {
        let run = folder.path().display().to_string();
        let best = Checkpoints::best(folder).ok().flatten().map(|(file, _)| file.step);
        let (diagnose, resume) = (command(&["diagnose", &run]), command(&["train", "--resume", &run]));
        Struck { finding, has_ended, best, diagnose, resume }
    }
}

impl fmt::Display for Struck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { name, since_step, sentence, .. } = &self.finding;
        let (how, since) = (if self.has_ended { "ended with" } else { "was stopped by" }, whole(*since_step));
        write!(f, "the run {how} {name}, since step {since}: {}", sentence.trim_end_matches('.'))?;
        if let Some(best) = self.best {
            write!(f, "; its best checkpoint, of step {}, is kept", whole(best))?;
        }
        write!(f, "; see what may mend it with {}", self.diagnose)?;
        if !self.has_ended {
            write!(f, ", or go on all the same with {}", self.resume)?;
        }
        Ok(())
    }
}
