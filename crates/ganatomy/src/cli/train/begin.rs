//! The folder a run is written to: a new one, or that of a run which goes on.

use std::path::{Path, PathBuf};

use ganatomy_record::{
    Checkpoints, Difference, FieldDoc, RecordError, RunFolder, RunReader, Which, first_difference,
};
use toml::{Table, Value};

use super::Train;
use super::continuation::{Misfit, SCHEDULE_STEPS, SPEC, STEPS, edited, fork, known_plan, renewed, spec_sum};
use super::plan::{ORIGIN, Planned, SESSION};
use super::treated;
use super::withdraw::{missing, withdraw};
use crate::cli::failure::Failure;
use crate::cli::places;
use crate::cli::screen::Screen;

/// Where the run is written.
pub(super) struct Beginning {
    pub(super) folder: RunFolder,
    /// For a run that goes on: the spec and plan that replace the old ones.
    pub(super) renewed: Option<(String, String)>,
    /// The checkpoint that a run which goes on begins at.
    pub(super) which: Which,
    /// The folders that were made for a new run, innermost first.
    made: Vec<PathBuf>,
}

impl Beginning {
    /// Makes the folder, or opens it to go on.
    pub(super) fn new(train: &Train, planned: &Planned) -> Result<Beginning, Failure> {
        match &train.resume {
            Some(run) => resume(train, run, planned),
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
    let parent = planned.parent.as_ref().and_then(|parent| parent.folder.path().canonicalize().ok());
    let make = |path: &Path| {
        if train.treat {
            treated::check_free(path)?;
        }
        if parent.is_some() && path.canonicalize().ok() == parent {
            return Err(RecordError::other(Misfit::Itself { run: path.to_owned() }));
        }
        let made = missing(path);
        let folder = RunFolder::create(path, train.overwrite, &spec, &plan)?;
        Ok(Beginning { folder, renewed: None, which: Which::Latest, made })
    };
    if let Some(path) = &train.out {
        places::check_output(path)?;
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

fn resume(train: &Train, run: &Path, planned: &Planned) -> Result<Beginning, Failure> {
    let folder = RunFolder::resume(run).map_err(Failure::request)?;
    if let Some(edited) = edited(&folder)? {
        return Err(Failure::request(edited));
    }
    let (mut plan, steps) = (planned.table(), planned.plan.steps());
    let old = known_plan(&folder)?;
    if let Some(difference) = difference(&old, &plan, &planned.plan.resolved().fields).map(Box::new) {
        return Err(Failure::request(Misfit::Plan { run: run.to_owned(), difference }));
    }
    let made = match train.which() {
        Which::Latest => Checkpoints::latest(&folder).map(|latest| latest.map_or(0, |latest| latest.step)),
        which => which.of(&folder).map(|file| file.step),
    };
    let made = made.map_err(Failure::request)?;
    if made > steps {
        return Err(Failure::request(Misfit::Steps { run: run.to_owned(), made, steps }));
    }
    if RunReader::open(&folder).summary().is_ok_and(|summary| summary.outcome == "diverged") {
        let fork = fork(run, None);
        Screen::new().note(&format!(
            "this run has diverged, and with its own spec it can only do so again; with another it begins anew by {fork}"
        ));
    }
    let spec = renewed(&folder, &plan).map_err(Failure::request)?;
    // A run from before there were origins has had none.
    let mut origin = old.get(ORIGIN).and_then(Value::as_table).cloned().unwrap_or_default();
    let written: Table = spec.parse().map_err(Failure::request)?;
    origin.insert(SPEC.to_owned(), spec_sum(&written).into());
    plan.insert(ORIGIN.to_owned(), origin.into());
    let renewed = Some((spec, plan.to_string()));
    Ok(Beginning { folder, renewed, which: train.which(), made: Vec::new() })
}

/// The first difference that matters between a run's plan and the one it would go on with. A field that an earlier version did
/// not have is no difference while it has its default.
fn difference(old: &Table, new: &Table, fields: &[FieldDoc]) -> Option<Difference> {
    let mut ignored =
        vec![STEPS, SCHEDULE_STEPS, SESSION, ORIGIN].into_iter().map(str::to_owned).collect::<Vec<_>>();
    loop {
        let names: Vec<&str> = ignored.iter().map(String::as_str).collect();
        let found = first_difference(old, new, &names)?;
        let default = fields.iter().find(|field| field.name == found.key).map(|field| field.default.as_str());
        let is_empty = found.new.as_ref().and_then(Value::as_table).is_some_and(Table::is_empty);
        let is_default = is_empty || found.new.as_ref().map(Value::to_string).as_deref() == default;
        if found.old.is_some() || !is_default {
            return Some(found);
        }
        ignored.push(found.key);
    }
}
