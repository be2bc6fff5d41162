//! A run watched while it goes: what changes is said once.

use ganatomy_record::Event;

use crate::{Chart, Diagnosis, Facts, Finding, diagnose};

/// A run is looked at no more often than this many times.
const MOST_LOOKS: u64 = 200;

/// Watches a run, event by event.
#[derive(Clone, Debug)]
pub struct Watch {
    chart: Chart,
    standing: Vec<Finding>,
    looked: u64,
}

/// What is new.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A verdict that did not hold before.
    Began(Finding),
    /// A verdict that holds no more.
    Ended(Finding),
}

impl Watch {
    /// Watches a run of which this is known.
    pub fn new(facts: Facts) -> Watch {
        Watch { chart: Chart::new(facts), standing: Vec::new(), looked: 0 }
    }

    /// What a resumed run has behind it.
    pub fn of(chart: Chart) -> Watch {
        let standing = diagnose(&chart).verdicts;
        Watch { looked: chart.step(), chart, standing }
    }

    /// Takes the next event; answers what is new by it.
    pub fn receive(&mut self, event: &Event) -> Vec<Change> {
        // Steps without readings are of no use here, and come by the thousand.
        if matches!(event, Event::Step { .. }) {
            return Vec::new();
        }
        self.chart.receive(event);
        let every = self.chart.facts.steps.unwrap_or(0) / MOST_LOOKS;
        let is_due = match event {
            Event::Readings { step, .. } => step.abs_diff(self.looked) >= every.max(1),
            Event::Finished { .. } => true,
            _ => false,
        };
        if is_due { self.look() } else { Vec::new() }
    }

    /// What holds now.
    pub fn standing(&self) -> &[Finding] {
        &self.standing
    }

    fn look(&mut self) -> Vec<Change> {
        self.looked = self.chart.step();
        let Diagnosis { verdicts, .. } = diagnose(&self.chart);
        let held = |list: &[Finding], name: &str| list.iter().any(|finding| finding.name == name);
        let began = verdicts.iter().filter(|new| !held(&self.standing, new.name));
        let ended = self.standing.iter().filter(|old| !held(&verdicts, old.name));
        let changes = ended.cloned().map(Change::Ended).chain(began.cloned().map(Change::Began)).collect();
        self.standing = verdicts;
        changes
    }
}
