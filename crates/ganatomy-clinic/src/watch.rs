//! A run watched while it goes: what changes is said once.

use std::collections::BTreeMap;

use ganatomy_record::{Event, Outcome, RecordError, RunFolder, RunReader};

use crate::finding::SURE;
use crate::{Chart, Facts, Finding, diagnose, is_well};

/// A run is looked at no more often than this many times.
const MOST_LOOKS: u64 = 200;

/// Watches a run, event by event.
#[derive(Clone, Debug)]
pub struct Watch {
    chart: Chart,
    said: Vec<Said>,
    /// The gravest of what is wrong, and since which step something has been.
    ill: Option<(String, u64)>,
    /// The step of the readings at which it last looked, or after which a run went on.
    looked: u64,
}

/// What was said of a run, at some step.
#[derive(Clone, Debug)]
struct Said {
    step: u64,
    name: String,
    holds: bool,
    since_step: u64,
    confidence: f64,
}

/// What is new.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A verdict that did not hold before.
    Began(Finding),
    /// A verdict that holds no more.
    Ended {
        /// Its name.
        name: String,
        /// The step since which it had held.
        since_step: u64,
        /// How sure it was.
        confidence: f64,
    },
}

impl Watch {
    /// Watches a run of which this is known.
    pub fn new(facts: Facts) -> Watch {
        Watch { chart: Chart::new(facts), said: Vec::new(), ill: None, looked: 0 }
    }

    /// Watches a run that has this folder, and says nothing again that its record says.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn of(folder: &RunFolder, facts: Facts) -> Result<Watch, RecordError> {
        let mut watch = Watch::new(facts);
        for event in RunReader::open(folder).tail().poll()?.events {
            watch.recall(&event);
            let standing = watch.standing();
            let sick = standing.values().filter(|said| !is_well(&said.name) && said.confidence >= SURE);
            let gravest = sick.min_by_key(|said| said.step).map(|said| said.name.clone());
            watch.note(event.step(), gravest);
        }
        watch.looked = watch.last_read();
        Ok(watch)
    }

    /// Takes the next event; answers what is new by it.
    pub fn receive(&mut self, event: &Event) -> Vec<Change> {
        // Steps without readings are of no use here, and come by the thousand.
        if matches!(event, Event::Step { .. }) {
            return Vec::new();
        }
        self.recall(event);
        let every = (self.chart.facts.steps.unwrap_or(0) / MOST_LOOKS).max(1);
        match event {
            // However often a run is stopped, it is looked at after the same steps.
            Event::Readings { step, .. } if step / every != self.looked / every => self.look(*step),
            // Of a run that was interrupted, the next session tells.
            Event::Finished { step, outcome: Outcome::Done | Outcome::Diverged { .. }, .. } => {
                self.look(*step)
            }
            _ => Vec::new(),
        }
    }

    /// Does something hold that is wrong?
    pub fn is_sick(&self) -> bool {
        self.standing().keys().any(|name| !is_well(name))
    }

    /// The gravest of what is wrong now, and the step since which something has been.
    pub fn ill(&self) -> Option<(&str, u64)> {
        self.ill.as_ref().map(|(name, since)| (name.as_str(), *since))
    }

    /// Something, or nothing, is wrong from this step on.
    fn note(&mut self, step: u64, gravest: Option<String>) {
        let since = self.ill.as_ref().map_or(step, |(_, since)| *since);
        self.ill = gravest.map(|name| (name, since));
    }

    /// Takes an event into the record, and says nothing.
    fn recall(&mut self, event: &Event) {
        match event {
            Event::Started { step, secs, .. } | Event::Resumed { step, secs } => {
                // A run that was killed before its first checkpoint starts anew in the same record.
                self.chart.receive(&Event::Resumed { step: *step, secs: *secs });
                self.said.retain(|said| said.step <= *step);
                self.looked = self.last_read();
            }
            Event::Verdict { step, name, holds, since_step, confidence, .. } => self.said.push(Said {
                step: *step,
                name: name.clone(),
                holds: *holds,
                since_step: *since_step,
                confidence: *confidence,
            }),
            _ => {}
        }
        self.chart.receive(event);
    }

    /// The last step of which something was read.
    fn last_read(&self) -> u64 {
        self.chart.family("").filter_map(|(_, series)| series.last()).map(|last| last.0).max().unwrap_or(0)
    }

    fn standing(&self) -> BTreeMap<&str, &Said> {
        let mut standing = BTreeMap::new();
        for said in &self.said {
            match said.holds {
                true => standing.insert(said.name.as_str(), said),
                false => standing.remove(said.name.as_str()),
            };
        }
        standing
    }

    fn look(&mut self, step: u64) -> Vec<Change> {
        self.looked = step;
        let found = diagnose(&self.chart);
        let standing = self.standing();
        let ended = standing.values().filter(|old| !found.holds(&old.name)).map(|old| Change::Ended {
            name: old.name.clone(),
            since_step: old.since_step,
            confidence: old.confidence,
        });
        let began = found.verdicts.iter().filter(|new| !standing.contains_key(new.name)).cloned();
        let sick = found.verdicts.iter().find(|finding| !is_well(finding.name) && finding.is_sure());
        let gravest = sick.map(|finding| finding.name.to_owned());
        let changes: Vec<Change> = ended.chain(began.map(Change::Began)).collect();
        self.said.extend(changes.iter().map(|change| change.said(step)));
        self.note(step, gravest);
        changes
    }
}

