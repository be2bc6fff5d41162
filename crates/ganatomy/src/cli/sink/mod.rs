//! What happens to a run's events: recorded, drawn, shown, and answered with a stop.

mod draw;
mod front;
mod preparing;
mod progress;
mod stop;
mod tell;
mod waiting;

use std::ops::ControlFlow;

use ganatomy_record::{Event, RecordError, Sink};

pub(crate) use draw::Draw;
pub(crate) use front::{Front, Shared};
pub(crate) use preparing::Preparing;
pub(crate) use progress::Progress;
pub(crate) use stop::{Interrupt, Stop};
pub(crate) use tell::{Halt, HaltWhen, Tell};
pub(crate) use waiting::Waiting;

/// Hands every event to each sink in turn; any of them can ask for the run to stop.
pub(crate) struct Together<'a> {
    sinks: Vec<Box<dyn Sink + 'a>>,
    seen_a_step: bool,
}

impl<'a> Together<'a> {
    /// These sinks, in this order.
    pub(crate) fn new(sinks: Vec<Box<dyn Sink + 'a>>) -> Together<'a> {
        Together { sinks, seen_a_step: false }
    }

    /// Whether a step was made since training began or went on.
    pub(crate) fn have_seen_a_step(&self) -> bool {
        self.seen_a_step
    }
}

impl Sink for Together<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        self.seen_a_step |= matches!(event, Event::Step { .. });
        let mut flow = ControlFlow::Continue(());
        for sink in &mut self.sinks {
            if sink.receive(event)?.is_break() {
                flow = ControlFlow::Break(());
            }
        }
        Ok(flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Answers(ControlFlow<()>);

    impl Sink for Answers {
        fn receive(&mut self, _event: &Event) -> Result<ControlFlow<()>, RecordError> {
            Ok(self.0)
        }
    }

    #[test]
    fn one_break_is_enough_and_all_receive_the_event() {
        let mut heard = Vec::<Event>::new();
        let event = Event::Step { step: 1, secs: 0.0 };
        let mut sinks =
            Together::new(vec![Box::new(Answers(ControlFlow::Break(()))), Box::new(HeardBy(&mut heard))]);
        assert!(sinks.receive(&event).unwrap().is_break());
        assert!(sinks.have_seen_a_step());
        drop(sinks);
        assert_eq!(heard, [event]);
    }

    struct HeardBy<'a>(&'a mut Vec<Event>);

    impl Sink for HeardBy<'_> {
        fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
            self.0.receive(event)
        }
    }
}
