//! A run's tensors as it starts, or as its last checkpoint left them.

use ganatomy_record::{Checkpoints, Direction, RunReader};
use ganatomy_tensor::Store;

use super::{Session, TrainError};
use crate::average;
use crate::checkpoint::{CheckpointError, load};
use crate::game::Who;
use crate::plan::Plan;

/// Parameters and statistics as they are before training.
pub(crate) fn initial(plan: &Plan) -> Result<Store<f32>, TrainError> {
    let mut store = Store::new();
    store.insert("step", [], vec![0.0])?;
    for player in plan.game.players() {
        for d in &player.declared {
            let values = d.init.values(&d.shape, &d.name, plan.seed);
            if player.who == Who::GENERATOR && !plan.average.is_none() {
                store.insert(&average::name(&d.name), d.shape.clone(), values.clone())?;
            }
            store.insert(&d.name, d.shape.clone(), values)?;
        }
    }
    Ok(store)
}

/// Loads the latest checkpoint, if there is one; answers its step and its seconds.
pub(super) fn resume(
    plan: &Plan,
    session: &Session<'_>,
    store: &mut Store<f32>,
) -> Result<(u64, f64), TrainError> {
    let latest = match session.folder {
        Some(folder) => Checkpoints::latest(folder)?.map(|file| (folder, file)),
        None => None,
    };
    let Some((folder, file)) = latest else {
        return Ok((0, 0.0));
    };
    let description = load(&file, store)?;
    let wanted = plan.data.fingerprint();
    if description.data != wanted {
        let (path, found) = (file.path.display().to_string(), description.data);
        return Err(CheckpointError::Data { path, found, wanted }.into());
    }
    let step = description.step.min(plan.steps);
    let secs = RunReader::open(folder).read_all()?.iter().rev().find_map(|event| match event {
        // A run killed right after storing a checkpoint has not told of it: the last event before counts.
        event if event.step() <= description.step => Some(event.secs()),
        _ => None,
    });
    Ok((step, secs.unwrap_or(0.0)))
}

/// The checkpoints of a run folder, without those that a resumed run has not reached.
pub(super) fn open_checkpoints(
    plan: &Plan,
    folder: &ganatomy_record::RunFolder,
    better: Direction,
    step: u64,
) -> Result<Checkpoints, TrainError> {
    let mut checkpoints = Checkpoints::open(folder, plan.cadence.keep_last, better)?;
    checkpoints.rewind(step)?;
    Ok(checkpoints)
}
