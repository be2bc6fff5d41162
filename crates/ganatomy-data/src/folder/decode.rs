//! Decodes all images of a folder, on several threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::listing::Listing;
use super::picture::Look;
use crate::DataContext;
use crate::{Task, Unit};

/// The pixels of the readable images, and the places of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) pixels: Vec<u8>,
    /// Places in the listing, ascending.
    pub(super) skipped: Vec<u32>,
}

/// Decodes every listed image; also gives the unreadable ones with the reasons.
pub(super) fn decode(
    listing: &Listing,
    look: &Look,
    context: &DataContext<'_>,
) -> (Decoded, Vec<(PathBuf, String)>) {
    let mut pixels = vec![0; listing.files.len() * look.n_bytes()];
    let mut failures = decode_all(listing, look, context, &mut pixels);
    failures.sort_unstable();
    let skipped: Vec<u32> = failures.iter().map(|(place, _)| *place as u32).collect();
    close_gaps(&mut pixels, &skipped, look.n_bytes());
    let reasons = failures.into_iter().map(|(place, why)| (listing.files[place].path.clone(), why)).collect();
    (Decoded { pixels, skipped }, reasons)
}

fn decode_all(
    listing: &Listing,
    look: &Look,
    context: &DataContext<'_>,
    pixels: &mut [u8],
) -> Vec<(usize, String)> {
    let task = Task { name: "decoding images", unit: Unit::Images, total: listing.files.len() as u64 };
    let work = Mutex::new(listing.files.iter().zip(pixels.chunks_exact_mut(look.n_bytes())).enumerate());
    let (failures, n_done) = (Mutex::new(Vec::new()), AtomicU64::new(0));
    let decode_some = || {
        // Each thread takes the next image, so that one large photograph does not hold up the others.
        while let Some((place, (file, out))) = lock(&work).next() {
            let path = listing.root.join(&file.path);
            // Decoders meet any file that lies in the folder. If one panics, its file counts as unreadable.
            let result = catch_unwind(AssertUnwindSafe(|| look.read(&path, out)));
            if let Err(why) = result.unwrap_or_else(|_| Err("its decoder failed".to_owned())) {
                lock(&failures).push((place, why));
            }
            context.progress.advance(task, n_done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    std::thread::scope(|scope| {
        let n_helpers = context.threads.clamp(1, listing.files.len().max(1)) - 1;
        (0..n_helpers).for_each(|_| {
            scope.spawn(decode_some);
        });
        decode_some();
    });
    failures.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// No thread panics while it holds a lock, and a poisoned list would still be complete.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Moves images forward into the places of skipped ones.
fn close_gaps(pixels: &mut Vec<u8>, skipped: &[u32], n_bytes: usize) {
    let n_images = pixels.len() / n_bytes;
    let mut kept = 0;
    for image in (0..n_images).filter(|&image| skipped.binary_search(&(image as u32)).is_err()) {
        if kept != image {
            pixels.copy_within(image * n_bytes..(image + 1) * n_bytes, kept * n_bytes);
        }
        kept += 1;
    }
    pixels.truncate(kept * n_bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(skipped: &[u32], expected: &[u8]) {
        let mut pixels = vec![0, 0, 1, 1, 2, 2, 3, 3];
        close_gaps(&mut pixels, skipped, 2);
        assert_eq!(pixels, expected);
    }

    #[test]
    fn gaps_close() {
        check(&[], &[0, 0, 1, 1, 2, 2, 3, 3]);
        check(&[0, 2], &[1, 1, 3, 3]);
        check(&[1], &[0, 0, 2, 2, 3, 3]);
        check(&[0, 1, 2, 3], &[]);
    }
}
