//! The classes of a folder's images: its sub-folders.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

use super::listing::Listing;
use crate::DataError;

/// The class of every listed image.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    /// One an image.
    pub(super) labels: Vec<u32>,
    /// In order of the labels.
    pub(super) names: Vec<String>,
}

/// What people call the parts of one set, in small letters.
const SPLITS: [&str; 10] =
    ["train", "training", "val", "valid", "validation", "dev", "eval", "test", "testing", "holdout"];

impl Classes {
    /// The class of every file, by its first sub-folder in order of names.
    pub(super) fn read(listing: &Listing) -> Result<Classes, DataError> {
        let mut tops = Vec::with_capacity(listing.files.len());
        for file in &listing.files {
            let top = listing.top(file).ok_or_else(|| DataError::Unlabelled {
                folder: listing.root.clone(),
                file: file.path.clone(),
            })?;
            tops.push(top);
        }
        let names: Vec<&OsStr> = tops.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let (folder, inner) = (listing.root.clone(), inner_folders(listing));
        if names.iter().all(|name| is_split(name))
            && let Some(part) = names.first().filter(|_| names.len() > 1)
        {
            let part = names.iter().find(|name| name.eq_ignore_ascii_case("train")).unwrap_or(part);
            let names = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            return Err(DataError::Splits { part: folder.join(part), folder, names });
        }
        if let [only] = names[..] {
            let inside = inner.get(only).is_some_and(|inner| inner.len() > 1).then(|| folder.join(only));
            return Err(DataError::OneClass { folder, inside });
        }
        // Every folder is among the names, so the search always finds it.
        let labels = tops.iter().map(|name| names.binary_search(name).unwrap_or(0) as u32).collect();
        Ok(Classes { labels, names: names.iter().map(|name| name.to_string_lossy().into_owned()).collect() })
    }

    /// The name of a class of which no image is left.
    pub(super) fn first_empty(&self, skipped: &[u32]) -> Option<&str> {
        let kept =
            self.labels.iter().enumerate().filter(|(i, _)| skipped.binary_search(&(*i as u32)).is_err());
        let left: BTreeSet<u32> = kept.map(|(_, label)| *label).collect();
        (0..self.names.len()).find(|i| !left.contains(&(*i as u32))).map(|i| self.names[i].as_str())
    }
}

/// What a user may not expect of the sub-folders, each as a sentence.
pub(super) fn remarks(listing: &Listing, labels: bool) -> Vec<String> {
    let with_images: BTreeSet<&OsStr> = listing.files.iter().filter_map(|file| listing.top(file)).collect();
    let listed = |names: &[&OsStr]| {
        let names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        names.join(", ")
    };
    let mut remarks = Vec::new();
    if labels {
        let empty: Vec<&OsStr> =
            listing.folders.iter().map(|name| &**name).filter(|name| !with_images.contains(name)).collect();
        if !empty.is_empty() {
            remarks.push(format!("{} holds no image that is read, and so is no class", listed(&empty)));
        }
        let inner = inner_folders(listing);
        let mut sets = with_images.iter().map(|name| inner.get(name));
        if let Some(Some(first)) = sets.next().filter(|first| first.is_some_and(|first| first.len() > 1))
            && sets.all(|other| other == Some(first))
        {
            let (tops, inner): (Vec<&OsStr>, Vec<&OsStr>) =
                (with_images.into_iter().collect(), first.iter().copied().collect());
            remarks.push(format!("the classes are {}, though each holds {}", listed(&tops), listed(&inner)));
        }
    } else if with_images.len() > 1 && with_images.iter().all(|name| is_split(name)) {
        let names: Vec<&OsStr> = with_images.into_iter().collect();
        remarks.push(format!(
            "the images of {} are all trained on; to train on those of one, name it with --data or data.path",
            listed(&names)
        ));
    }
    remarks
}

fn is_split(name: &OsStr) -> bool {
    SPLITS.iter().any(|split| name.eq_ignore_ascii_case(split))
}

/// For each sub-folder, the sub-folders in it that hold images; images right in it count as the folder "".
fn inner_folders(listing: &Listing) -> BTreeMap<&OsStr, BTreeSet<&OsStr>> {
    let mut inner: BTreeMap<&OsStr, BTreeSet<&OsStr>> = BTreeMap::new();
    for file in &listing.files {
        let parts: Vec<&OsStr> = file.path.iter().take(3).collect();
        match parts[..] {
            [top, within, _] => inner.entry(top).or_default().insert(within),
            [top, _] => inner.entry(top).or_default().insert(OsStr::new("")),
            _ => false,
        };
    }
    inner
}
