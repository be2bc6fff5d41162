//! An interrupted training goes on as if nothing had been.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::testing::build;

/// Asks for a stop when it has been asked so often.
struct Patience(AtomicU64, Mutex<Vec<String>>);

impl Progress for Patience {
    fn advance(&self, _task: Task<'_>, _done: u64) {}

    fn note(&self, text: &str) {
        self.1.lock().unwrap().push(text.to_owned());
    }

    fn wants_stop(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) == 0
    }
}

const N_STEPS: u64 = 4;

/// The weights' bits, or how it was stopped; and the first note.
fn trained(cache: &Path, patience: u64) -> (Result<Vec<u32>, ClassifierError>, Option<String>) {
    let (data, cpu) = (build("glyphs", ""), Cpu::new(1));
    let progress = Patience(AtomicU64::new(patience), Mutex::default());
    let made = Classifier::trained_for(N_STEPS, &*data, &cpu, cache, &progress);
    let bits = made.map(|made| {
        let weights = made.store.iter().filter(|(name, _)| is_weight(name));
        weights.flat_map(|(_, array)| array.values().iter().map(|v| v.to_bits())).collect()
    });
    let note = progress.1.lock().unwrap().first().cloned();
    (bits, note)
}

fn check_stop(cache: &Path, patience: u64, expected: (u64, bool)) {
    match trained(cache, patience).0 {
        Err(ClassifierError::Stopped { step, kept, .. }) => assert_eq!((step, kept), expected),
        other => panic!("{:?}", other.map(|bits| bits.len())),
    }
}

#[test]
fn an_interrupted_one_goes_on_to_the_same_bits_and_a_damaged_one_begins_anew() {
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let expected = trained(whole.path(), u64::MAX).0.unwrap();
    check_stop(Path::new(""), 1, (1, false));
    check_stop(parts.path(), 1, (1, true));
    check_stop(parts.path(), 2, (3, true));
    let (found, note) = trained(parts.path(), u64::MAX);
    assert!(found.unwrap() == expected && note.unwrap().contains("goes on at step 3 of 4"));
    // Only the finished one is left, and it is used as it is.
    let files = || std::fs::read_dir(parts.path()).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files().count(), 1);
    assert!(trained(parts.path(), 0).0.unwrap() == expected);
    // One flipped bit, and it is trained anew.
    let file = files().next().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    check_stop(parts.path(), 0, (0, true));
}
