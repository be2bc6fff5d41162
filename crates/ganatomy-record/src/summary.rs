//! Where a run stands: its outcome, and the last and best of every reading.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{DataSummary, Direction, Event, Outcome};

/// What `ganatomy show` prints about a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// `done`, `diverged`, `interrupted`, `failed`, or `running` when nothing has ended it; of a run that nobody writes any more,
    /// `show` says `killed`.
    pub outcome: String,
    /// Which quantity diverged, or why the run failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The last step reached.
    pub steps: u64,
    /// Seconds of training over all sessions that count.
    #[serde(with = "crate::number")]
    pub wall_secs: f64,
    /// What the run learns from; runs of earlier versions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<DataSummary>,
    /// Name to what was read.
    pub readings: BTreeMap<String, Reading>,
}

/// The course of one reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The latest value.
    #[serde(with = "crate::number")]
    pub last: f64,
    /// The best finite value, where one way is better.
    #[serde(with = "crate::number::option")]
    pub best: Option<f64>,
    /// The step of the best value, or of the latest when there is no best.
    pub step: u64,
}

impl Summary {
    /// Sums up the valid events.
    pub fn of(events: &[Event]) -> Summary {
        let mut summary = Summary { outcome: "running".to_owned(), ..Summary::default() };
        let mut directions = BTreeMap::new();
        for event in events {
            (summary.steps, summary.wall_secs) = (event.step(), event.secs());
            match event {
                Event::Started { directions: new, .. } => directions.extend(new.clone()),
                Event::Data { data, .. } => summary.data = Some((**data).clone()),
                Event::Readings { step, values, .. } => {
                    for (name, value) in values {
                        let way = directions.get(name).copied().unwrap_or(Direction::None);
                        summary.note(name, *value, *step, way);
                    }
                }
                Event::Finished { outcome, .. } => summary.end(Some(outcome)),
                _ => {}
            }
            if !matches!(event, Event::Finished { .. }) {
                summary.end(None);
            }
        }
        summary
    }

    fn note(&mut self, name: &str, last: f64, step: u64, way: Direction) {
        let fresh = Reading { last, best: None, step };
        let reading = self.readings.entry(name.to_owned()).or_insert(fresh);
        reading.last = last;
        let better = match reading.best {
            Some(best) => way.prefers(last, best),
            None => way != Direction::None && last.is_finite(),
        };
        if better {
            reading.best = Some(last);
        }
        if better || reading.best.is_none() {
            reading.step = step;
        }
    }

    /// An event after the end means that the run goes on.
    fn end(&mut self, outcome: Option<&Outcome>) {
        self.outcome = outcome.map_or("running", Outcome::word).to_owned();
        self.detail = match outcome {
            Some(Outcome::Diverged { quantity }) => Some(quantity.clone()),
            Some(Outcome::Failed { reason }) => Some(reason.clone()),
            _ => None,
        };
    }
}
