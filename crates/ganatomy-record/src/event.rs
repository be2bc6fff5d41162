//! What a run reports while it goes: one event, one line of JSON.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::{DataSummary, RecordError};

/// One line of `events.jsonl`. `secs` is training time since the run began, with the sessions before a resume.
///
/// Numbers that JSON lacks are written as the strings `"NaN"`, `"inf"` and `"-inf"`.
///
/// ```
/// use ganatomy_record::{Event, Outcome};
/// let event = Event::Finished { step: 500, secs: 2.5, outcome: Outcome::Interrupted };
/// let line = r#"{"event":"finished","step":500,"secs":2.5,"outcome":"interrupted"}"#;
/// assert_eq!(serde_json::to_string(&event)?, line);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Event {
    /// The run begins.
    Started {
        /// The step it begins at.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// Version of the program.
        version: String,
        /// The machine's name.
        host: String,
        /// Threads in use.
        threads: usize,
        /// For each reading, which way is better.
        directions: BTreeMap<String, Direction>,
    },
    /// What the run learns from; it follows `started`.
    Data {
        /// The step the run begins at.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// The data set.
        data: Box<DataSummary>,
    },
    /// The run goes on from a checkpoint: everything recorded before with a larger step is void.
    Resumed {
        /// The checkpoint's step.
        step: u64,
        /// The checkpoint's seconds.
        #[serde(with = "crate::number")]
        secs: f64,
    },
    /// A step was made. Only sinks receive it; it is never written to the log.
    Step {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
    },
    /// Numbers read off the live run.
    Readings {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// Name to value.
        #[serde(with = "crate::number::map")]
        values: BTreeMap<String, f64>,
    },
    /// Samples were stored.
    Samples {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// Path inside the run folder.
        file: String,
    },
    /// A checkpoint was stored.
    Checkpoint {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// Path inside the run folder.
        file: String,
    },
    /// Something a person should know.
    Note {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// One sentence.
        text: String,
    },
    /// What the clinic says of the run has changed.
    Verdict {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// The verdict.
        name: String,
        /// Does it hold from now on, or no more?
        holds: bool,
        /// The step since which it holds, or had held.
        since_step: u64,
        /// How often the clinic is right when it is so sure, between 0 and 1.
        #[serde(with = "crate::number")]
        confidence: f64,
        /// What it means.
        sentence: String,
    },
    /// The session ends.
    Finished {
        /// After this many steps.
        step: u64,
        /// Seconds.
        #[serde(with = "crate::number")]
        secs: f64,
        /// How.
        #[serde(flatten)]
        outcome: Outcome,
    },
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// Every step was made.
    Done,
    /// A number stopped being finite.
    Diverged {
        /// Which one.
        quantity: String,
    },
    /// The user stopped it; it can be resumed.
    Interrupted,
    /// It could not go on.
    Failed {
        /// Why.
        reason: String,
    },
}

/// Which values of a reading are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Larger ones.
    Up,
    /// Smaller ones.
    Down,
    /// Neither.
    None,
}

/// Takes the events of a run as they happen.
pub trait Sink {
    /// Takes one event; `Break` asks the run to stop.
    ///
    /// # Errors
    /// The event could not be taken, for example written. It ends the run.
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError>;
}

/// Keeps every event.
impl Sink for Vec<Event> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        self.push(event.clone());
        Ok(ControlFlow::Continue(()))
    }
}

impl Event {
    /// Every kind this version knows, as written under `"event"`.
    pub(crate) const KINDS: [&str; 10] = [
        "started",
        "data",
        "resumed",
        "step",
        "readings",
        "samples",
        "checkpoint",
        "note",
        "verdict",
        "finished",
    ];

    /// The number of steps made when it happened.
    pub fn step(&self) -> u64 {
        match self {
            Event::Started { step, .. }
            | Event::Data { step, .. }
            | Event::Resumed { step, .. }
            | Event::Step { step, .. }
            | Event::Readings { step, .. }
            | Event::Samples { step, .. }
            | Event::Checkpoint { step, .. }
            | Event::Note { step, .. }
            | Event::Verdict { step, .. }
            | Event::Finished { step, .. } => *step,
        }
    }

    /// Seconds of training when it happened.
    pub fn secs(&self) -> f64 {
        match self {
            Event::Started { secs, .. }
            | Event::Data { secs, .. }
            | Event::Resumed { secs, .. }
            | Event::Step { secs, .. }
            | Event::Readings { secs, .. }
            | Event::Samples { secs, .. }
            | Event::Checkpoint { secs, .. }
            | Event::Note { secs, .. }
            | Event::Verdict { secs, .. }
            | Event::Finished { secs, .. } => *secs,
        }
    }
}

