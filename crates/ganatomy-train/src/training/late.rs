//! Readings that are worked out beside training: begun at their step, and reported before the record goes on.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ganatomy_record::{Event, Marks, Sink};
use ganatomy_tensor::{Store, StoreError};

use super::keep;
use super::report::stored;
use crate::error::TrainError;
use crate::plan::cadence::due;
use crate::probe::{Later, Pending};
use crate::state::{first_not_finite, is_state};
use crate::training::Training;

/// Readings of one step that are being worked out.
pub(super) struct Late {
    step: u64,
    secs: f64,
    pending: Pending,
    /// The state of that step, where it may be the best and training may have left it.
    state: Option<State>,
}

/// A state as it was.
struct State {
    store: Store<f32>,
    unrest: Option<f64>,
}

impl Training {
    /// Begins to work out readings of this step, beside those that are there.
    pub(super) fn begin_late(
        &mut self,
        later: Vec<Later>,
        values: &BTreeMap<String, f64>,
    ) -> Result<(), TrainError> {
        if later.is_empty() {
            return Ok(());
        }
        let pending = Pending::begin(later);
        // A state that is judged by what is known already is stored at its step.
        let judged = self.best_by.as_ref().is_some_and(|(name, _)| !values.contains_key(name));
        let state = match matches!(pending, Pending::Beside(_)) && judged {
            true => Some(State { store: states(&self.store)?, unrest: self.unrest() }),
            false => None,
        };
        self.late = Some(Late { step: self.step, secs: self.secs(), pending, state });
        Ok(())
    }

    /// Is anything to be recorded at a step? The probes are known by then.
    pub(super) fn is_eventful_at(&self, step: u64) -> bool {
        let (cadence, last) = (&self.plan.cadence, self.plan.steps());
        let every =
            [cadence.readings_every_steps, cadence.samples_every_steps, cadence.checkpoint_every_steps];
        let probes = self.probes.iter().flatten().map(|probe| probe.every_steps);
        every.into_iter().chain(probes).any(|every| due(every, step, last)) || step == last
    }

    /// Reports readings that were begun, once they are there: those of an earlier step always; those of this step where they need
    /// no waiting, or where they must be there now. Answers what a checkpoint of this step scores by them.
    ///
    /// So the record has the same lines in the same order whatever works beside training, and a checkpoint never
    /// comes before the readings of its step or of an earlier one.
    pub(super) fn report_late(
        &mut self,
        must: bool,
        sink: &mut dyn Sink,
    ) -> Result<(ControlFlow<()>, Option<f64>), TrainError> {
        let is_due = |late: &mut Late| must || matches!(late.pending, Pending::Done(_));
        let Some(Late { step, secs, pending, state }) = self.late.take_if(is_due) else {
            return Ok((ControlFlow::Continue(()), None));
        };
        let values: BTreeMap<String, f64> = pending.wait()?.into_iter().collect();
        let score = self.score(&values);
        let flow = sink.receive(&Event::Readings { step, secs, values })?;
        if step == self.step {
            return Ok((flow, score));
        }
        let best = score.filter(|score| self.is_best(*score));
        let (Some(State { store, unrest }), Some(score)) = (state, best) else {
            return Ok((flow, None));
        };
        if first_not_finite(&store).is_some() {
            return Ok((flow, None));
        }
        let Some(checkpoints) = &mut self.checkpoints else {
            return Ok((flow, None));
        };
        let marks = Marks { score: Some(score), unrest };
        let file = stored(checkpoints, &self.plan.rules, &store, step, marks)?;
        Ok((keep(flow, sink.receive(&Event::Checkpoint { step, secs, file })?), None))
    }
}

/// A copy of the state alone.
fn states(store: &Store<f32>) -> Result<Store<f32>, StoreError> {
    let mut copy = Store::new();
    for (name, array) in store.iter().filter(|(name, _)| is_state(name)) {
        copy.insert(name, array.shape().clone(), array.values().to_vec())?;
    }
    Ok(copy)
}
