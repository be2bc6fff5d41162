//! A worker: takes runs out of the store, carries them out, and says what came of them, until none is left.

mod advance;
mod group;
mod kept;
mod listen;
mod presence;
mod pulse;
mod rules;
mod run;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ganatomy_tensor::{Cpu, Device};
use ganatomy_train::{Clock, Registry};
use toml::Table;

pub use presence::Presence;
pub use rules::Rules;

use crate::StudyError;
use crate::store::{Address, Mode, Store};
use advance::Next;
use pulse::{Held, Pulse};
use run::Came;

/// What surrounds a worker.
#[derive(Clone)]
pub struct Site<'a> {
    /// The store.
    pub address: Address,
    /// The study's folder on this machine, which holds the runs.
    pub folder: PathBuf,
    /// The worker's name, unlike any other's.
    pub worker: String,
    /// What methods there are.
    pub registry: &'a Registry,
    /// The folder of the data, if it is to be this one.
    pub data: Option<PathBuf>,
    /// The folder of the data where neither that is given nor the one is here with which the study was begun.
    pub spare_data: Option<PathBuf>,
    /// Where what was learned once may be kept.
    pub cache: PathBuf,
    /// The machine's name.
    pub host: String,
    /// Of the program.
    pub version: String,
    /// Threads of one run.
    pub threads: usize,
    /// What steps are made on, if not on this processor, and what `plan.toml` says of it.
    pub device: Option<(Arc<dyn Device>, Table)>,
    /// Seconds since 1970.
    pub now: fn() -> f64,
    /// A clock that begins now.
    pub clock: fn() -> Clock,
    /// Set to stop the worker: the run at hand stores a checkpoint and is given back.
    pub stop: Arc<AtomicBool>,
}

impl std::fmt::Debug for Site<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Site { address, folder, worker, host, threads, .. } = self;
        f.debug_struct("Site")
            .field("address", address)
            .field("folder", folder)
            .field("worker", worker)
            .field("host", host)
            .field("threads", threads)
            .finish_non_exhaustive()
    }
}

/// What a worker has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Runs that it ended, whatever came of them.
    pub runs: u64,
    /// Whether it was stopped before nothing was left.
    pub stopped: bool,
}

/// How long a worker without work waits before it looks again.
const IDLE: [u64; 4] = [50, 200, 1000, 3000];

/// Works until every run of the study has ended, or until it is stopped.
///
/// # Errors
/// A store that does not answer, or a machine on which no run can be kept. What was begun is given back or is tried again.
pub fn work(site: &Site<'_>) -> Result<Worked, StudyError> {
    let mut store = Store::open(&site.address, Mode::Work)?;
    let rules = Rules::of(&mut store)?;
    let _present = Presence::take(&site.folder, &site.worker)?;
    let pulse = Pulse::start(site, rules.file.runs.lease_secs)?;
    let device = Arc::new(Cpu::new(site.threads));
    let (mut worked, mut idle) = (Worked::default(), 0);
    while !site.stop.load(Ordering::Relaxed) {
        let Some(claim) = store.claim(&site.worker)? else {
            reap(site, &mut store, &rules)?;
            match advance::advance(&mut store, &rules)? {
                Next::Ended => return Ok(worked),
                Next::Began => {}
                Next::Waits => {
                    std::thread::sleep(Duration::from_millis(IDLE[idle.min(IDLE.len() - 1)]));
                    idle += 1;
                }
            }
            continue;
        };
        idle = 0;
        let held = pulse.hold(group::gather(site, &rules, &mut store, claim)?);
        let came = group::carry_out_all(site, &rules, &mut store, &device, &held);
        let n_came = came.len();
        let mut failed = None;
        for (Held { claim, .. }, came) in held.iter().zip(came) {
            match came {
                Ok(Came::Ended(ended)) => worked.runs += u64::from(store.end(claim, &ended)?),
                Ok(Came::Stopped) => drop(store.release(claim)?),
                Ok(Came::Lost) => {}
                // It counts as a try: a run that no worker can carry out must not stop the others for ever. A full disk is no run's fault.
                Err(error) if run::is_full(&error) => {
                    store.release(claim)?;
                    failed = Some(error);
                }
                Err(error) => failed = Some(error),
            }
        }
        group::give_back(&mut store, &held[n_came..], &pulse)?;
        if let Some(error) = failed {
            // What is still held is of the runs that failed.
            let _given_back = store.reap_worker(&site.worker, rules.file.runs.most_attempts);
            return Err(error);
        }
    }
    Ok(Worked { stopped: true, ..worked })
}

/// Gives back the runs of workers that are gone.
fn reap(site: &Site<'_>, store: &mut Store, rules: &Rules) -> Result<(), StudyError> {
    let runs = &rules.file.runs;
    store.reap_late(runs.lease_secs, runs.most_attempts)?;
    if let Address::Sqlite(_) = site.address {
        reap_dead(store, &site.folder, runs.most_attempts)?;
    }
    Ok(())
}

/// Gives back the runs of workers of this machine that have died, without waiting for their leases to end.
///
/// # Errors
/// A store that does not answer.
pub fn reap_dead(store: &mut Store, folder: &std::path::Path, most_attempts: u32) -> Result<(), StudyError> {
    for worker in store.workers()? {
        if Presence::is_dead(folder, &worker) {
            store.reap_worker(&worker, most_attempts)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
