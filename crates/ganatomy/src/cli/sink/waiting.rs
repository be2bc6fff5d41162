//! Shows that work goes on which cannot tell how far it is.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::cli::screen::{LINE_EVERY, Screen};
use crate::cli::text::secs;

/// Work that takes less is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(2);
/// How often a moving line moves.
const TICK: Duration = Duration::from_millis(100);

/// Says what is being done and for how long, until it is dropped.
pub(crate) struct Waiting {
    /// Dropped to end the thread.
    done: Option<Sender<()>>,
    shown: Option<JoinHandle<()>>,
}

impl Waiting {
    /// Shows this work from now on.
    pub(crate) fn new(screen: &Screen, what: &'static str) -> Waiting {
        let (done, ended) = channel();
        let screen = screen.clone();
        Waiting { done: Some(done), shown: Some(thread::spawn(move || show(&screen, what, &ended))) }
    }
}

fn show(screen: &Screen, what: &str, ended: &Receiver<()>) {
    let begun = Instant::now();
    let goes_on = |time| matches!(ended.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    if !goes_on(WORTH_A_WORD) {
        return;
    }
    if screen.is_live() {
        let bar = screen.bar(0, "{spinner:.cyan} {msg} {elapsed}");
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(TICK);
        while goes_on(TICK) {}
        bar.finish_and_clear();
    } else {
        screen.line(what);
        while goes_on(LINE_EVERY) {
            screen.line(&format!("{what}: {} so far", secs(begun.elapsed().as_secs_f64())));
        }
    }
    screen.line(&format!("{what}: done in {}", secs(begun.elapsed().as_secs_f64())));
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(shown) = self.shown.take() {
            // A thread that panicked has shown what it could.
            let _ = shown.join();
        }
    }
}
