//! The decoded images of a folder: from the cache, or decoded now and kept there.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use ganatomy_record::FileSummary;
use sha2::{Digest, Sha256};

use super::cache::{Cache, Index};
use super::classes::Classes;
use super::decode::{Outcome, Store, decode};
use super::listing::Listing;
use super::picture::Seen;
use super::{FolderSpec, NAME};
use crate::hex::hex;
use crate::pixels::{Mark, Pixels};
use crate::{DataContext, DataError};

/// What is decoded, and why.
pub(super) struct Decoding<'a> {
    pub(super) spec: &'a FolderSpec,
    pub(super) listing: &'a Listing,
    /// The classes that the sub-folders would give.
    pub(super) classes: Option<&'a Classes>,
    pub(super) context: &'a DataContext<'a>,
}

impl Decoding<'_> {
    /// The images, in memory if their pixels are at most this many bytes.
    pub(super) fn read(&self, in_memory: usize) -> Result<(Pixels, Index), DataError> {
        let FolderSpec { look, reading, skip_unreadable, .. } = self.spec;
        let cache = Cache::new(&self.context.cache_dir, self.listing, look, *reading, *skip_unreadable);
        cache.sweep();
        let in_memory = cache.n_bytes() <= in_memory;
        match cache.read(in_memory) {
            Some(known) => Ok(known),
            None if in_memory => self.decode_into_memory(&cache),
            None => self.decode_into_file(&cache),
        }
    }

    fn decode_into_memory(&self, cache: &Cache) -> Result<(Pixels, Index), DataError> {
        let store = Store::Memory(Mutex::new(vec![0; cache.n_bytes()]));
        let mut index = self.decode(cache, &store)?;
        let Store::Memory(memory) = store else {
            return Err(self.no_room(cache, std::io::ErrorKind::Other.into()));
        };
        let bytes = memory.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.sign(cache, &bytes, &mut index);
        let keep = || {
            let unfinished = cache.begin()?;
            unfinished.file()?.write_all(&bytes)?;
            unfinished.finish(&index)
        };
        // Without the cache the next run only takes longer.
        if let Err(why) = keep() {
            let path = cache.path();
            self.context.progress.note(&format!("decoded images are not kept in {}: {why}", path.display()));
        }
        Ok((Pixels::Owned(bytes), index))
    }

    fn decode_into_file(&self, cache: &Cache) -> Result<(Pixels, Index), DataError> {
        let no_room = |source| self.no_room(cache, source);
        let unfinished = cache.begin().map_err(no_room)?;
        let store = Store::File(Mutex::new(unfinished.file().map_err(no_room)?));
        let mut index = self.decode(cache, &store)?;
        let pixels = unfinished.file().and_then(|file| Pixels::map(&file)).map_err(no_room)?;
        self.sign(cache, &pixels, &mut index);
        unfinished.finish(&index).map_err(no_room)?;
        Ok((pixels, index))
    }

    fn decode(&self, cache: &Cache, store: &Store) -> Result<Index, DataError> {
        let FolderSpec { look, reading, .. } = self.spec;
        let decoded = decode(self.listing, look, *reading, self.context, store);
        let (outcomes, bits) = decoded.map_err(|source| self.no_room(cache, source))?;
        self.check(&outcomes)?;
        let skipped = outcomes.iter().enumerate().filter(|(_, outcome)| outcome.is_err());
        let skipped: Vec<u32> = skipped.map(|(place, _)| place as u32).collect();
        let read: Vec<&(Seen, Mark)> = outcomes.iter().flatten().collect();
        let marks: Vec<Mark> = read.iter().map(|(_, mark)| *mark).collect();
        let files = self.files(&read, skipped.len(), bits);
        Ok(cache.index(skipped, &marks, files, bits))
    }

    /// Refuses files that cannot be read, unless they are to be skipped.
    fn check(&self, outcomes: &[Outcome]) -> Result<(), DataError> {
        let failure = |(place, outcome): (usize, &Outcome)| {
            Some((self.listing.files[place].path.clone(), outcome.as_ref().err()?.clone()))
        };
        let files: Vec<_> = outcomes.iter().enumerate().filter_map(failure).collect();
        if files.is_empty() || self.spec.skip_unreadable {
            return Ok(());
        }
        Err(DataError::Unreadable { folder: self.listing.root.clone(), n_images: outcomes.len(), files })
    }

    /// Writes what the set is known by into the index: a hash of everything in it.
    fn sign(&self, cache: &Cache, pixels: &[u8], index: &mut Index) {
        let (len, mut hash) = (self.spec.look.n_bytes(), Sha256::new());
        cache.kept(&index.skipped).for_each(|place| hash.update(&pixels[place * len..][..len]));
        let mut labelled = hash.clone();
        if let Some(classes) = self.classes {
            cache.kept(&index.skipped).for_each(|place| labelled.update(classes.labels[place].to_le_bytes()));
        }
        let (size, channels) = (self.spec.look.size, self.spec.look.channels);
        let name = |hash: Sha256| format!("{NAME}-{size}x{size}x{channels}-{}", hex(&hash.finalize()[..8]));
        index.fingerprints = [name(hash), name(labelled)];
    }

    fn files(&self, read: &[&(Seen, Mark)], n_unreadable: usize, bits: Option<u64>) -> FileSummary {
        let (mut formats, mut modes) = (BTreeMap::new(), BTreeMap::new());
        let bits = bits.or(Some(self.spec.reading.bits).filter(|bits| (1..16).contains(bits)));
        for (seen, _) in read {
            *formats.entry(seen.format.to_owned()).or_insert(0) += 1;
            let mode = match bits.filter(|_| seen.top.is_some()) {
                Some(bits) => format!("{} read as {bits}-bit", seen.mode),
                None => seen.mode.to_owned(),
            };
            *modes.entry(mode).or_insert(0) += 1;
        }
        let area = |size: &[u32; 2]| (u64::from(size[0]) * u64::from(size[1]), *size);
        let sizes = || read.iter().map(|(seen, _)| seen.size);
        let mut left_out = self.listing.left_out.clone();
        if n_unreadable > 0 {
            left_out.insert("unreadable".to_owned(), n_unreadable as u64);
        }
        FileSummary {
            folder: self.listing.root.display().to_string(),
            formats,
            modes,
            smallest: sizes().min_by_key(area).unwrap_or_default(),
            largest: sizes().max_by_key(area).unwrap_or_default(),
            left_out,
        }
    }

    fn no_room(&self, cache: &Cache, source: std::io::Error) -> DataError {
        let (n_images, n_bytes) = (self.listing.files.len(), cache.n_bytes() as u64);
        DataError::NoCache { n_images, n_bytes, file: cache.path(), source }
    }
}