impl Change {
    /// The verdict that changes.
    pub fn name(&self) -> &str {
        match self {
            Change::Began(finding) => finding.name,
            Change::Ended { name, .. } => name,
        }
    }

    /// How a record says it; one that nothing is wrong is not recorded.
    pub fn event(&self, step: u64, secs: f64) -> Option<Event> {
        let Said { name, holds, since_step, confidence, .. } = self.said(step);
        let sentence = match self {
            Change::Began(finding) => finding.sentence.clone(),
            Change::Ended { name, .. } => format!("{name} is over."),
        };
        let is_told = !is_well(&name);
        is_told.then_some(Event::Verdict { step, secs, name, holds, since_step, confidence, sentence })
    }

    fn said(&self, step: u64) -> Said {
        let name = self.name().to_owned();
        let (holds, since_step, confidence) = match self {
            Change::Began(Finding { since_step, confidence, .. }) => (true, *since_step, *confidence),
            Change::Ended { since_step, confidence, .. } => (false, *since_step, *confidence),
        };
        Said { step, name, holds, since_step, confidence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts { steps: Some(20_000), n_modes: Some(8), ..Facts::default() }
    }

    fn readings(step: u64) -> Event {
        // Eight modes, but one from step 3000 to 6000.
        let kl = if (3000..6000).contains(&step) { 2.08 } else { 0.01 };
        Event::Readings { step, secs: 0.0, values: [("samples/reverse_kl".to_owned(), kl)].into() }
    }

    /// What is written of a run between two steps, with its readings.
    fn play(watch: &mut Watch, steps: std::ops::RangeInclusive<u64>) -> Vec<Event> {
        let mut log = Vec::new();
        for step in steps.filter(|step| step % 50 == 0) {
            let event = readings(step);
            let changes = watch.receive(&event);
            log.push(event);
            log.extend(changes.iter().filter_map(|change| change.event(step, 0.0)));
        }
        log
    }

    fn told(log: &[Event]) -> Vec<(u64, &str, bool)> {
        let told = log.iter().filter_map(|event| match event {
            Event::Verdict { step, name, holds, .. } => Some((*step, name.as_str(), *holds)),
            _ => None,
        });
        told.filter(|told| told.1 == "complete-collapse").collect()
    }

    #[test]
    fn a_verdict_is_said_when_it_begins_and_when_it_ends() {
        let mut watch = Watch::new(facts());
        let log = play(&mut watch, 1..=20_000);
        let told = told(&log);
        assert_eq!(told.iter().map(|told| told.2).collect::<Vec<_>>(), [true, false], "{told:?}");
        assert!((3000..3300).contains(&told[0].0) && (6000..6300).contains(&told[1].0), "{told:?}");
        assert!(!watch.is_sick());
        assert_eq!(watch.receive(&readings(20_000)), []);
    }

    #[test]
    fn a_resumed_run_is_told_of_as_if_it_had_never_stopped() {
        let whole = play(&mut Watch::new(facts()), 1..=20_000);
        for (stopped, resumed) in
            [(2000, 2000), (3200, 2800), (4450, 4400), (4430, 4430), (9000, 0), (6100, 3000)]
        {
            let home = tempfile::tempdir().unwrap();
            let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
            let mut log = play(&mut Watch::new(facts()), 1..=stopped);
            let lines: Vec<String> =
                log.iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect();
            std::fs::write(folder.events(), lines.concat()).unwrap();
            let mut watch = Watch::of(&folder, facts()).unwrap();
            assert_eq!(watch.receive(&Event::Resumed { step: resumed, secs: 0.0 }), []);
            log.retain(|event| event.step() <= resumed);
            log.extend(play(&mut watch, resumed + 1..=20_000));
            assert_eq!(log, whole, "stopped at {stopped}, resumed at {resumed}");
        }
    }
}
