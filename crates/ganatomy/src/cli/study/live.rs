//! One table of a study while it goes: arms by what became of their runs, the best score so far, the time left.

use std::time::{Duration, Instant};

use ganatomy_study::State;
use ganatomy_study::store::Count;
use ganatomy_study::worker::Rules;
use indicatif::ProgressBar;

use crate::cli::screen::{LINE_EVERY, Screen};
use crate::cli::text::{brief, counted, secs, table, whole};

/// How many runs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) waiting: u64,
    pub(super) running: u64,
    pub(super) done: u64,
    pub(super) failed: u64,
    pub(super) pruned: u64,
}

impl Tally {
    fn add(&mut self, state: State, runs: u64) {
        *match state {
            State::Waiting => &mut self.waiting,
            State::Running => &mut self.running,
            State::Done => &mut self.done,
            State::Failed => &mut self.failed,
            State::Pruned => &mut self.pruned,
        } += runs;
    }

    pub(super) fn ended(&self) -> u64 {
        self.done + self.failed + self.pruned
    }

    pub(super) fn all(&self) -> u64 {
        self.ended() + self.waiting + self.running
    }

    /// `12 of 40 runs: 10 done, 2 failed, 2 at work`.
    pub(super) fn words(&self) -> String {
        let parts = [
            (self.done, "done"),
            (self.failed, "failed"),
            (self.pruned, "pruned"),
            (self.running, "at work"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", whole(*n))).collect();
        let parts = if parts.is_empty() { "none begun".to_owned() } else { parts.join(", ") };
        format!("{} of {}: {parts}", whole(self.ended()), counted(self.all(), "run"))
    }
}

/// All runs.
pub(super) fn tally(counts: &[Count]) -> Tally {
    let mut tally = Tally::default();
    counts.iter().for_each(|count| tally.add(count.state, count.runs));
    tally
}

/// A row for each arm of each stage, under a heading.
pub(super) fn rows(rules: &Rules, counts: &[Count]) -> Vec<Vec<String>> {
    let up = rules.better() == ganatomy_record::Direction::Up;
    let best = format!("{} {}", if up { "highest" } else { "lowest" }, rules.file.score.reading);
    let heading = ["stage", "arm", "done", "failed", "pruned", "at work", "waiting", &best];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for (i, stage) in rules.stages.iter().enumerate() {
        for (j, arm) in rules.file.arms.iter().enumerate() {
            let own: Vec<&Count> = counts.iter().filter(|count| (count.stage, count.arm) == (i, j)).collect();
            let mut tally = Tally::default();
            own.iter().for_each(|count| tally.add(count.state, count.runs));
            let done = own.iter().filter(|count| count.state == State::Done).filter_map(|count| count.range);
            let best = done.map(|[low, high]| if up { high } else { low }).next();
            let numbers = [tally.done, tally.failed, tally.pruned, tally.running, tally.waiting].map(whole);
            let mut row = vec![stage.name.clone(), arm.name.clone()];
            row.extend(numbers);
            row.push(best.map_or_else(|| "-".to_owned(), brief));
            rows.push(row);
        }
    }
    rows
}

/// Shows a study while it goes.
pub(super) struct Live<'a> {
    screen: &'a Screen,
    bar: Option<ProgressBar>,
    begun: Instant,
    /// Runs that had ended before.
    before: Option<u64>,
    said: Instant,
}

impl<'a> Live<'a> {
    /// Shows it from now on.
    pub(super) fn new(screen: &'a Screen) -> Live<'a> {
        let bar = screen.is_live().then(|| screen.bar(0, "{msg}\n  {bar:40.cyan} {pos}/{len} runs"));
        Live { screen, bar, begun: Instant::now(), before: None, said: Instant::now() }
    }

    /// Shows these counts. The time left is that of the runs that wait, at the pace of those that ended since the beginning.
    pub(super) fn show(&mut self, rules: &Rules, counts: &[Count]) {
        let tally = tally(counts);
        let before = *self.before.get_or_insert(tally.ended());
        let made = tally.ended().saturating_sub(before);
        let open = tally.waiting + tally.running;
        let left = match made {
            0 => String::new(),
            made => {
                format!(", {} left", secs(self.begun.elapsed().as_secs_f64() * open as f64 / made as f64))
            }
        };
        match &self.bar {
            Some(bar) => {
                bar.set_length(tally.all());
                bar.set_position(tally.ended());
                bar.set_message(format!(
                    "{}\n  {}{left}",
                    table(&rows(rules, counts), "  ", 2),
                    tally.words()
                ));
            }
            None if self.said.elapsed() >= LINE_EVERY => {
                self.said = Instant::now();
                self.screen.line(&format!("{}{left}", tally.words()));
            }
            None => {}
        }
    }

    /// How often counting is worth while: it takes longer the more runs there are.
    pub(super) fn every(counts: &[Count]) -> Duration {
        Duration::from_millis((tally(counts).all() / 50).clamp(250, 5000))
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_says_what_became_of_the_runs() {
        let tally = Tally { waiting: 26, running: 2, done: 10, failed: 2, pruned: 0 };
        assert_eq!(tally.words(), "12 of 40 runs: 10 done, 2 failed, 2 at work");
        assert_eq!(Tally { waiting: 1, ..Tally::default() }.words(), "0 of 1 run: none begun");
    }
}
