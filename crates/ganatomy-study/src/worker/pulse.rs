//! Shows the store that a worker lives while it works on runs, and hears when a claim was lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Site;
use crate::StudyError;
use crate::store::{Claim, Mode, Store};

/// A claim that is held, and whether it was lost.
#[derive(Clone)]
pub(super) struct Held {
    pub claim: Claim,
    pub lost: Arc<AtomicBool>,
}

/// The thread that beats.
pub(super) struct Pulse {
    held: Arc<Mutex<Vec<Held>>>,
    /// Dropped to end the thread.
    ends: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Beats in a lease: one may be late or get lost.
const BEATS: f64 = 4.0;

impl Pulse {
    /// Begins to beat.
    pub(super) fn start(site: &Site<'_>, lease_secs: f64) -> Result<Pulse, StudyError> {
        let mut store = Store::open(&site.address, Mode::Work)?;
        let held = Arc::new(Mutex::new(Vec::<Held>::new()));
        let (ends, ended) = channel();
        let of_thread = Arc::clone(&held);
        let every = Duration::from_secs_f64(lease_secs / BEATS);
        let beat = move || {
            while matches!(ended.recv_timeout(every), Err(RecvTimeoutError::Timeout)) {
                let held = of_thread.lock().map(|held| held.clone()).unwrap_or_default();
                for Held { claim, lost } in held {
                    // A store that does not answer has not said that the claim is lost.
                    if !store.beat(&claim).unwrap_or(true) {
                        lost.store(true, Ordering::Relaxed);
                    }
                }
            }
        };
        Ok(Pulse { held, ends: Some(ends), thread: Some(std::thread::spawn(beat)) })
    }

    /// From now on, beats for these claims.
    pub(super) fn hold(&self, claims: Vec<Claim>) -> Vec<Held> {
        let held = |claim| Held { claim, lost: Arc::default() };
        let all: Vec<Held> = claims.into_iter().map(held).collect();
        if let Ok(mut held) = self.held.lock() {
            held.clone_from(&all);
        }
        all
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        drop(self.ends.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to say.
            let _ = thread.join();
        }
    }
}
