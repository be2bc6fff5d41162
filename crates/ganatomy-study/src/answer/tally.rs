//! How many runs stand where.

use serde::Serialize;

use crate::{Row, State};

/// How many runs stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All of them.
    pub planned: usize,
    /// Those that got their budget and have a score.
    pub finished: usize,
    /// Those that diverged, collapsed, were lost or have no finite score.
    pub failed: usize,
    /// Those that a rule stopped early.
    pub pruned: usize,
    /// Those that are on their way.
    pub running: usize,
    /// Those that nobody has begun.
    pub waiting: usize,
}

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It got its budget, and this is its score.
    Finished(f64),
    /// A rule stopped it.
    Pruned,
    /// It failed, or has no finite score.
    Failed,
    /// It has not ended.
    Open,
}

impl Outcome {
    pub(super) fn of(row: &Row) -> Outcome {
        match (row.state, row.score) {
            (State::Done, Some(score)) if score.is_finite() => Outcome::Finished(score),
            (State::Done | State::Failed, _) => Outcome::Failed,
            (State::Pruned, _) => Outcome::Pruned,
            (State::Waiting | State::Running, _) => Outcome::Open,
        }
    }
}

impl Tally {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Tally {
        let mut tally = Tally::default();
        for row in rows {
            tally.planned += 1;
            *match (Outcome::of(row), row.state) {
                (Outcome::Finished(_), _) => &mut tally.finished,
                (Outcome::Failed, _) => &mut tally.failed,
                (Outcome::Pruned, _) => &mut tally.pruned,
                (Outcome::Open, State::Running) => &mut tally.running,
                (Outcome::Open, _) => &mut tally.waiting,
            } += 1;
        }
        tally
    }

    /// Runs that ended, one way or the other.
    pub fn ended(&self) -> usize {
        self.finished + self.failed + self.pruned
    }
}
