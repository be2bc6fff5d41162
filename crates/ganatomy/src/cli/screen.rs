//! What the user sees: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::builder::styling::{AnsiColor, Style};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::failure::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();

/// Lines without a terminal come at most this often.
pub(crate) const LINE_EVERY: Duration = Duration::from_secs(5);

/// Standard error, with or without a progress bar on it; its clones are the same screen.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    bars: MultiProgress,
    live: bool,
}

impl Screen {
    /// The screen of this process.
    pub(crate) fn new() -> Screen {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Screen { bars: MultiProgress::new(), live: io::stderr().is_terminal() && !dumb }
    }

    /// Whether bars can be shown; otherwise plain lines are due.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// A bar at the bottom of the screen; the caller clears it.
    pub(crate) fn bar(&self, length: u64, template: &str) -> ProgressBar {
        let bar = self.bars.add(ProgressBar::new(length));
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        bar
    }

    /// A line that stays.
    pub(crate) fn line(&self, text: &str) {
        self.bars.suspend(|| write_line(text));
    }

    /// Something worth knowing.
    pub(crate) fn note(&self, text: &str) {
        self.line(&format!("{NOTE}note:{NOTE:#} {}", shown(text)));
    }

    /// Something that went wrong without stopping the work.
    pub(crate) fn warn(&self, text: &str) {
        self.line(&format!("{WARNING}warning:{WARNING:#} {text}"));
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// Warns of a generator's tensor that holds numbers which are not finite.
pub(crate) fn warn_of_numbers(tensor: Option<String>, step: u64) {
    if let Some(tensor) = tensor {
        Screen::new().warn(&format!(
            "{tensor} of step {step} holds numbers that are not finite, and so may what is made of it"
        ));
    }
}

/// What stopped the command.
pub(crate) fn error(text: &str) {
    write_line(&format!("{ERROR}error:{ERROR:#} {}", shown(text)));
}

/// An error, or what names files, as it is printed: what was given may be long, or hold characters that a terminal obeys.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 600;
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let line = |line: &str| -> String {
        let cut = if line.chars().nth(LONGEST).is_some() { "..." } else { "" };
        line.chars().take(LONGEST).map(plain).chain(cut.chars()).collect()
    };
    // Only the excerpt of a spec, which is set off, stands on lines of its own; other breaks are in names.
    text.split("\n  ").map(line).collect::<Vec<_>>().join("\n  ")
}

/// Prints a command's result.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader of the output, such as `head`, has stopped reading.
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|cause| Failure::run(Unwritten { cause })),
    }
}

/// Prints a command's result for a program to read.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::run)?;
    print(&format!("{text}\n"))
}

fn write_line(text: &str) {
    // If standard error is gone, nothing can be reported.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output: {cause}")]
struct Unwritten {
    cause: io::Error,
}
