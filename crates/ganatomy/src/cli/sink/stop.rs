//! Stops a run on Ctrl-C, SIGTERM, or when its terminal is closed (SIGHUP).

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ganatomy_record::{Event, RecordError, Sink};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::cli::screen::Screen;

/// What the shell reports of a program that Ctrl-C ended.
const EXIT_AT_ONCE: i32 = 130;

/// Whether the user wants the run to stop; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
    said: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on: the first signal asks for a stop, the second ends the process at once.
    pub(crate) fn listen() -> io::Result<Interrupt> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds the flag still down.
            flag::register_conditional_shutdown(signal, EXIT_AT_ONCE, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Interrupt { asked, said: Arc::default() })
    }

    /// Whether a stop was asked for; the first time, prints what will happen.
    pub(crate) fn is_asked(&self, screen: &Screen) -> bool {
        let asked = self.asked.load(Ordering::Relaxed);
        if asked && !self.said.swap(true, Ordering::Relaxed) {
            screen.note("stopping at the next step, with a checkpoint; once more ends it at once");
        }
        asked
    }
}

/// Breaks the run once a stop was asked for.
pub(crate) struct Stop<'a> {
    interrupt: &'a Interrupt,
    screen: &'a Screen,
}

impl<'a> Stop<'a> {
    /// Stops for this interrupt.
    pub(crate) fn new(interrupt: &'a Interrupt, screen: &'a Screen) -> Stop<'a> {
        Stop { interrupt, screen }
    }
}

impl Sink for Stop<'_> {
    fn receive(&mut self, _event: &Event) -> Result<ControlFlow<()>, RecordError> {
        match self.interrupt.is_asked(self.screen) {
            true => Ok(ControlFlow::Break(())),
            false => Ok(ControlFlow::Continue(())),
        }
    }
}
