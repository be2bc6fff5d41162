//! Shows the store that a worker lives while it works on a run, and hears when its claim was lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Site;
use crate::StudyError;
use crate::store::{Claim, Mode, Store};

/// The thread that beats.
pub(super) struct Pulse {
    held: Arc<Mutex<Option<Claim>>>,
    lost: Arc<AtomicBool>,
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
        let (held, lost) = (Arc::new(Mutex::new(None::<Claim>)), Arc::new(AtomicBool::new(false)));
        let (ends, ended) = channel();
        let (of_thread, flag) = (Arc::clone(&held), Arc::clone(&lost));
        let every = Duration::from_secs_f64(lease_secs / BEATS);
        let beat = move || {
            while matches!(ended.recv_timeout(every), Err(RecvTimeoutError::Timeout)) {
                let Some(claim) = of_thread.lock().ok().and_then(|held| held.clone()) else {
                    continue;
                };
                // A store that does not answer has not said that the claim is lost.
                let stands = store.beat(&claim).unwrap_or(true);
                // Another claim may be held by now.
                if let (false, Ok(held)) = (stands, of_thread.lock())
                    && held.as_ref() == Some(&claim)
                {
                    flag.store(true, Ordering::Relaxed);
                }
            }
        };
        Ok(Pulse { held, lost, ends: Some(ends), thread: Some(std::thread::spawn(beat)) })
    }

    /// From now on, beats for this claim.
    pub(super) fn holds(&self, claim: Option<Claim>) {
        if let Ok(mut held) = self.held.lock() {
            *held = claim;
            self.lost.store(false, Ordering::Relaxed);
        }
    }

    /// Whether the claim held now was lost.
    pub(super) fn lost(&self) -> &AtomicBool {
        &self.lost
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
