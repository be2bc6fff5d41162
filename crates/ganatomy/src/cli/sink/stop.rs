//! Stops a run on Ctrl-C, SIGTERM, or when its terminal is closed (SIGHUP).

use std::cell::Cell;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ganatomy_record::{Event, RecordError, Sink};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::cli::screen::Screen;

/// What the shell reports of a program that Ctrl-C ended.
const EXIT_AT_ONCE: i32 = 130;
/// Work that asks whether to stop does so within this time.
const HEARING: Duration = Duration::from_millis(500);
const WATCH_EVERY: Duration = Duration::from_millis(100);

/// Whether the user wants the run to stop; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
    said: Arc<AtomicBool>,
    /// Has the run reported anything yet? Until then it has nothing to lose.
    begun: Arc<AtomicBool>,
    /// Is work at hand that asks whether to stop?
    hears: Arc<AtomicBool>,
}

/// Ends the watch even if the work panics.
struct Done<'a>(&'a AtomicBool, std::thread::Thread);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.unpark();
    }
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
        let [said, begun, hears] = std::array::from_fn(|_| Arc::default());
        Ok(Interrupt { asked, said, begun, hears })
    }

    /// Raised once a stop is asked for; who raises it asks for one.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
    }

    /// Whether a stop was asked for; nothing is said.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether a stop was asked for; the first time, prints what will happen.
    pub(crate) fn is_asked(&self, screen: &Screen, what: &str) -> bool {
        let asked = self.asked.load(Ordering::Relaxed);
        if asked && !self.said.swap(true, Ordering::Relaxed) {
            screen.note(&format!("{what}; once more ends it at once"));
        }
        asked
    }

    /// Work before the first step asks whether to stop until it is done.
    pub(crate) fn tells(&self, done: bool) {
        self.hears.store(!done, Ordering::Relaxed);
    }

    /// Does `work`, and answers for it while it cannot hear: where a stop that was asked for is not heard soon, calls `end`
    /// before the first report and promises the stop after it.
    pub(crate) fn answer_for<T>(
        &self,
        screen: &Screen,
        end: impl Fn() + Sync,
        work: impl FnOnce() -> T,
    ) -> T {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watch = scope.spawn(|| self.watch(screen, &end, &done));
            let _done = Done(&done, watch.thread().clone());
            work()
        })
    }

    fn watch(&self, screen: &Screen, end: &dyn Fn(), done: &AtomicBool) {
        let mut asked_at = None;
        while !done.load(Ordering::Relaxed) {
            let begun = self.begun.load(Ordering::Relaxed);
            if self.asked.load(Ordering::Relaxed) {
                let deaf = asked_at.get_or_insert_with(Instant::now).elapsed() > HEARING;
                if deaf && !self.hears.load(Ordering::Relaxed) && !self.said.swap(true, Ordering::Relaxed) {
                    if !begun {
                        return end();
                    }
                    screen.note(
                        "stopping after the step at work, with a checkpoint; once more ends it at once",
                    );
                }
            }
            std::thread::park_timeout(WATCH_EVERY);
        }
    }
}

/// Breaks the run once a stop was asked for.
pub(crate) struct Stop<'a> {
    interrupt: &'a Interrupt,
    screen: &'a Screen,
    /// Of runs that step together: the step after which the first of them heard of it.
    asked_at: Option<&'a Cell<Option<u64>>>,
}

impl<'a> Stop<'a> {
    /// Stops for this interrupt.
    pub(crate) fn new(interrupt: &'a Interrupt, screen: &'a Screen) -> Stop<'a> {
        Stop { interrupt, screen, asked_at: None }
    }

    /// The same, of one of several runs that step together: all of them stop after the same step.
    pub(crate) fn together(self, asked_at: &'a Cell<Option<u64>>) -> Stop<'a> {
        Stop { asked_at: Some(asked_at), ..self }
    }
}

impl Sink for Stop<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        self.interrupt.begun.store(true, Ordering::Relaxed);
        let what = "stopping at the next step, with a checkpoint";
        let is_asked = self.interrupt.is_asked(self.screen, what);
        let is_due = match (self.asked_at, event) {
            (None, _) => is_asked,
            (Some(at), Event::Step { step, .. }) => {
                if is_asked && at.get().is_none() {
                    at.set(Some(*step));
                }
                at.get().is_some_and(|asked| *step > asked)
            }
            (Some(_), _) => false,
        };
        Ok(if is_due { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}
