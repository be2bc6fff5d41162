//! The bytes of a set's images, in memory or mapped from a file.

use std::fmt;
use std::fs::File;
use std::ops::{Deref, Range};

use memmap2::Mmap;
use sha2::{Digest, Sha256};

/// Bytes of images.
pub(crate) enum Pixels {
    /// In memory.
    Owned(Vec<u8>),
    /// In a file, of which the system keeps in memory what fits there.
    Mapped(Mmap),
}

impl Pixels {
    /// Maps a file that nobody changes any more.
    pub(crate) fn map(file: &File) -> std::io::Result<Pixels> {
        // SAFETY: The cache writes a file under another name, and gives it its own when it is whole; later it only replaces or
        // removes it, which leaves a mapped one as it is. Nothing else has business in the cache folder.
        let map = unsafe { Mmap::map(file)? };
        // Items are drawn in random order: what lies beside one is not read next.
        #[cfg(unix)]
        let _only_a_hint = map.advise(memmap2::Advice::Random);
        Ok(Pixels::Mapped(map))
    }

    /// Has the system read these bytes, which are needed soon, while other work goes on.
    pub(crate) fn foresee(&self, range: Range<usize>) {
        #[cfg(unix)]
        if let Pixels::Mapped(map) = self {
            let _only_a_hint = map.advise_range(memmap2::Advice::WillNeed, range.start, range.len());
        }
        #[cfg(not(unix))]
        let _ = range;
    }
}

impl Deref for Pixels {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Pixels::Owned(bytes) => bytes,
            Pixels::Mapped(map) => map,
        }
    }
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Pixels::Owned(_) => "Owned",
            Pixels::Mapped(_) => "Mapped",
        };
        f.debug_struct(kind).field("len", &self.len()).finish_non_exhaustive()
    }
}

/// What is known of one image's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The first bytes of a SHA-256: equal images have equal ones.
    pub(crate) digest: u64,
    /// The smallest and the largest byte.
    pub(crate) range: [u8; 2],
}

impl Mark {
    /// Looks at an image.
    pub(crate) fn of(image: &[u8]) -> Mark {
        let hash: [u8; 32] = Sha256::digest(image).into();
        let digest = hash.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
        let range = image.iter().fold([u8::MAX, 0], |[low, high], &byte| [low.min(byte), high.max(byte)]);
        Mark { digest, range }
    }
}
