//! Keeps decoded images between runs, one file for each folder and look.

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_record::write_whole;
use sha2::{Digest, Sha256};

use super::decode::Decoded;
use super::listing::Listing;
use super::picture::Look;
use crate::Progress;
use crate::hex::hex;

/// The place of one folder's decoded images.
///
/// The file is the pixels, the skipped images' places (u32 each), then a footer: key, how many pixels, how many
/// skipped, and the SHA-256 of all that comes before.
pub(super) struct Cache {
    file: PathBuf,
    key: [u8; 32],
    /// Images listed.
    n_images: usize,
    bytes_per_image: usize,
}

/// Key, two counts, hash.
const FOOTER_BYTES: usize = 32 + 8 + 8 + 32;
/// Changes whenever decoding or the file's layout does.
const VERSION: &[u8] = b"ganatomy folder cache 1";

impl Cache {
    /// The cache of these files seen with this look; any change of a file's name, size or time gives another cache.
    pub(super) fn new(folder: &Path, listing: &Listing, look: &Look, skip_unreadable: bool) -> Cache {
        let mut hash = Sha256::new();
        hash.update(VERSION);
        hash.update((look.size as u64).to_le_bytes());
        hash.update([look.channels as u8, u8::from(skip_unreadable)]);
        hash.update(look.background);
        for image in &listing.files {
            let name = image.path.as_os_str().as_encoded_bytes();
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update(image.n_bytes.to_le_bytes());
            hash.update(image.modified.to_le_bytes());
        }
        let key: [u8; 32] = hash.finalize().into();
        let file = folder.join(format!("folder-{}.images", hex(&key[..8])));
        Cache { file, key, n_images: listing.files.len(), bytes_per_image: look.n_bytes() }
    }

    /// What the cache holds; `None` when it is absent, damaged or of other files.
    pub(super) fn read(&self) -> Option<Decoded> {
        let mut bytes = fs::read(&self.file).ok()?;
        let (body, stored_hash) = bytes.split_last_chunk::<32>()?;
        let (body, n_skipped) = body.split_last_chunk::<8>()?;
        let (body, n_pixels) = body.split_last_chunk::<8>()?;
        let (body, key) = body.split_last_chunk::<32>()?;
        let n_skipped = usize::try_from(u64::from_le_bytes(*n_skipped)).ok()?;
        let n_pixels = usize::try_from(u64::from_le_bytes(*n_pixels)).ok()?;
        let fits = *key == self.key
            && n_skipped <= self.n_images
            && n_pixels == (self.n_images - n_skipped) * self.bytes_per_image
            && body.len() == n_pixels + 4 * n_skipped
            && *stored_hash == Into::<[u8; 32]>::into(Sha256::digest(&bytes[..bytes.len() - 32]));
        if !fits {
            return None;
        }
        let (places, _) = body[n_pixels..].as_chunks::<4>();
        let skipped = places.iter().map(|place| u32::from_le_bytes(*place)).collect();
        bytes.truncate(n_pixels);
        Some(Decoded { pixels: bytes, skipped })
    }

    /// Writes the cache and gives the images back; without it the next run only takes longer, so a failure is a note.
    pub(super) fn write(&self, decoded: Decoded, progress: &dyn Progress) -> Decoded {
        let Decoded { pixels: mut bytes, skipped } = decoded;
        let n_pixels = bytes.len();
        // The footer goes behind the pixels themselves: a large set is never held in memory twice.
        bytes.reserve_exact(4 * skipped.len() + FOOTER_BYTES);
        skipped.iter().for_each(|place| bytes.extend(place.to_le_bytes()));
        bytes.extend(self.key);
        bytes.extend((n_pixels as u64).to_le_bytes());
        bytes.extend((skipped.len() as u64).to_le_bytes());
        let hash = Sha256::digest(&bytes);
        bytes.extend(hash);
        if let Err(why) = self.store(&bytes) {
            progress.note(&format!("decoded images are not kept in {}: {why}", self.file.display()));
        }
        bytes.truncate(n_pixels);
        Decoded { pixels: bytes, skipped }
    }

    fn store(&self, bytes: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(write_whole(&self.file, bytes)?)
    }
}
