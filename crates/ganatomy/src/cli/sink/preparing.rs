//! Shows how far long work before the training is.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ganatomy_data::{Task, Unit};
use indicatif::ProgressBar;

use crate::cli::screen::{LINE_EVERY, Screen};
use crate::cli::sink::Interrupt;
use crate::cli::text::{secs, whole};

/// Work that takes less is not worth a bar.
const WORTH_A_BAR: Duration = Duration::from_secs(2);

/// A bar, or plain lines, for whatever takes longer than two seconds.
pub(crate) struct Preparing {
    screen: Screen,
    /// Asked while training prepares, so that Ctrl-C is answered even then.
    interrupt: Option<Interrupt>,
    current: Mutex<Option<Current>>,
}

/// The task at work.
struct Current {
    name: String,
    begun: Instant,
    said: Instant,
    bar: Option<ProgressBar>,
    shown: bool,
}

impl Preparing {
    /// Shows work on the screen.
    pub(crate) fn new(screen: &Screen, interrupt: Option<&Interrupt>) -> Preparing {
        let (screen, interrupt) = (screen.clone(), interrupt.cloned());
        Preparing { screen, interrupt, current: Mutex::new(None) }
    }

    fn show(&self, current: &mut Current, task: Task<'_>, done: u64) {
        if self.screen.is_live() {
            let bar = current.bar.get_or_insert_with(|| self.screen.bar(task.total, template(task.unit)));
            bar.set_message(task.name.to_owned());
            bar.set_position(done);
        } else if current.said.elapsed() >= LINE_EVERY {
            current.said = Instant::now();
            self.screen.line(&format!(
                "{}: {} of {}",
                task.name,
                amount(done, task),
                amount(task.total, task)
            ));
        }
        current.shown = true;
    }
}

impl ganatomy_data::Progress for Preparing {
    fn advance(&self, task: Task<'_>, done: u64) {
        if let Some(interrupt) = &self.interrupt {
            interrupt.tells(done >= task.total);
        }
        // The state is sound even if a thread panicked.
        let mut guard = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = guard.take().filter(|current| current.name == task.name).unwrap_or_else(|| {
            let now = Instant::now();
            Current { name: task.name.to_owned(), begun: now, said: now, bar: None, shown: false }
        });
        if done < task.total {
            if current.begun.elapsed() >= WORTH_A_BAR {
                self.show(&mut current, task, done);
            }
            *guard = Some(current);
        } else if current.shown {
            let took = secs(current.begun.elapsed().as_secs_f64());
            drop(current);
            self.screen.line(&format!("{}: {} in {took}", task.name, amount(task.total, task)));
        }
    }

    fn note(&self, text: &str) {
        self.screen.note(text);
    }

    fn wants_stop(&self) -> bool {
        let what = "stopping before the first step, with what was prepared";
        self.interrupt.as_ref().is_some_and(|interrupt| interrupt.is_asked(&self.screen, what))
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn template(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "{msg} {bar:24.cyan} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        _ => "{msg} {bar:24.cyan} {human_pos}/{human_len} {eta} left",
    }
}

/// How many, and of what.
fn amount(n: u64, task: Task<'_>) -> String {
    let unit = match task.unit {
        Unit::Bytes => "MB",
        Unit::Images => "images",
        Unit::Steps => "steps",
    };
    format!("{} {unit}", count(n, task))
}

fn count(n: u64, task: Task<'_>) -> String {
    match task.unit {
        Unit::Bytes => format!("{:.1}", n as f64 / 1e6),
        Unit::Images | Unit::Steps => whole(n),
    }
}
