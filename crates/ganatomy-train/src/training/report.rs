//! What a run reports of itself: its opening, its pictures, its checkpoints.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ganatomy_record::{Checkpoints, Direction, Event, Marks, Sink};
use ganatomy_tensor::Store;

use crate::checkpoint::{Description, encode};
use crate::error::TrainError;
use crate::rules::Rules;
use crate::state::first_not_finite;
use crate::training::Training;

impl Training {
    /// Seconds of training, sessions before this one included.
    pub(super) fn secs(&self) -> f64 {
        self.secs_before + (self.session.clock)()
    }

    /// The first events of the session.
    pub(super) fn opening(&mut self) -> Result<Vec<Event>, TrainError> {
        if self.resumed && self.step > 0 {
            return Ok(vec![Event::Resumed { step: self.step, secs: self.secs_before }]);
        }
        // Losses and accuracies of an adversarial game have no good direction.
        let mut directions: BTreeMap<String, Direction> =
            self.traced.names().map(|name| (name.to_owned(), Direction::None)).collect();
        directions.extend(self.probes()?.iter().flat_map(|p| p.probe.readings()));
        let (step, secs) = (self.step, self.secs_before);
        let data = Box::new(self.plan.data().summary());
        let started = Event::Started {
            step,
            secs,
            version: self.session.version.clone(),
            host: self.session.host.clone(),
            threads: self.session.cpu.threads(),
            directions,
        };
        Ok(vec![started, Event::Data { step, secs, data }])
    }

    /// The number that checkpoints are compared by.
    pub(super) fn score(&self, values: &BTreeMap<String, f64>) -> Option<f64> {
        values.get(&self.best_by.as_ref()?.0).copied()
    }

    /// Would a checkpoint with this score be the best so far?
    pub(super) fn is_best(&self, score: f64) -> bool {
        self.checkpoints.as_ref().is_some_and(|checkpoints| checkpoints.would_be_best(score))
    }

    /// The size of the largest loss of the last step, by which a healthy state is told from one that is blowing up.
    pub(super) fn unrest(&self) -> Option<f64> {
        let losses = self.traced.read(&self.store).filter(|(name, _)| name.ends_with("/loss"));
        let largest = losses
            .map(|(_, loss)| loss.abs())
            .fold(None, |most: Option<f64>, loss| Some(most.map_or(loss, |most| most.max(loss))));
        // Before a session's first step there is no loss, only zeros.
        largest.filter(|loss| *loss > 0.0)
    }

    /// The name of a state tensor that is not finite.
    pub(super) fn broken_tensor(&self) -> Option<String> {
        first_not_finite(&self.store)
    }

    /// Stores a picture and reports it.
    pub(super) fn report_samples(&mut self, sink: &mut dyn Sink) -> Result<ControlFlow<()>, TrainError> {
        let Some(camera) = self.camera.take() else {
            return Ok(ControlFlow::Continue(()));
        };
        let picture = camera.take(&mut self.look());
        self.camera = Some(camera);
        let Some(folder) = &self.session.folder else {
            return Ok(ControlFlow::Continue(()));
        };
        let file = picture?.write(folder)?;
        Ok(sink.receive(&Event::Samples { step: self.step, secs: self.secs(), file })?)
    }

    /// Stores a checkpoint and reports it.
    pub(super) fn report_checkpoint(
        &mut self,
        score: Option<f64>,
        sink: &mut dyn Sink,
    ) -> Result<ControlFlow<()>, TrainError> {
        match self.store_checkpoint(score)? {
            Some(file) => {
                Ok(sink.receive(&Event::Checkpoint { step: self.step, secs: self.secs(), file })?)
            }
            None => Ok(ControlFlow::Continue(())),
        }
    }

    /// Stores a checkpoint in the run's folder, if it has one; answers its path there.
    pub(super) fn store_checkpoint(&mut self, score: Option<f64>) -> Result<Option<String>, TrainError> {
        self.home()?;
        let marks = Marks { score, unrest: self.unrest() };
        let Training { checkpoints, plan, store, step, .. } = self;
        let Some(checkpoints) = checkpoints else {
            return Ok(None);
        };
        stored(checkpoints, &plan.rules, store, *step, marks).map(Some)
    }
}

/// Stores a state as a checkpoint; answers its path in the run's folder.
pub(super) fn stored(
    checkpoints: &mut Checkpoints,
    rules: &Rules,
    store: &Store<f32>,
    step: u64,
    marks: Marks,
) -> Result<String, TrainError> {
    let description = Description {
        step,
        item: rules.generator.item.clone(),
        n_classes: rules.data.n_classes(),
        class_names: rules.data.class_names(),
        class_shares: rules.generator.class_shares.clone(),
        data: rules.data.fingerprint(),
    };
    let bytes = encode(store, &description)?;
    Ok(checkpoints.store_marked(step, &bytes, marks)?)
}
