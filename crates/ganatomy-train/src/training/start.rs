//! Where a session begins: at the first step, after a checkpoint of its folder, or at another run's checkpoint.

use ganatomy_record::{
    CheckpointFile, Checkpoints, Direction, Event, RecordError, RunFolder, RunReader, Which,
};
use ganatomy_tensor::Store;

use super::Session;
use super::inherit::{Inherited, inherit};
use crate::checkpoint::{CheckpointError, load};
use crate::error::TrainError;
use crate::plan::Plan;

/// Where a session begins.
pub(super) struct Start {
    pub step: u64,
    /// Seconds of training before.
    pub secs: f64,
    /// Is it gone on with, from a checkpoint of its own?
    pub resumed: bool,
    /// What a fork has from its parent.
    pub inherited: Option<Inherited>,
}

/// Loads the checkpoint that the session begins at, if there is one.
pub(super) fn start(plan: &Plan, session: &Session, store: &mut Store<f32>) -> Result<Start, TrainError> {
    let own = match session.resume {
        true => own_checkpoint(session)?,
        false => None,
    };
    match (own, &session.parent) {
        (Some(file), _) => resume(plan, session, &file, store),
        (None, Some(parent)) => {
            let (step, inherited) = inherit(parent, &plan.rules, store)?;
            Ok(Start { step, secs: 0.0, resumed: false, inherited: Some(inherited) })
        }
        (None, None) => Ok(Start { step: 0, secs: 0.0, resumed: false, inherited: None }),
    }
}

/// The checkpoint to go on from; nothing where the run has not stored one yet.
fn own_checkpoint(session: &Session) -> Result<Option<CheckpointFile>, TrainError> {
    let folder = session.folder.as_ref().ok_or(TrainError::NoFolder { what: "going on with a run" })?;
    match session.which.of(folder) {
        Ok(file) => Ok(Some(file)),
        Err(RecordError::NoCheckpoints { path }) if session.which == Which::Latest => {
            let stored = RunReader::open(folder).read_all()?.iter().rev().find_map(|event| match event {
                Event::Checkpoint { step, .. } => Some(*step),
                _ => None,
            });
            stored.map_or(Ok(None), |step| Err(RecordError::CheckpointsGone { path, step }.into()))
        }
        Err(error) => Err(error.into()),
    }
}

fn resume(
    plan: &Plan,
    session: &Session,
    file: &CheckpointFile,
    store: &mut Store<f32>,
) -> Result<Start, TrainError> {
    let description = load(file, store)?;
    let wanted = plan.rules.data.fingerprint();
    if description.data != wanted {
        let (path, found) = (file.path.display().to_string(), description.data);
        return Err(CheckpointError::Data { path, found, wanted }.into());
    }
    let step = description.step;
    let events = session.folder.as_ref().map(|folder| RunReader::open(folder).read_all()).transpose()?;
    // A run killed right after storing a checkpoint has no event of it: the last event before counts.
    let before = events.iter().flatten().rev().find(|event| event.step() <= step);
    Ok(Start { step, secs: before.map_or(0.0, Event::secs), resumed: true, inherited: None })
}

/// Refuses to begin anew in a folder that holds a run's checkpoints: they would be lost.
pub(super) fn check_unused(session: &Session) -> Result<(), TrainError> {
    match &session.folder {
        Some(folder) if !session.resume && Checkpoints::latest(folder)?.is_some() => {
            Err(TrainError::Occupied { path: folder.path().display().to_string() })
        }
        _ => Ok(()),
    }
}

/// The checkpoints of a run folder, without those that a resumed run has not reached.
pub(super) fn open_checkpoints(
    plan: &Plan,
    folder: &RunFolder,
    judged_by: Option<(&str, Direction)>,
    step: u64,
) -> Result<Checkpoints, TrainError> {
    let (reading, better) = judged_by.unwrap_or(("", Direction::None));
    let mut checkpoints = Checkpoints::open(folder, plan.cadence.keep_last, better)?.judged_by(reading);
    checkpoints.rewind(step)?;
    Ok(checkpoints)
}
