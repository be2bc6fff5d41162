//! A record that the clinic attends to.

use std::fmt;
use std::ops::ControlFlow;

use ganatomy_record::{Event, RecordError, Sink};

use crate::{Change, Watch};

/// Hands every event on to a record, and with them what the clinic says.
pub struct Attend<R, F> {
    record: R,
    watch: Watch,
    tell: F,
}

impl<R, F> fmt::Debug for Attend<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attend").field("watch", &self.watch).finish_non_exhaustive()
    }
}

impl<R, F> Attend<R, F> {
    /// What changes is recorded, and told at every reading together with the step and what is watched; `Break` asks the run to stop.
    pub fn new(record: R, watch: Watch, tell: F) -> Attend<R, F>
    where
        R: Sink,
        F: FnMut(u64, &[Change], &Watch) -> ControlFlow<()>,
    {
        Attend { record, watch, tell }
    }
}

impl<R: Sink, F: FnMut(u64, &[Change], &Watch) -> ControlFlow<()>> Sink for Attend<R, F> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let changes = self.watch.receive(event);
        let (step, secs) = (event.step(), event.secs());
        let mut flows = Vec::new();
        // The end of a session is the last word on it.
        let is_end = matches!(event, Event::Finished { .. });
        if !is_end {
            flows.push(self.record.receive(event)?);
        }
        for change in &changes {
            if let Some(verdict) = change.event(step, secs) {
                flows.push(self.record.receive(&verdict)?);
            }
        }
        if !changes.is_empty() || matches!(event, Event::Readings { .. }) {
            flows.push((self.tell)(step, &changes, &self.watch));
        }
        if is_end {
            flows.push(self.record.receive(event)?);
        }
        let stops = flows.iter().any(ControlFlow::is_break);
        Ok(if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_record::Outcome;

    use super::*;
    use crate::Facts;

    #[test]
    fn verdicts_are_recorded_before_the_end_and_can_stop_a_run() {
        let (mut log, mut told) = (Vec::new(), Vec::new());
        let tell = |step: u64, changes: &[Change], watch: &Watch| {
            told.push((step, changes.iter().map(|change| change.name().to_owned()).collect::<Vec<_>>()));
            if watch.is_sick() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut attend = Attend::new(Kept(&mut log), Watch::new(Facts::default()), tell);
        let values = [("generator/loss".to_owned(), 0.7)].into();
        assert!(attend.receive(&Event::Readings { step: 5, secs: 0.0, values }).unwrap().is_continue());
        let outcome = Outcome::Diverged { quantity: "generator/loss".to_owned() };
        assert!(attend.receive(&Event::Finished { step: 7, secs: 0.0, outcome }).unwrap().is_break());
        let told: Vec<(u64, Vec<&str>)> =
            told.iter().map(|(step, names)| (*step, names.iter().map(String::as_str).collect())).collect();
        assert_eq!(told, [(5, vec!["too-early"]), (7, vec!["too-early", "diverged"])]);
        assert!(
            matches!(&log[..], [
            Event::Readings { .. },
            Event::Verdict { step: 7, name, holds: true, .. },
            Event::Finished { .. }
        ] if name == "diverged"),
            "{log:?}"
        );
    }

    struct Kept<'a>(&'a mut Vec<Event>);

    impl Sink for Kept<'_> {
        fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
            self.0.receive(event)
        }
    }
}
