//! Which image files a folder holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::DataError;

/// The image files under a folder, in order of their paths.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) root: PathBuf,
    pub(super) files: Vec<ImageFile>,
}

/// One image file, and what shows that it has changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ImageFile {
    /// Relative to the folder.
    pub(super) path: PathBuf,
    pub(super) n_bytes: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: u128,
}

impl Listing {
    /// Lists JPEG, PNG and WebP files of the whole tree, hidden ones left out.
    pub(super) fn read(root: &Path) -> Result<Listing, DataError> {
        let mut listing = Listing { root: root.to_owned(), files: Vec::new() };
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
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = folder.join(entry.file_name());
            // A dangling link has no metadata; it is listed if its name is an image's, and found unreadable later.
            let metadata = fs::metadata(entry.path()).ok();
            if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
                folders.push(path);
            } else if has_image_extension(&path) {
                let modified = metadata.as_ref().and_then(|m| m.modified().ok());
                let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
                let n_bytes = metadata.map_or(0, |m| m.len());
                self.files.push(ImageFile { path, n_bytes, modified: modified.map_or(0, |d| d.as_nanos()) });
            }
        }
        Ok(())
    }
}

fn unreadable(file: &Path, source: std::io::Error) -> DataError {
    DataError::Read { file: file.to_owned(), source }
}

fn has_image_extension(path: &Path) -> bool {
    const EXTENSIONS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The class of every file, by its first sub-folder in order of names; and the classes' names.
pub(super) fn classes(listing: &Listing) -> Result<(Vec<u32>, Vec<String>), DataError> {
    let mut names = BTreeSet::new();
    let mut folders = Vec::with_capacity(listing.files.len());
    for file in &listing.files {
        let mut parts = file.path.components();
        let (Some(folder), Some(_)) = (parts.next(), parts.next()) else {
            return Err(DataError::Unlabelled { folder: listing.root.clone(), file: file.path.clone() });
        };
        names.insert(folder.as_os_str());
        folders.push(folder.as_os_str());
    }
    if names.len() < 2 {
        return Err(DataError::OneClass { folder: listing.root.clone() });
    }
    let names: Vec<_> = names.into_iter().collect();
    // Every folder is among the names, so the search always finds it.
    let labels = folders.iter().map(|name| names.binary_search(name).unwrap_or(0) as u32).collect();
    Ok((labels, names.iter().map(|name| name.to_string_lossy().into_owned()).collect()))
}
