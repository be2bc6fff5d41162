//! Decodes all images of a folder, on several threads, into memory or into a file.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::depth;
use super::listing::Listing;
use super::picture::{Look, Reading, Seen};
use crate::pixels::Mark;
use crate::{DataContext, Task, Unit};

/// Where decoded images go, each at its place in the listing.
pub(super) enum Store {
    Memory(Mutex<Vec<u8>>),
    File(Mutex<File>),
}

/// One image of the listing, decoded; or why it was not.
pub(super) type Outcome = Result<(Seen, Mark), String>;

impl Store {
    fn put(&self, at: usize, bytes: &[u8]) -> io::Result<()> {
        match self {
            Store::Memory(memory) => lock(memory)[at..at + bytes.len()].copy_from_slice(bytes),
            Store::File(file) => {
                let mut file = lock(file);
                file.seek(SeekFrom::Start(at as u64))?;
                file.write_all(bytes)?;
            }
        }
        Ok(())
    }
}

/// Decodes every listed image; answers what became of each, and the bits that 16-bit images were found to use.
pub(super) fn decode(
    listing: &Listing,
    look: &Look,
    reading: Reading,
    context: &DataContext<'_>,
    store: &Store,
) -> io::Result<(Vec<Outcome>, Option<u64>)> {
    let all: Vec<usize> = (0..listing.files.len()).collect();
    let job = Job { name: "decoding images", listing, look, reading, context, store };
    let mut outcomes: Vec<Outcome> = job.run(&all)?;
    let top = |outcome: &Outcome| outcome.as_ref().ok().and_then(|(seen, _)| seen.top);
    let bits = outcomes.iter().filter_map(top).max().and_then(depth::bits).filter(|_| reading.bits == 0);
    // That the 16-bit images of a folder use fewer bits is known only when all have been seen.
    if let Some(bits) = bits {
        let deep: Vec<usize> = all.into_iter().filter(|&place| top(&outcomes[place]).is_some()).collect();
        let name = "decoding 16-bit images again";
        let again = Job { name, reading: Reading { bits, ..reading }, ..job }.run(&deep)?;
        deep.iter().zip(again).for_each(|(&place, outcome)| outcomes[place] = outcome);
    }
    Ok((outcomes, bits))
}

/// Images to decode.
struct Job<'a> {
    name: &'static str,
    listing: &'a Listing,
    look: &'a Look,
    reading: Reading,
    context: &'a DataContext<'a>,
    store: &'a Store,
}

impl Job<'_> {
    /// Decodes the images at these places; what became of each, in their order.
    fn run(&self, places: &[usize]) -> io::Result<Vec<Outcome>> {
        let task = Task { name: self.name, unit: Unit::Images, total: places.len() as u64 };
        let (next, n_done) = (AtomicU64::new(0), AtomicU64::new(0));
        let found: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::with_capacity(places.len()));
        let broken: Mutex<Option<io::Error>> = Mutex::new(None);
        let decode_some = || {
            let mut image = vec![0; self.look.n_bytes()];
            // Each thread takes the next image, so that one large photograph does not hold up the others.
            while let Some(&place) = places.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                let outcome = self.one(place, &mut image);
                if outcome.is_ok()
                    && let Err(error) = self.store.put(place * image.len(), &image)
                {
                    *lock(&broken) = Some(error);
                }
                lock(&found).push((place, outcome));
                self.context.progress.advance(task, n_done.fetch_add(1, Ordering::Relaxed) + 1);
                if lock(&broken).is_some() {
                    return;
                }
            }
        };
        std::thread::scope(|scope| {
            let n_helpers = self.context.threads.clamp(1, places.len().max(1)) - 1;
            (0..n_helpers).for_each(|_| {
                scope.spawn(decode_some);
            });
            decode_some();
        });
        if let Some(error) = broken.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_unstable_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, outcome)| outcome).collect())
    }

    fn one(&self, place: usize, image: &mut [u8]) -> Outcome {
        let path = self.listing.root.join(&self.listing.files[place].path);
        // Decoders meet any file that lies in the folder. If one panics, its file counts as unreadable.
        let result = catch_unwind(AssertUnwindSafe(|| self.look.read(&path, self.reading, image)));
        let seen = result.unwrap_or_else(|_| Err("its decoder failed".to_owned()))?;
        Ok((seen, Mark::of(image)))
    }
}

/// No thread panics while it holds a lock, and a poisoned list would still be complete.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
