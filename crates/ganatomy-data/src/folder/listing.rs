//! Which image files a folder holds, and what it holds besides.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::DataError;

/// The image files under a folder, in order of their paths.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) root: PathBuf,
    pub(super) files: Vec<ImageFile>,
    /// Sub-folders of the folder itself, whether they hold images or not.
    pub(super) folders: BTreeSet<OsString>,
    /// What was not listed, by reason.
    pub(super) left_out: BTreeMap<String, u64>,
}

/// One image file, and what shows that it has changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ImageFile {
    /// Relative to the folder.
    pub(super) path: PathBuf,
    pub(super) n_bytes: u64,
    /// Nanoseconds since 1970, of the content.
    pub(super) modified: u128,
    /// When the file became what it is, which no program can set back: nanoseconds since 1970; 0 where the system does not
    /// tell.
    pub(super) changed: i128,
}

/// Endings of the files that are read.
const READ: [&str; 10] = ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "tif", "tiff"];
/// Endings of images that are not.
const UNREAD: [&str; 22] = [
    "heic", "heif", "avif", "jxl", "jp2", "j2k", "psd", "svg", "raw", "dng", "cr2", "cr3", "nef", "arw",
    "ico", "tga", "exr", "hdr", "qoi", "pbm", "pgm", "ppm",
];
/// Folders that systems and programs make beside a user's files; hidden ones need no name.
const SYSTEM: [&str; 6] =
    ["__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found", "__pycache__"];

impl Listing {
    /// Lists the image files of the whole tree, but not hidden ones and those of the system.
    pub(super) fn read(root: &Path) -> Result<Listing, DataError> {
        let (files, folders, left_out) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let mut listing = Listing { root: root.to_owned(), files, folders, left_out };
        let mut folders = vec![PathBuf::new()];
        let mut visited = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            let full = root.join(&folder);
            let canonical = full.canonicalize().map_err(|source| unreadable(&full, source))?;
            // A link to a folder above would otherwise be followed for ever.
            if visited.insert(canonical) {
                listing.read_folder(&folder, &mut folders)?;
            }
        }
        listing.files.sort_unstable();
        Ok(listing)
    }

    fn read_folder(&mut self, folder: &Path, folders: &mut Vec<PathBuf>) -> Result<(), DataError> {
        let full = self.root.join(folder);
        for entry in fs::read_dir(&full).map_err(|source| unreadable(&full, source))? {
            let entry = entry.map_err(|source| unreadable(&full, source))?;
            let name = entry.file_name();
            let path = folder.join(&name);
            // A dangling link has no metadata; it is listed if its name is an image's, and found unreadable later.
            let metadata = fs::metadata(entry.path()).ok();
            let is_folder = metadata.as_ref().is_some_and(fs::Metadata::is_dir);
            if name.as_encoded_bytes().starts_with(b".") {
                // What a Mac or a program hides is nobody's picture; only what looks like one is worth a word.
                if !is_folder && READ.contains(&&*ending(&path)) {
                    self.leave_out("hidden".to_owned());
                }
            } else if is_folder && SYSTEM.iter().any(|known| name == *known) {
                self.leave_out(format!("folder {}", name.to_string_lossy()));
            } else if is_folder {
                if folder.as_os_str().is_empty() {
                    self.folders.insert(name);
                }
                folders.push(path);
            } else if READ.contains(&&*ending(&path)) {
                self.files.push(ImageFile::new(path, metadata.as_ref()));
            } else {
                self.leave_out(match &*ending(&path) {
                    "" => "without an ending".to_owned(),
                    ending => format!(".{ending}"),
                });
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, why: String) {
        *self.left_out.entry(why).or_insert(0) += 1;
    }

    /// The images among what was left out because it cannot be read, as a sentence; nothing without any.
    pub(super) fn unread(&self) -> Option<String> {
        let count = |ending: &&str| {
            let n = self.left_out.get(&format!(".{ending}"))?;
            Some(format!("{n} .{ending}"))
        };
        let found: Vec<String> = UNREAD.iter().filter_map(count).collect();
        (!found.is_empty()).then(|| {
            format!(
                "left out {}: images of these kinds are not read; convert them to PNG or JPEG",
                found.join(", ")
            )
        })
    }

    /// The first sub-folder that a file is in; nothing for a file of the folder itself.
    pub(super) fn top<'a>(&self, file: &'a ImageFile) -> Option<&'a OsStr> {
        let mut parts = file.path.components();
        let first = parts.next()?.as_os_str();
        parts.next().map(|_| first)
    }
}

impl ImageFile {
    fn new(path: PathBuf, metadata: Option<&fs::Metadata>) -> ImageFile {
        let modified = metadata.and_then(|m| m.modified().ok());
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        ImageFile {
            path,
            n_bytes: metadata.map_or(0, fs::Metadata::len),
            modified: modified.map_or(0, |d| d.as_nanos()),
            changed: metadata.map_or(0, changed),
        }
    }
}

#[cfg(unix)]
fn changed(metadata: &fs::Metadata) -> i128 {
    use std::os::unix::fs::MetadataExt;
    i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &fs::Metadata) -> i128 {
    0
}

fn unreadable(file: &Path, source: std::io::Error) -> DataError {
    DataError::Read { file: file.to_owned(), source }
}

/// The ending of a file's name in small letters.
fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}
