//! Shows how far a run is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ganatomy_record::{Event, RecordError, Sink};
use indicatif::ProgressBar;

use crate::cli::screen::{LINE_EVERY, Screen, shown};
use crate::cli::text::{brief, pace, secs, whole};

/// A bar is redrawn at most this often.
const REDRAW_EVERY: Duration = Duration::from_millis(100);

/// A line has room for this many readings.
const N_READINGS: usize = 5;

/// The readings that matter most first, and what a line calls them.
const READINGS: [(&str, &str); 11] = [
    ("samples/n_modes", "modes"),
    ("samples/high_quality_share", "quality"),
    ("samples/n_classes", "classes"),
    ("samples/classifier_score", "score"),
    ("scores/fid/fid", "fid"),
    ("scores/kid/kid", "kid"),
    ("samples/reverse_kl", "KL"),
    ("vae/reconstruction_error", "error"),
    ("vae/divergence", "divergence"),
    ("generator/loss", "G"),
    ("discriminator/loss", "D"),
];

/// One bar with the time left, steps a second and the readings that matter; plain lines without a terminal.
pub(crate) struct Progress<'a> {
    screen: &'a Screen,
    steps: u64,
    /// Printed when the run begins.
    headline: String,
    bar: Option<ProgressBar>,
    /// The step and second at which training began or went on.
    begun: (u64, f64),
    readings: BTreeMap<String, f64>,
    shown: Instant,
}

impl<'a> Progress<'a> {
    /// Shows a run of this many steps, under a headline.
    pub(crate) fn new(screen: &'a Screen, steps: u64, headline: String) -> Progress<'a> {
        let readings = BTreeMap::new();
        Progress { screen, steps, headline, bar: None, begun: (0, 0.0), readings, shown: Instant::now() }
    }

    /// The value of a reading that is shown.
    #[cfg(test)]
    pub(crate) fn reading(&self, name: &str) -> Option<f64> {
        self.readings.get(name).copied()
    }

    fn begin(&mut self, step: u64, secs: f64) {
        self.begun = (step, secs);
        self.shown = Instant::now();
        self.screen.line(&self.headline);
        if self.screen.is_live() {
            let bar = self.screen.bar(self.steps, "{bar:20.cyan} {wide_msg}");
            bar.set_position(step);
            self.bar = Some(bar);
        }
    }

    fn step(&mut self, step: u64, secs: f64) {
        let every = if self.bar.is_some() { REDRAW_EVERY } else { LINE_EVERY };
        if self.shown.elapsed() < every {
            return;
        }
        self.shown = Instant::now();
        let line = self.line(step, secs);
        match &self.bar {
            Some(bar) => {
                bar.set_message(line);
                bar.set_position(step);
            }
            None => self.screen.line(&format!("step {line}")),
        }
    }

    /// `1,500/3,000  248/s  6.0 s left  modes 8  quality 0.93`.
    fn line(&self, step: u64, now: f64) -> String {
        let (made, took) = (step.saturating_sub(self.begun.0), now - self.begun.1);
        let left = self.steps.saturating_sub(step) as f64 * took / made as f64;
        let head =
            format!("{}/{}  {}  {} left", whole(step), whole(self.steps), pace(made, took), secs(left));
        let shown = READINGS.iter().filter_map(|(name, short)| Some((short, self.readings.get(*name)?)));
        let readings = shown.take(N_READINGS).map(|(short, value)| format!("  {short} {}", brief(*value)));
        readings.fold(head, |line, reading| line + &reading)
    }
}

impl Sink for Progress<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        match event {
            Event::Started { step, secs, .. } | Event::Resumed { step, secs } => self.begin(*step, *secs),
            Event::Data { data, .. } => {
                data.rows()
                    .iter()
                    .for_each(|(label, text)| self.screen.line(&format!("  {label:<10}  {}", shown(text))));
            }
            Event::Step { step, secs } => self.step(*step, *secs),
            Event::Readings { values, .. } => {
                self.readings.extend(values.iter().map(|(name, value)| (name.clone(), *value)));
            }
            Event::Note { text, .. } => self.screen.note(text),
            Event::Finished { .. } => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(begun: (u64, f64), readings: &[(&str, f64)], expected: &str) {
        let screen = Screen::new();
        let mut progress = Progress::new(&screen, 3000, String::new());
        progress.begin(begun.0, begun.1);
        progress.readings = readings.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        assert_eq!(progress.line(1500, 6.0), expected);
    }

    #[test]
    fn a_line_shows_the_pace_of_this_session() {
        check((0, 0.0), &[], "1,500/3,000  250/s  6.0 s left");
        check((1000, 5.0), &[], "1,500/3,000  500/s  3.0 s left");
        check((1500, 6.0), &[], "1,500/3,000  -  unknown left");
    }

    #[test]
    fn the_readings_that_matter_come_first() {
        let readings = [("generator/loss", 0.7), ("samples/n_modes", 8.0), ("other", 1.0)];
        check((0, 0.0), &readings, "1,500/3,000  250/s  6.0 s left  modes 8  G 0.700");
    }
}
