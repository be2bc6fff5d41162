//! What a run tells of itself: its opening, its pictures, its checkpoints.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ganatomy_record::{Direction, Event, Sink};

use super::training::SCORE;
use super::{TrainError, Training};
use crate::checkpoint::{Description, encode, first_not_finite};

impl Training<'_> {
    /// Seconds of training, sessions before this one included.
    pub(super) fn secs(&self) -> f64 {
        self.secs_before + (self.session.clock)()
    }

    /// The first event of the session.
    pub(super) fn opening(&self) -> Event {
        if self.session.resume && self.step > 0 {
            return Event::Resumed { step: self.step, secs: self.secs_before };
        }
        // Losses and accuracies of an adversarial game have no good direction.
        let mut directions: BTreeMap<String, Direction> =
            self.traced.names().map(|name| (name.to_owned(), Direction::None)).collect();
        directions.extend(self.probes.iter().flat_map(|p| p.probe.readings()));
        Event::Started {
            step: self.step,
            secs: self.secs_before,
            version: self.session.version.to_owned(),
            host: self.session.host.to_owned(),
            threads: self.session.cpu.threads(),
            directions,
        }
    }

    /// The number that checkpoints are compared by.
    pub(super) fn score(&self, values: &BTreeMap<String, f64>) -> Option<f64> {
        values.get(SCORE.0).copied()
    }

    /// The name of a state tensor that is not finite.
    pub(super) fn broken_tensor(&self) -> Option<String> {
        first_not_finite(&self.store)
    }

    /// Stores a picture and tells of it.
    pub(super) fn tell_samples(&mut self, sink: &mut dyn Sink) -> Result<ControlFlow<()>, TrainError> {
        let (Some(folder), Some(camera)) = (self.session.folder, &mut self.camera) else {
            return Ok(ControlFlow::Continue(()));
        };
        let cpu = self.session.cpu;
        let picture = camera.take(self.plan, cpu, &mut self.store, &mut self.snapshot, self.step)?;
        let file = picture.write(folder)?;
        Ok(sink.receive(&Event::Samples { step: self.step, secs: self.secs(), file })?)
    }

    /// Stores a checkpoint and tells of it.
    pub(super) fn tell_checkpoint(
        &mut self,
        score: Option<f64>,
        sink: &mut dyn Sink,
    ) -> Result<ControlFlow<()>, TrainError> {
        let Some(checkpoints) = &mut self.checkpoints else {
            return Ok(ControlFlow::Continue(()));
        };
        let description = Description {
            step: self.step,
            item: self.plan.generator.item.clone(),
            n_classes: self.plan.data.n_classes(),
            data: self.plan.data.fingerprint(),
        };
        let file = checkpoints.store(self.step, &encode(&self.store, &description)?, score)?;
        Ok(sink.receive(&Event::Checkpoint { step: self.step, secs: self.secs(), file })?)
    }
}
