//! The progress of runs that step together: one bar for all.

use std::cell::RefCell;
use std::ops::ControlFlow;

use ganatomy_record::{Event, RecordError, Sink};

use super::Progress;

/// One progress for several runs.
pub(crate) struct Shared<'a>(RefCell<State<'a>>);

struct State<'a> {
    progress: Progress<'a>,
    /// The runs that have not ended.
    going: Vec<bool>,
    /// The last step that was shown.
    step: u64,
}

impl<'a> Shared<'a> {
    /// Shows `n` runs.
    pub(crate) fn new(progress: Progress<'a>, n: usize) -> Shared<'a> {
        Shared(RefCell::new(State { progress, going: vec![true; n], step: 0 }))
    }
}

/// What one of the runs says: how far all are, by whoever says it first; and what the first that still goes reads.
pub(crate) struct Front<'s, 'a> {
    shared: &'s Shared<'a>,
    at: usize,
}

impl<'s, 'a> Front<'s, 'a> {
    /// The run of this place.
    pub(crate) fn new(shared: &'s Shared<'a>, at: usize) -> Front<'s, 'a> {
        Front { shared, at }
    }
}

impl Sink for Front<'_, '_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let State { progress, going, step } = &mut *self.shared.0.borrow_mut();
        let is_first = going.iter().position(|goes| *goes) == Some(self.at);
        let is_shown = match event {
            // Runs that go on from different steps catch up at first.
            Event::Started { .. } | Event::Resumed { .. } | Event::Data { .. } => self.at == 0,
            Event::Step { step: made, .. } => made > step,
            Event::Finished { .. } => {
                going[self.at] = false;
                !going.contains(&true)
            }
            Event::Note { .. } => false,
            _ => is_first,
        };
        if !is_shown {
            return Ok(ControlFlow::Continue(()));
        }
        *step = event.step().max(*step);
        progress.receive(event)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::Outcome;

    use super::*;
    use crate::cli::screen::Screen;

    #[test]
    fn the_first_that_goes_is_shown() {
        let screen = Screen::new();
        let shared = Shared::new(Progress::new(&screen, 10, String::new()), 2);
        let mut fronts = [Front::new(&shared, 0), Front::new(&shared, 1)];
        let mut say = |at: usize, value: f64| {
            let values = BTreeMap::from([("samples/n_modes".to_owned(), value)]);
            let _flow = fronts[at].receive(&Event::Readings { step: 1, secs: 0.0, values }).unwrap();
            if value == 3.0 {
                let outcome = Outcome::Diverged { quantity: String::new() };
                let _flow = fronts[at].receive(&Event::Finished { step: 1, secs: 0.0, outcome }).unwrap();
            }
            shared.0.borrow().progress.reading("samples/n_modes")
        };
        assert_eq!([say(0, 8.0), say(1, 5.0), say(0, 3.0), say(1, 6.0)], [8.0, 8.0, 3.0, 6.0].map(Some));
    }
}
