//! Watches a study until it has ended: with the workers of this process, or with those of an engine.

use std::time::{Duration, Instant};

use ganatomy_study::State;
use ganatomy_study::launch::{Crew, Engine, Tended};
use ganatomy_study::store::{Count, Store};
use ganatomy_study::worker::Rules;

use super::failed;
use super::live::Live;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::cli::sink::Interrupt;

/// Workers are looked after this often.
const TEND_EVERY: Duration = Duration::from_millis(50);

/// How the watch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// Every run has ended.
    Ended,
    /// It was interrupted.
    Stopped,
}

/// Watches, and shows the table, until the study has ended or was interrupted.
pub(super) fn watch(
    store: &mut Store,
    rules: &Rules,
    mut crew: Option<Crew>,
    engine: Engine,
    interrupt: &Interrupt,
    screen: &Screen,
) -> Result<Watched, Failure> {
    let mut live = Live::new(screen);
    let mut counts = store.counts().map_err(failed)?;
    live.show(rules, &counts);
    let mut counted = Instant::now();
    let what = match engine {
        Engine::Local => "stopping each run at its next step, with a checkpoint".to_owned(),
        engine => format!("no longer watching; the workers go on, and {} stops them", engine.stops_with()),
    };
    let mut stopping = false;
    loop {
        if interrupt.is_asked(screen, &what) {
            match &mut crew {
                Some(crew) if !stopping => crew.stop(),
                Some(_) => {}
                None => return Ok(Watched::Stopped),
            }
            stopping = true;
        }
        if let Some(crew) = &mut crew
            && crew.tend(store).map_err(failed)? == Tended::Ended
        {
            // Workers may have been asked to stop one by one.
            let begun = store.stages_begun().map_err(failed)?;
            let all = !stopping && ended(begun, rules, &store.counts().map_err(failed)?);
            return Ok(if all { Watched::Ended } else { Watched::Stopped });
        }
        if counted.elapsed() >= Live::every(&counts) {
            // In this order: a stage that begins in between is seen as open.
            let begun = store.stages_begun().map_err(failed)?;
            if crew.is_none() {
                let runs = &rules.file.runs;
                store.reap_late(runs.lease_secs, runs.most_attempts).map_err(failed)?;
            }
            counts = store.counts().map_err(failed)?;
            live.show(rules, &counts);
            counted = Instant::now();
            if crew.is_none() && ended(begun, rules, &counts) {
                return Ok(Watched::Ended);
            }
        }
        std::thread::sleep(TEND_EVERY);
    }
}

/// Has every stage begun, and every run ended?
pub(super) fn ended(begun: u64, rules: &Rules, counts: &[Count]) -> bool {
    let open = counts.iter().any(|count| matches!(count.state, State::Waiting | State::Running));
    let later = rules.stages.iter().filter(|stage| !stage.best_of.is_empty()).count() as u64;
    !open && begun == later
}
