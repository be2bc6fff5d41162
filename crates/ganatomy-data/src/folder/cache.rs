//! Keeps decoded images between runs, one file for each folder and look: the pixels, and what is known of them.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ganatomy_record::FileSummary;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::listing::Listing;
use super::picture::{Filter, Look, Reading};
use crate::hex::hex;
use crate::pixels::{Mark, Pixels};

/// The place of one folder's decoded images.
///
/// The file is the pixels of all listed images in their order (those of skipped ones are zeros), then an [`Index`] as JSON, its
/// length (u64), and the SHA-256 of the index and its length.
pub(super) struct Cache {
    folder: PathBuf,
    key: String,
    n_images: usize,
    bytes_per_image: usize,
}

/// What is known of the decoded images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Index {
    key: String,
    /// Places in the listing, ascending.
    pub(super) skipped: Vec<u32>,
    /// The digest of each image that is not skipped, in their order.
    pub(super) digests: Vec<u64>,
    /// The smallest and largest byte of each of them.
    pub(super) ranges: Vec<[u8; 2]>,
    /// What the set is known by: without labels, and with those that the sub-folders give.
    pub(super) fingerprints: [String; 2],
    /// The files.
    pub(super) files: FileSummary,
    /// Bits that 16-bit images were found to use.
    pub(super) bits: Option<u64>,
}

/// The index's length and hash.
const FOOTER_BYTES: u64 = 8 + 32;
/// Changes whenever decoding or the file's layout does.
const VERSION: &[u8] = b"ganatomy folder cache 2";
/// How the name of a file begins that is not whole yet.
const UNFINISHED: &str = ".unfinished-folder-";
/// Images of a mapped file that are looked at when it is opened.
const N_LOOKED_AT: usize = 256;

impl Cache {
    /// The cache of these files seen with this look; a change of any file's name, size or times gives another cache.
    pub(super) fn new(folder: &Path, listing: &Listing, look: &Look, reading: Reading, skips: bool) -> Cache {
        let mut hash = Sha256::new();
        hash.update(VERSION);
        hash.update((look.size as u64).to_le_bytes());
        hash.update([look.channels as u8, u8::from(skips)]);
        hash.update(look.background);
        match look.filter {
            Filter::Lanczos => (),
            Filter::Bicubic => hash.update(b"bicubic"),
            Filter::Bilinear => hash.update(b"bilinear"),
        }
        hash.update(reading.max_pixels.to_le_bytes());
        hash.update(reading.bits.to_le_bytes());
        for image in &listing.files {
            let name = image.path.as_os_str().as_encoded_bytes();
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update(image.n_bytes.to_le_bytes());
            hash.update(image.modified.to_le_bytes());
            hash.update(image.changed.to_le_bytes());
        }
        let key = hex(&hash.finalize());
        Cache {
            folder: folder.to_owned(),
            key,
            n_images: listing.files.len(),
            bytes_per_image: look.n_bytes(),
        }
    }