impl Outcome {
    /// The word it is recorded under.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Diverged { .. } => "diverged",
            Outcome::Interrupted => "interrupted",
            Outcome::Failed { .. } => "failed",
        }
    }
}

impl Direction {
    /// Whether `new` is better than `old`; a number that is not finite never is.
    pub fn prefers(self, new: f64, old: f64) -> bool {
        let larger = match self {
            Direction::Up => new > old,
            Direction::Down => new < old,
            Direction::None => false,
        };
        new.is_finite() && larger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event: Event, line: &str) {
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
        // NaN is not equal to itself, so events are compared by their text.
        let back: Event = serde_json::from_str(line).unwrap();
        assert_eq!(format!("{back:?}"), format!("{event:?}"));
        let kind = serde_json::to_value(&event).unwrap()["event"].clone();
        assert!(Event::KINDS.iter().any(|known| kind == *known), "{kind} is not among the kinds");
    }

    #[test]
    fn every_kind_is_a_line_that_reads_back() {
        let (step, secs, file) = (3, 0.1 + 0.2, "samples/a".to_owned());
        let directions = [("samples/n_modes", Direction::Up), ("d/loss", Direction::None)];
        let directions = directions.map(|(name, way)| (name.to_owned(), way)).into();
        let (version, host) = ("0.1.0".to_owned(), "box".to_owned());
        check(
            Event::Started { step, secs, version, host, threads: 2, directions },
            r#"{"event":"started","step":3,"secs":0.30000000000000004,"version":"0.1.0","host":"box","threads":2,"directions":{"d/loss":"none","samples/n_modes":"up"}}"#,
        );
        let data = Box::new(DataSummary { item_shape: vec![2], n_items: Some(9), ..DataSummary::default() });
        check(
            Event::Data { step, secs: 1.0, data },
            r#"{"event":"data","step":3,"secs":1.0,"data":{"item_shape":[2],"n_items":9,"class_names":[]}}"#,
        );
        check(Event::Resumed { step, secs: 1.0 }, r#"{"event":"resumed","step":3,"secs":1.0}"#);
        check(
            Event::Samples { step, secs: 1.0, file: file.clone() },
            r#"{"event":"samples","step":3,"secs":1.0,"file":"samples/a"}"#,
        );
        check(
            Event::Checkpoint { step, secs: 1.0, file },
            r#"{"event":"checkpoint","step":3,"secs":1.0,"file":"samples/a"}"#,
        );
        check(
            Event::Note { step, secs: 1.0, text: "two\nlines".to_owned() },
            r#"{"event":"note","step":3,"secs":1.0,"text":"two\nlines"}"#,
        );
        let (name, sentence) = ("diverged".to_owned(), "It did.".to_owned());
        check(
            Event::Verdict { step, secs: 1.0, name, holds: true, since_step: 2, confidence: 0.5, sentence },
            r#"{"event":"verdict","step":3,"secs":1.0,"name":"diverged","holds":true,"since_step":2,"confidence":0.5,"sentence":"It did."}"#,
        );
    }

    #[test]
    fn numbers_that_json_lacks_are_strings() {
        let values = [("a", f64::NAN), ("b", f64::INFINITY), ("c", f64::NEG_INFINITY), ("d", 1e-320)];
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        check(
            Event::Readings { step: 1, secs: 0.5, values },
            r#"{"event":"readings","step":1,"secs":0.5,"values":{"a":"NaN","b":"inf","c":"-inf","d":1e-320}}"#,
        );
    }

    #[test]
    fn every_outcome_reads_back() {
        let finished = |outcome| Event::Finished { step: 9, secs: 2.0, outcome };
        let line = |rest: &str| format!(r#"{{"event":"finished","step":9,"secs":2.0,"outcome":{rest}}}"#);
        check(finished(Outcome::Done), &line(r#""done""#));
        check(finished(Outcome::Interrupted), &line(r#""interrupted""#));
        let quantity = "generator/loss".to_owned();
        check(finished(Outcome::Diverged { quantity }), &line(r#""diverged","quantity":"generator/loss""#));
        let reason = "full".to_owned();
        check(finished(Outcome::Failed { reason }), &line(r#""failed","reason":"full""#));
    }

    #[test]
    fn numbers_that_are_not_finite_are_never_better() {
        assert!(Direction::Up.prefers(2.0, 1.0) && !Direction::Up.prefers(1.0, 1.0));
        assert!(Direction::Down.prefers(1.0, 2.0) && !Direction::Down.prefers(2.0, 1.0));
        assert!(!Direction::Up.prefers(f64::INFINITY, 1.0) && !Direction::Up.prefers(f64::NAN, 1.0));
        assert!(!Direction::None.prefers(2.0, 1.0));
    }
}
