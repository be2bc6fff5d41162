//! The folder a run is written to: a new one, or that of a run which goes on.

use std::path::{Path, PathBuf};

use ganatomy_record::{Checkpoints, RecordError, RunFolder, first_difference};

use super::Train;
use super::continuation::{Misfit, renewed};
use super::plan::{Planned, SESSION};
use super::withdraw::{missing, withdraw};
use crate::cli::failure::Failure;
use crate::cli::places;

/// Where the run is written.
pub(super) struct Beginning {
    pub(super) folder: RunFolder,
    /// For a run that goes on: the spec and plan that replace the old ones.
    pub(super) renewed: Option<(String, String)>,
    /// The folders that were made for a new run, innermost first.
    made: Vec<PathBuf>,
}

impl Beginning {
    /// Makes the folder, or opens it to go on.
    pub(super) fn new(train: &Train, planned: &Planned) -> Result<Beginning, Failure> {
        match &train.resume {
            Some(run) => resume(run, planned),
            None => create(train, planned),
        }
    }

    /// Leaves nothing of a new run that never made a step.
    pub(super) fn withdraw(&self) {
        if self.renewed.is_none() {
            withdraw(&self.folder, &self.made);
        }
    }
}

fn create(train: &Train, planned: &Planned) -> Result<Beginning, Failure> {
    let (spec, plan) = (planned.spec.source(), planned.table().to_string());
    let make = |path: &Path| {
        let made = missing(path);
        let folder = RunFolder::create(path, train.overwrite, &spec, &plan)?;
        Ok(Beginning { folder, renewed: None, made })
    };
    if let Some(path) = &train.out {
        return make(path).map_err(Failure::request);
    }
    let free = || places::new_run(planned.plan.name(), planned.plan.seed(), train.overwrite);
    for _ in 0..MOST_TRIES {
        match make(&free()) {
            // Another process has taken the name since it was free.
            Err(RecordError::Exists { .. } | RecordError::InUse { .. } | RecordError::NotEmpty { .. })
                if !train.overwrite => {}
            made => return made.map_err(Failure::request),
        }
    }
    make(&free()).map_err(Failure::request)
}

/// Names that are tried while other processes take them.
const MOST_TRIES: usize = 100;

fn resume(run: &Path, planned: &Planned) -> Result<Beginning, Failure> {
    let folder = RunFolder::resume(run).map_err(Failure::request)?;
    let (plan, steps) = (planned.table(), planned.plan.steps());
    let old = folder.plan().map_err(Failure::request)?;
    if let Some(difference) = first_difference(&old, &plan, &["steps", SESSION]).map(Box::new) {
        return Err(Failure::request(Misfit::Plan { run: run.to_owned(), difference }));
    }
    let made = steps_made(&folder).map_err(Failure::request)?;
    if made > steps {
        return Err(Failure::request(Misfit::Steps { run: run.to_owned(), made, steps }));
    }
    let spec = renewed(&folder, steps).map_err(Failure::request)?;
    Ok(Beginning { folder, renewed: Some((spec, plan.to_string())), made: Vec::new() })
}

/// The step of the latest checkpoint.
fn steps_made(folder: &RunFolder) -> Result<u64, RecordError> {
    Ok(Checkpoints::latest(folder)?.map_or(0, |latest| latest.step))
}
