//! Hears a run: keeps its scores, and stops it when its budget is spent, a rule ends it, or its worker is to stop.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use ganatomy_record::{Event, RecordError, Sink};

use super::Rules;
use crate::file::{At, Rule, StopFile};
use crate::fork::Fork;
use crate::runs::Point;
use crate::store::{Claim, Store};

/// Why a run was stopped before its last step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stopped {
    /// The worker is to stop.
    Asked,
    /// The claim is another's.
    Lost,
    /// Its seconds are spent.
    Spent,
    /// A stopping rule.
    Pruned(String),
}

/// What was heard of a run.
pub(super) struct Heard {
    pub points: Vec<Point>,
    /// The last value of each reading that is kept.
    pub last: BTreeMap<String, f64>,
    /// Steps made since it began, a fork's since its parent's checkpoint.
    pub step: u64,
    pub secs: f64,
    /// The step that it began after.
    began: u64,
    /// Has this worker made a step of it?
    pub has_begun: bool,
}

/// Hears a run.
pub(super) struct Listen<'a, R> {
    pub record: Option<R>,
    pub rules: &'a Rules,
    pub store: &'a RefCell<&'a mut Store>,
    pub claim: &'a Claim,
    pub stop: &'a AtomicBool,
    pub lost: &'a AtomicBool,
    pub heard: Heard,
    pub stopped: Option<Stopped>,
    /// Rungs that it has come to.
    pub rungs: usize,
}

impl Heard {
    /// Nothing yet, of a run of an arm.
    pub fn of(rules: &Rules, arm: usize) -> Heard {
        let began = rules.fork(arm).map_or(0, Fork::begins_after);
        Heard { points: Vec::new(), last: BTreeMap::new(), step: 0, secs: 0.0, began, has_begun: false }
    }

    /// Hears an event.
    pub fn hear(&mut self, event: &Event, rules: &Rules) {
        (self.step, self.secs) = (event.step().saturating_sub(self.began), event.secs());
        self.has_begun |= matches!(event, Event::Step { .. });
        let Event::Readings { step, secs, values } = event else {
            return;
        };
        if let Some(score) = values.get(&rules.file.score.reading) {
            self.points.push(Point { step: step.saturating_sub(self.began), secs: *secs, score: *score });
        }
        let bound = rules.collapsed.iter().map(|bound| &bound.reading);
        for name in rules.file.score.also.iter().chain(bound) {
            if let Some(value) = values.get(name) {
                self.last.insert(name.clone(), *value);
            }
        }
    }

    /// The score so far.
    pub fn score(&self, rules: &Rules) -> Option<f64> {
        let better = rules.better();
        match rules.file.score.at {
            At::Last => self.points.last().map(|point| point.score),
            At::Best => {
                let scores = self.points.iter().map(|point| point.score).filter(|score| score.is_finite());
                scores.reduce(|best, score| if better.prefers(score, best) { score } else { best })
            }
        }
    }
}

impl<R> Listen<'_, R> {
    /// Rungs that were passed before, where a run goes on.
    pub fn passed_before(&mut self) {
        let share = self.share();
        self.rungs =
            self.rules.file.stop.iter().flat_map(|stop| &stop.rungs).filter(|rung| share >= **rung).count();
    }

    /// The share of the budget that is spent.
    fn share(&self) -> f64 {
        match self.rules.most_secs() {
            Some(most) => self.heard.secs / most,
            None => self.heard.step as f64 / self.claim.steps as f64,
        }
    }

    /// Whether a rule ends the run at a rung it has come to now.
    fn prunes(&mut self) -> Result<Option<String>, RecordError> {
        let (Some(stop), Some(score)) = (&self.rules.file.stop, self.heard.score(self.rules)) else {
            return Ok(None);
        };
        let share = self.share();
        // Sparse readings may pass several rungs at once: the last of them is the one to compare at.
        let passed = stop.rungs.iter().filter(|rung| share >= **rung).count();
        let Some(rung) =
            passed.checked_sub(1).and_then(|last| stop.rungs.get(last)).filter(|_| passed > self.rungs)
        else {
            return Ok(None);
        };
        let index = passed - 1;
        self.rungs = passed;
        // What is no number is worse than every number.
        let worst = if self.rules.better().prefers(1.0, 0.0) { f64::MIN } else { f64::MAX };
        let score = if score.is_finite() { score } else { worst };
        let mut store = self.store.borrow_mut();
        let others = store
            .reach_rung(self.claim.run, [self.claim.stage, self.claim.arm], index, score)
            .map_err(RecordError::other)?;
        drop(store);
        if others.len() + 1 < stop.min_runs as usize {
            return Ok(None);
        }
        let better = others.iter().filter(|other| self.rules.better().prefers(**other, score)).count();
        let all = others.len() + 1;
        let (name, ends) = (stop.rule.name(), ends(stop, better, all));
        Ok(ends.then(|| {
            format!("{name}: at {rung} of its budget {better} of {all} runs of its arm were better")
        }))
    }
}

/// Whether a run ends at a rung where `better` of `all` runs are better: the worse half by the median, by halving all but the best 1/eta.
/// The best one always goes on.
fn ends(stop: &StopFile, better: usize, all: usize) -> bool {
    let goes_on = match stop.rule {
        Rule::Median => 0.5,
        Rule::Halving => 1.0 / stop.eta,
    };
    better as f64 >= all as f64 * goes_on
}

impl<R: Sink> Sink for Listen<'_, R> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if let Some(record) = &mut self.record {
            // The record never asks for a stop.
            let _flow = record.receive(event)?;
        }
        let before = self.heard.points.len();
        self.heard.hear(event, self.rules);
        if self.stopped.is_none() {
            self.stopped = if self.lost.load(Ordering::Relaxed) {
                Some(Stopped::Lost)
            } else if self.stop.load(Ordering::Relaxed) {
                Some(Stopped::Asked)
            } else if self.rules.most_secs().is_some_and(|most| self.heard.secs >= most) {
                Some(Stopped::Spent)
            } else if self.heard.points.len() > before {
                self.prunes()?.map(Stopped::Pruned)
            } else {
                None
            };
        }
        Ok(if self.stopped.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first place at which a run of so many ends.
    fn check(rule: Rule, eta: f64, all: usize, expected: usize) {
        let stop = StopFile { rule, rungs: vec![0.5], min_runs: 1, eta };
        let first = (0..all).find(|better| ends(&stop, *better, all));
        assert_eq!(first.unwrap_or(all), expected, "{rule:?} {eta} of {all}");
    }

    #[test]
    fn the_worse_half_or_all_but_a_share_end_and_the_best_never() {
        check(Rule::Median, 3.0, 6, 3);
        check(Rule::Median, 3.0, 5, 3);
        check(Rule::Halving, 3.0, 6, 2);
        check(Rule::Halving, 3.0, 9, 3);
        check(Rule::Halving, 3.0, 2, 1);
        check(Rule::Median, 3.0, 1, 1);
    }
}
