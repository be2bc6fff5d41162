//! Where a session begins: at the first step, or after the folder's last checkpoint.

use ganatomy_record::{Checkpoints, Direction, RunFolder, RunReader};
use ganatomy_tensor::Store;

use super::Session;
use crate::checkpoint::{CheckpointError, load};
use crate::error::TrainError;
use crate::plan::Plan;

/// Loads the latest checkpoint, if there is one; answers its step and its seconds.
pub(super) fn resume(
    plan: &Plan,
    session: &Session,
    store: &mut Store<f32>,
) -> Result<(u64, f64), TrainError> {
    let folder = session.folder.as_ref().ok_or(TrainError::NoFolder { what: "going on with a run" })?;
    let Some(file) = Checkpoints::latest(folder)? else {
        return Ok((0, 0.0));
    };
    let description = load(&file, store)?;
    let wanted = plan.rules.data.fingerprint();
    if description.data != wanted {
        let (path, found) = (file.path.display().to_string(), description.data);
        return Err(CheckpointError::Data { path, found, wanted }.into());
    }
    let step = description.step;
    let secs = RunReader::open(folder).read_all()?.iter().rev().find_map(|event| match event {
        // A run killed right after storing a checkpoint has no event of it: the last event before counts.
        event if event.step() <= description.step => Some(event.secs()),
        _ => None,
    });
    Ok((step, secs.unwrap_or(0.0)))
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
    better: Direction,
    step: u64,
) -> Result<Checkpoints, TrainError> {
    let mut checkpoints = Checkpoints::open(folder, plan.cadence.keep_last, better)?;
    checkpoints.rewind(step)?;
    Ok(checkpoints)
}
