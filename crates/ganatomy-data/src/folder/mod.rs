//! `folder`: any tree of image files.

mod bilinear;
mod cache;
mod classes;
mod decode;
mod depth;
mod jpeg;
mod listing;
mod picture;
mod pixels;

use std::path::Path;

use ganatomy_record::{Fields, Range, SpecError};

use crate::images::Images;
use crate::options::{ImageOptions, path};
use crate::pixels::{Mark, Pixels};
use crate::{DataContext, DataError, DataSpec, Dataset, Progress};
use cache::Index;
use classes::{Classes, remarks};
use listing::Listing;
pub use picture::{Filter, rgb};
use picture::{Look, Reading, parse_colour};
use pixels::Decoding;

/// Any tree of JPEG, PNG, WebP, BMP, GIF or TIFF files, cut to a centred square and resized.
///
/// EXIF orientation is honoured, transparency is laid on a colour, resizing is a Lanczos filter as wide as the
/// reduction; of an animation, the first picture counts. What was decoded is kept in the cache folder until a file or an option
/// changes; a set of more than 1 GiB is read from there as it is needed, so that it may be larger than memory.
///
/// With `labels`, the sub-folders are the classes, in order of their names. Sub-folders that are all called like parts of one set
/// (train, val, test) are refused then: name the one to train on.
#[derive(Clone, Debug, PartialEq)]
pub struct FolderSpec {
    /// The folder; empty: what the command line or environment gives.
    pub path: String,
    /// Size, channels and background.
    pub look: Look,
    /// How large an image may be, and how its values are read.
    pub reading: Reading,
    /// Leave unreadable files out, with a note, instead of refusing the folder; default false.
    pub skip_unreadable: bool,
    /// Flip and labels; labels are the sub-folders in order of their names, off by default.
    pub options: ImageOptions,
    /// Where labels are asked for and the sub-folders give none, do without instead of refusing the folder; no field of a spec.
    pub labels_if_any: bool,
    /// Share of the images held out as a test split; default 0, from 0 to 0.5.
    pub held_out: f64,
}

impl FolderSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<FolderSpec, SpecError> {
        let path = path(fields, "folder of the images; empty: what --data or GANATOMY_DATA says")?;
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
        let reading = read_reading(fields)?;
        let held_out_doc = "share of the images kept from training as a test split";
        Ok(FolderSpec {
            path,
            look: Look {
                size: size as usize,
                channels: channels as usize,
                background,
                filter: Filter::default(),
            },
            reading,
            skip_unreadable: fields.flag("skip_unreadable", skip_doc, false)?,
            options: ImageOptions::read(fields, false)?,
            labels_if_any: false,
            held_out: fields.number("held_out", held_out_doc, 0.0, Range::between(0.0, 0.5))?,
        })
    }
}

fn read_reading(fields: &mut Fields<'_>) -> Result<Reading, SpecError> {
    let bits_doc =
        "bits that values of 16-bit images use; 0: the fewest that hold the largest value in the folder";
    let bits = fields.count("bits", bits_doc, 0, 0..=16)?;
    if (1..8).contains(&bits) {
        return Err(fields.refuse("bits", format!("must be 0 or from 8 to 16, found {bits}")));
    }
    let pixels_doc = "pixels of the largest image that is decoded; each takes up to 16 bytes meanwhile";
    let max_pixels = fields.count("max_pixels", pixels_doc, 200_000_000, 4096..=10_000_000_000)?;
    Ok(Reading { max_pixels, bits })
}

const NAME: &str = "folder";
/// Decoded images of more bytes are not held in memory, but read from the cache as they are needed.
const MOST_IN_MEMORY: usize = 1 << 30;

impl DataSpec for FolderSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        self.build_within(MOST_IN_MEMORY, context)
    }
}

impl FolderSpec {
    /// The set, in memory if its pixels are at most this many bytes.
    fn build_within(
        &self,
        in_memory: usize,
        context: &DataContext<'_>,
    ) -> Result<Box<dyn Dataset>, DataError> {
        let folder = context.folder(NAME, &self.path, false)?;
        let listing = Listing::read(&folder)?;
        check_enough(&folder, listing.files.len())?;
        // A tree that gives no labels is refused before minutes are spent on decoding it.
        let classes = Classes::read(&listing);
        let must = self.options.labels && !self.labels_if_any;
        let classes = if must { Some(classes?) } else { classes.ok() };
        let labels = self.options.labels && classes.is_some();
        let given = listing.unread().into_iter().chain(remarks(&listing, labels));
        given.for_each(|remark| context.progress.note(&remark));
        let (pixels, index) =
            Decoding { spec: self, listing: &listing, classes: classes.as_ref(), context }.read(in_memory)?;
        self.say(&listing, &index, context.progress);
        check_enough(&folder, index.digests.len())?;
        let classes = classes.filter(|_| labels);
        let empty = classes.as_ref().and_then(|classes| classes.first_empty(&index.skipped));
        let empty = empty.map(|class| folder.join(class));
        let classes = match empty {
            Some(class) if must => return Err(DataError::EmptyClass { class }),
            Some(_) => None,
            None => classes,
        };
        let options = ImageOptions { labels: classes.is_some(), ..self.options };
        let set = self.images(pixels, index, classes.unwrap_or_default());
        let n_held_out = (set.n_items().unwrap_or(0) as f64 * self.held_out).round() as usize;
        let set = if n_held_out > 0 { set.split(n_held_out) } else { set };
        Ok(Box::new(set.with_options(options)))
    }

    /// Says what was left out, and what was read otherwise than it stands.
    fn say(&self, listing: &Listing, index: &Index, progress: &dyn Progress) {
        for &skipped in &index.skipped {
            let file = listing.root.join(&listing.files[skipped as usize].path);
            progress.note(&format!("left out {}, which cannot be read", file.display()));
        }
        if let Some(bits) = index.bits {
            let most = (1 << bits) - 1;
            progress.note(&format!(
                "no 16-bit image holds a value above {most}, so they are read as {bits}-bit ones; data.bits = 16 reads them as they stand"
            ));
        }
    }

    fn images(&self, pixels: Pixels, index: Index, classes: Classes) -> Images {
        let shape = [self.look.size, self.look.size, self.look.channels];
        let Classes { labels, names } = classes;
        let n_images = index.skipped.len() + index.digests.len();
        let kept = (0..n_images as u32).filter(|place| index.skipped.binary_search(place).is_err());
        let [plain, labelled] = index.fingerprints;
        let fingerprint = if names.is_empty() { plain } else { labelled };
        let mut marks = vec![Mark { digest: 0, range: [u8::MAX, 0] }; n_images];
        let items: Vec<u32> = kept.collect();
        for ((&item, digest), range) in items.iter().zip(index.digests).zip(index.ranges) {
            marks[item as usize] = Mark { digest, range };
        }
        Images::stored(shape, pixels, items, fingerprint)
            .with_known(marks, index.files)
            .classed(labels, names)
    }
}

fn check_enough(folder: &Path, n: usize) -> Result<(), DataError> {
    if n < 2 { Err(DataError::TooFewImages { folder: folder.to_owned(), n }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