    /// The file.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(format!("folder-{}.images", &self.key[..16]))
    }

    /// Bytes of all pixels.
    pub(super) fn n_bytes(&self) -> usize {
        self.n_images * self.bytes_per_image
    }

    /// What is known of images decoded just now.
    pub(super) fn index(
        &self,
        skipped: Vec<u32>,
        marks: &[Mark],
        files: FileSummary,
        bits: Option<u64>,
    ) -> Index {
        Index {
            key: self.key.clone(),
            skipped,
            digests: marks.iter().map(|mark| mark.digest).collect(),
            ranges: marks.iter().map(|mark| mark.range).collect(),
            fingerprints: [String::new(), String::new()],
            files,
            bits,
        }
    }

    /// What the cache holds, mapped if `in_memory` is not; `None` when it is absent, damaged or of other files.
    ///
    /// In memory, every image is looked at; of a mapped file, which may take minutes to read, a few hundred.
    pub(super) fn read(&self, in_memory: bool) -> Option<(Pixels, Index)> {
        let mut file = File::open(self.path()).ok()?;
        let index = self.read_index(&mut file)?;
        let pixels = if in_memory {
            file.seek(SeekFrom::Start(0)).ok()?;
            let mut bytes = Vec::with_capacity(self.n_bytes());
            file.take(self.n_bytes() as u64).read_to_end(&mut bytes).ok()?;
            Pixels::Owned(bytes)
        } else {
            Pixels::map(&file).ok()?
        };
        let kept: Vec<usize> = self.kept(&index.skipped).collect();
        let every = if in_memory { 1 } else { kept.len().div_ceil(N_LOOKED_AT).max(1) };
        let sound = kept.iter().zip(&index.digests).step_by(every).all(|(&place, digest)| {
            let image = pixels.get(place * self.bytes_per_image..(place + 1) * self.bytes_per_image);
            image.is_some_and(|image| Mark::of(image).digest == *digest)
        });
        sound.then_some((pixels, index))
    }

    fn read_index(&self, file: &mut File) -> Option<Index> {
        let len = file.metadata().ok()?.len();
        let rest = len.checked_sub(self.n_bytes() as u64 + FOOTER_BYTES)?;
        file.seek(SeekFrom::Start(self.n_bytes() as u64)).ok()?;
        let mut bytes = Vec::new();
        file.take(rest + FOOTER_BYTES).read_to_end(&mut bytes).ok()?;
        let (body, hash) = bytes.split_last_chunk::<32>()?;
        let (json, stated) = body.split_last_chunk::<8>()?;
        if u64::from_le_bytes(*stated) != rest || *hash != <[u8; 32]>::from(Sha256::digest(body)) {
            return None;
        }
        let index: Index = serde_json::from_slice(json).ok()?;
        let n_kept = self.n_images.checked_sub(index.skipped.len())?;
        let fits = index.key == self.key && index.digests.len() == n_kept && index.ranges.len() == n_kept;
        fits.then_some(index)
    }

    /// The places of the images that are not skipped.
    pub(super) fn kept<'a>(&self, skipped: &'a [u32]) -> impl Iterator<Item = usize> + use<'a> {
        (0..self.n_images).filter(|place| skipped.binary_search(&(*place as u32)).is_err())
    }

    /// A file that pixels can be written into, under a name of its own until it is [finished](Unfinished::finish).
    pub(super) fn begin(&self) -> io::Result<Unfinished> {
        fs::create_dir_all(&self.folder)?;
        let file = loop {
            let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
            // Whoever sweeps knows by the lock that the file has a writer. Where there are no locks, nothing is swept.
            let busy = matches!(file.as_file().try_lock(), Err(TryLockError::WouldBlock));
            // It may have been swept before it was locked.
            if !busy && file.path().exists() {
                break file;
            }
        };
        file.as_file().set_len(self.n_bytes() as u64)?;
        Ok(Unfinished { file, target: self.path() })
    }

    /// Removes what killed processes have left unfinished.
    pub(super) fn sweep(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let is_unfinished = entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes());
            let locked = || File::open(entry.path()).ok().filter(|file| file.try_lock().is_ok());
            // It stays locked until it is gone.
            if let Some(_locked) = is_unfinished.then(locked).flatten() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A cache file that is not whole yet; it is removed unless it is finished.
pub(super) struct Unfinished {
    file: NamedTempFile,
    target: PathBuf,
}

impl Unfinished {
    /// The file, to write pixels into.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.as_file().try_clone()
    }

    /// Adds the index, and gives the file its name once all of it is on the disk.
    pub(super) fn finish(mut self, index: &Index) -> io::Result<()> {
        let mut body = serde_json::to_vec(index)?;
        body.extend((body.len() as u64).to_le_bytes());
        let hash = Sha256::digest(&body);
        body.extend(hash);
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(&body)?;
        self.file.as_file().sync_all()?;
        self.file.persist(&self.target).map_err(|error| error.error).map(|_| ())
    }
}
