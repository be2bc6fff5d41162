//! Studies within a lesson: the engine of `ganatomy study`, in a folder that is gone afterwards.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ganatomy_study::answer::{Answer, Arm};
use ganatomy_study::file::{Written, parse};
use ganatomy_study::store::{Address, FILE, Mode, Store, StoredCurves};
use ganatomy_study::worker::{Site, work};
use ganatomy_study::{Expanded, Ground, Results, State, Study, StudyError};
use ganatomy_train::Registry;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::{Bench, LessonError, Words};

/// What study files of lessons call the specs that they build on: name and text.
pub type Base<'a> = (&'a str, &'a str);

/// English and Korean.
type Pair = (&'static str, &'static str);

/// How often a lesson looks how far its study is.
const LOOK: Duration = Duration::from_millis(200);

impl Bench<'_> {
    /// Carries a study out, as many runs at once as there are threads, and returns its runs and its answer.
    ///
    /// # Errors
    /// A file that is no study, a run that no worker can carry out, or a folder that cannot be written.
    pub fn study(&self, what: &str, file: &str, base: Base<'_>) -> Result<(Results, Answer), LessonError> {
        let home = tempfile::Builder::new().prefix("ganatomy-study-").tempdir().map_err(other)?;
        std::fs::write(home.path().join(base.0), base.1).map_err(other)?;
        let registry = Registry::builtin();
        let ground = Ground { registry: &registry, data: self.data.clone(), cache: self.cache.clone() };
        let file = parse(file, "the lesson's study", None)?;
        let written =
            Written { file, folder: home.path().to_owned(), origin: "the lesson's study".to_owned() };
        let expanded = Expanded::new(Study::new(written)?, &ground)?;
        let address = Address::Sqlite(home.path().join(FILE));
        let mut store = Store::open(&address, Mode::Make)?;
        expanded.begin(&mut store, self.data.as_deref(), home.path())?;
        self.watch.begin(what, expanded.n_runs());
        let worked = self.crew(&address, home.path(), &registry, &mut store);
        self.watch.end();
        worked?;
        let results = Results::read(&mut store)?;
        let answer = Answer::of(&results, &StoredCurves::new(store)).map_err(other)?;
        Ok((results, answer))
    }

    /// Workers, one a thread, until no run is left.
    fn crew(
        &self,
        address: &Address,
        folder: &Path,
        registry: &Registry,
        store: &mut Store,
    ) -> Result<(), LessonError> {
        let (stop, at_work) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(self.threads));
        let site = |number: usize| Site {
            address: address.clone(),
            folder: folder.to_owned(),
            worker: format!("lesson-{}-{number}", std::process::id()),
            registry,
            data: self.data.clone(),
            spare_data: None,
            cache: PathBuf::from(&self.cache),
            host: "here".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            threads: 1,
            device: self.device.clone().map(|device| (device, toml::Table::new())),
            // Lessons measure steps, not seconds.
            now: || 0.0,
            clock: || Arc::new(|| 0.0),
            stop: Arc::clone(&stop),
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.threads)
                .map(|number| {
                    let (site, at_work) = (site(number), &at_work);
                    scope.spawn(move || {
                        let _leaves = Leaves { at_work, stop: &site.stop };
                        let worked = work(&site);
                        // Once one has failed, the rest is not done.
                        site.stop.fetch_or(worked.is_err(), Ordering::Relaxed);
                        worked
                    })
                })
                .collect();
            let watched = self.look(store, &at_work);
            stop.fetch_or(watched.is_err(), Ordering::Relaxed);
            for worker in workers {
                worker
                    .join()
                    .map_err(|_| LessonError::Other("a worker of the study broke off".to_owned()))??;
            }
            Ok(watched?)
        })
    }

    /// Tells how many runs have ended, as long as anyone is at work.
    fn look(&self, store: &mut Store, at_work: &AtomicUsize) -> Result<(), StudyError> {
        let mut told = 0;
        while at_work.load(Ordering::Relaxed) > 0 {
            std::thread::sleep(LOOK);
            let ended = |state| !matches!(state, State::Waiting | State::Running);
            let counts = store.counts()?;
            let now = counts.iter().filter(|count| ended(count.state)).map(|count| count.runs).sum();
            self.watch.advance(u64::saturating_sub(now, told));
            told = now;
        }
        Ok(())
    }
}

/// The scores of every arm, their median and its 95 % interval. Title, and names of the axes.
pub(crate) fn medians(answer: &Answer, title: Pair, arms: Pair, score: Pair) -> Figure {
    let names = answer.arms.iter().map(|arm| Words::both(arm.name.clone()));
    let whisker = |(i, arm): (usize, &Arm)| {
        let median = arm.median?;
        let ends = median.interval.map_or([median.value; 2], |interval| [interval.low, interval.high]);
        Some([i as f64, ends[0], median.value, ends[1]])
    };
    let whiskers = answer.arms.iter().enumerate().filter_map(whisker).collect();
    let each = answer.arms.iter().enumerate();
    let runs = each.flat_map(|(i, arm)| arm.scores.iter().map(move |score| [i as f64 + 0.15, *score]));
    let chart = Chart::new(Scale::names(arms, names), Scale::of(score))
        .with(("runs", "실행"), Hue::Quiet, Shape::Dots(runs.collect(), 4.0))
        .with(("median, 95 % interval", "중앙값, 95 % 구간"), Hue::Nth(0), Shape::Whiskers(whiskers));
    Figure::one(title, chart)
}

/// A worker at work, which is counted out however it ends.
struct Leaves<'a> {
    at_work: &'a AtomicUsize,
    stop: &'a AtomicBool,
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.stop.fetch_or(std::thread::panicking(), Ordering::Relaxed);
        self.at_work.fetch_sub(1, Ordering::Relaxed);
    }
}

fn other(error: impl std::fmt::Display) -> LessonError {
    LessonError::Other(error.to_string())
}
