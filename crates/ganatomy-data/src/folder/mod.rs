//! `folder`: any tree of JPEG, PNG or WebP files.

mod cache;
mod decode;
mod jpeg;
mod listing;
mod picture;

use std::path::{Path, PathBuf};

use ganatomy_record::{Fields, Range, SpecError};

use crate::images::Images;
use crate::options::ImageOptions;
use crate::{DataContext, DataError, DataSpec, Dataset};
use cache::Cache;
use decode::{Decoded, decode};
use listing::{Listing, classes};
use picture::{Look, parse_colour};

/// Any tree of JPEG, PNG or WebP files, cut to a centred square and resized.
///
/// EXIF orientation is honoured, transparency is laid on a colour, resizing is a Lanczos filter as wide as the
/// reduction. What was decoded is kept in the cache folder until a file or an option changes.
#[derive(Clone, Debug, PartialEq)]
pub struct FolderSpec {
    /// The folder; empty: what the command line or environment gives.
    pub path: String,
    /// Size, channels and background.
    pub look: Look,
    /// Leave unreadable files out, with a note, instead of refusing the folder; default false.
    pub skip_unreadable: bool,
    /// Flip and labels; labels are the sub-folders in order of their names, off by default.
    pub options: ImageOptions,
    /// Share of the images held out as a test split; default 0, from 0 to 0.5.
    pub held_out: f64,
}

impl FolderSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<FolderSpec, SpecError> {
        let path =
            fields.text("path", "folder of the images; empty: what --data or GANATOMY_DATA says", "")?;
        let size =
            fields.count("size", "height and width after cropping and resizing, pixels", 64, 8..=512)?;
        let channels = fields.count("channels", "1 for grey, 3 for colour", 3, 1..=3)?;
        if channels == 2 {
            return Err(fields.refuse("channels", "must be 1 or 3, found 2"));
        }
        let background_doc = "colour behind transparent parts: white, black, grey or \"#rrggbb\"";
        let name = fields.text("background", background_doc, "white")?;
        let background = parse_colour(&name).ok_or_else(|| {
            fields.refuse(
                "background",
                format!("must be white, black, grey or like \"#a0b0c0\", found \"{name}\""),
            )
        })?;
        let skip_doc = "leave out images that cannot be read, instead of stopping";
        let held_out_doc = "share of the images kept from training as a test split";
        Ok(FolderSpec {
            path,
            look: Look { size: size as usize, channels: channels as usize, background },
            skip_unreadable: fields.flag("skip_unreadable", skip_doc, false)?,
            options: ImageOptions::read(fields, false)?,
            held_out: fields.number("held_out", held_out_doc, 0.0, Range::between(0.0, 0.5))?,
        })
    }

    fn folder(&self, context: &DataContext<'_>) -> Result<PathBuf, DataError> {
        let named = (!self.path.is_empty()).then(|| PathBuf::from(&self.path));
        let folder = named.or_else(|| context.data_dir.clone());
        let folder = folder.ok_or(DataError::NoFolder { set: NAME, fetchable: false })?;
        if !folder.is_dir() {
            return Err(DataError::MissingFolder { set: NAME, folder, fetchable: false });
        }
        Ok(folder)
    }

    /// The images' pixels, from the cache if it has them.
    fn pixels(&self, listing: &Listing, context: &DataContext<'_>) -> Result<Decoded, DataError> {
        let cache = Cache::new(&context.cache_dir, listing, &self.look, self.skip_unreadable);
        let decoded = match cache.read() {
            Some(decoded) => decoded,
            None => {
                let (decoded, failures) = decode(listing, &self.look, context);
                if !failures.is_empty() && !self.skip_unreadable {
                    let (folder, n_images) = (listing.root.clone(), listing.files.len());
                    return Err(DataError::Unreadable { folder, n_images, files: failures });
                }
                cache.write(decoded, context.progress)
            }
        };
        for &skipped in &decoded.skipped {
            let file = listing.root.join(&listing.files[skipped as usize].path);
            context.progress.note(&format!("left out {}, which cannot be read", file.display()));
        }
        Ok(decoded)
    }

    /// The class of each decoded image, and the classes' names.
    fn labels(&self, listing: &Listing, skipped: &[u32]) -> Result<(Vec<u32>, Vec<String>), DataError> {
        if !self.options.labels {
            return Ok((Vec::new(), Vec::new()));
        }
        let (mut labels, names) = classes(listing)?;
        let mut index = 0;
        labels.retain(|_| {
            index += 1;
            skipped.binary_search(&(index - 1)).is_err()
        });
        Ok((labels, names))
    }
}

const NAME: &str = "folder";

impl DataSpec for FolderSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let folder = self.folder(context)?;
        let listing = Listing::read(&folder)?;
        check_enough(&folder, listing.files.len())?;
        // A tree that gives no labels is refused before minutes are spent on decoding it.
        self.labels(&listing, &[])?;
        let decoded = self.pixels(&listing, context)?;
        let n_items = listing.files.len() - decoded.skipped.len();
        check_enough(&folder, n_items)?;
        let (labels, names) = self.labels(&listing, &decoded.skipped)?;
        let shape = [self.look.size, self.look.size, self.look.channels];
        let set = Images::trusted(NAME, shape, decoded.pixels, labels, names.len());
        let set = set.with_class_names(names);
        let n_held_out = (n_items as f64 * self.held_out).round() as usize;
        let set = if n_held_out > 0 { set.split(n_held_out) } else { set };
        Ok(Box::new(set.with_options(self.options)))
    }
}

fn check_enough(folder: &Path, n: usize) -> Result<(), DataError> {
    if n < 2 { Err(DataError::TooFewImages { folder: folder.to_owned(), n }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
