//! What can be wrong with data, each as one sentence.

use std::io;
use std::path::PathBuf;

use crate::cause::FetchCause;

/// What can be wrong with data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Nothing says where the files are.
    #[error("nothing says where the {set} files are: {}", ways(set, *fetchable))]
    NoFolder {
        /// The data set.
        set: &'static str,
        /// Whether `ganatomy data fetch` knows it.
        fetchable: bool,
    },
    /// The folder is not there.
    #[error("there is no folder {}: {}", folder.display(), ways(set, *fetchable))]
    MissingFolder {
        /// The data set.
        set: &'static str,
        /// The folder looked for.
        folder: PathBuf,
        /// Whether `ganatomy data fetch` knows it.
        fetchable: bool,
    },
    /// A folder without one of the files it needs.
    #[error("found no {file} (or {file}.gz) in {}: {}", listed(folders), ways(set, true))]
    MissingFile {
        /// The data set.
        set: &'static str,
        /// The file, without `.gz`.
        file: String,
        /// The folders looked in.
        folders: Vec<PathBuf>,
    },
    /// A file or folder that cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write {}", file.display())]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A gz file that ends too early.
    #[error("{} is cut short: its gzip data ends after {n_bytes} unpacked bytes; fetch or copy it again", file.display())]
    TruncatedGz {
        /// The file.
        file: PathBuf,
        /// Bytes that could still be unpacked.
        n_bytes: u64,
    },
    /// A gz file that is damaged.
    #[error("{} is damaged: its gzip data cannot be unpacked; fetch or copy it again", file.display())]
    BadGz {
        /// The file.
        file: PathBuf,
        /// What the unpacker says.
        source: io::Error,
    },
    /// A file that does not start with the first bytes of its format.
    #[error(
        "{} is not an IDX file of bytes with {n_axes} axes: it starts with {found:02x?}, allowed is {:02x?}",
        file.display(), [0, 0, 8, *n_axes]
    )]
    IdxMagic {
        /// The file.
        file: PathBuf,
        /// Its first four bytes.
        found: [u8; 4],
        /// How many axes it must have.
        n_axes: u8,
    },
    /// A file whose length does not match its header.
    #[error("{} holds {found} bytes, but its IDX header asks for exactly {expected}", file.display())]
    IdxLength {
        /// The file.
        file: PathBuf,
        /// Unpacked bytes found: `12`, or `more than 47040016`.
        found: String,
        /// Unpacked bytes expected.
        expected: String,
    },
    /// Images of a size the set does not have.
    #[error("{} holds {n} images of {height}x{width}, allowed are one or more of 28x28", file.display())]
    IdxShape {
        /// The file.
        file: PathBuf,
        /// Images found.
        n: usize,
        /// Height found.
        height: usize,
        /// Width found.
        width: usize,
    },
    /// Labels and images differ in number.
    #[error(
        "{} holds {n_labels} labels, but {} holds {n_images} images: they must be equally many",
        labels.display(), images.display()
    )]
    IdxCount {
        /// The image file.
        images: PathBuf,
        /// Images in it.
        n_images: usize,
        /// The label file.
        labels: PathBuf,
        /// Labels in it.
        n_labels: usize,
    },
    /// A label that names no class.
    #[error("label {index} of {} is {found}, allowed is 0 to {}", file.display(), n_classes - 1)]
    IdxLabel {
        /// The label file.
        file: PathBuf,
        /// Which label, from 0.
        index: usize,
        /// Its value.
        found: u8,
        /// How many classes there are.
        n_classes: usize,
    },
    /// A folder with too few images to learn from.
    #[error(
        "{} holds {} of type JPEG, PNG, WebP, BMP, GIF or TIFF (sub-folders included), at least 2 are needed",
        folder.display(), match n { 0 => "no image", _ => "only one image" }
    )]
    TooFewImages {
        /// The folder.
        folder: PathBuf,
        /// Usable images found: 0 or 1.
        n: usize,
    },
    /// Images that cannot be decoded.
    #[error(
        "{} of the {n_images} images in {} cannot be read: {}; mend or remove them, or set data.skip_unreadable = true",
        files.len(), folder.display(), shortened(files)
    )]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// Images in it.
        n_images: usize,
        /// Each unreadable file, relative to the folder, with the reason.
        files: Vec<(PathBuf, String)>,
    },
    /// An image outside every sub-folder, where sub-folders are the labels.
    #[error(
        "{} is in no sub-folder of {}, so it has no label: move it into one, or set data.labels = false",
        file.display(), folder.display()
    )]
    Unlabelled {
        /// The folder.
        folder: PathBuf,
        /// The image, relative to the folder.
        file: PathBuf,
    },
    /// Labels of one class only.
    #[error(
        "{} has one sub-folder with images, labels need at least 2: {}, or set data.labels = false",
        folder.display(), inside.as_ref().map_or("add another".to_owned(), |inside| format!("name {} itself", inside.display()))
    )]
    OneClass {
        /// The folder.
        folder: PathBuf,
        /// The sub-folder, if it holds sub-folders that could be classes.
        inside: Option<PathBuf>,
    },
    /// Sub-folders that are called like parts of one set, where sub-folders are the labels.
    #[error(
        "the sub-folders of {} ({}) are called like parts of one set, not like classes: name the one to train on, such as --data \
         {}, or set data.labels = false",
        folder.display(), names.join(", "), part.display()
    )]
    Splits {
        /// The folder.
        folder: PathBuf,
        /// Its sub-folders.
        names: Vec<String>,
        /// The one to train on.
        part: PathBuf,
    },
    /// A class of which every image was left out.
    #[error(
        "no image of the class {} can be read: mend some, remove the folder, or set data.labels = false",
        class.display()
    )]
    EmptyClass {
        /// The class's folder.
        class: PathBuf,
    },
    /// Decoded images that find no room.
    #[error(
        "the {n_images} decoded images take {:.1} GB, and cannot be kept in {}; make room there, name another cache folder with \
         GANATOMY_CACHE, or choose a smaller data.size",
        *n_bytes as f64 / 1e9, file.display()
    )]
    NoCache {
        /// Images in the folder.
        n_images: usize,
        /// Bytes of all decoded ones.
        n_bytes: u64,
        /// The file of the cache.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A batch that the set cannot fill.
    #[error(
        "the batch of {batch} is larger than the data: the set {set} has {n_items} items to train on, so at most {n_items} are allowed"
    )]
    BatchTooLarge {
        /// The data set.
        set: String,
        /// Items asked for.
        batch: usize,
        /// Items there are.
        n_items: usize,
    },
    /// An array in memory that cannot be a data set.
    #[error("{what} must be {wanted}, found {found}")]
    Array {
        /// Which array.
        what: &'static str,
        /// What is allowed.
        wanted: String,
        /// What was given.
        found: String,
    },
    /// A set that cannot be downloaded.
    #[error(
        "cannot fetch \"{name}\"{}; known are {}",
        nearest.as_ref().map(|n| format!(" (did you mean \"{n}\"?)")).unwrap_or_default(), known.join(", ")
    )]
    UnknownSource {
        /// What was asked for.
        name: String,
        /// The most similar known name.
        nearest: Option<String>,
        /// Every name allowed.
        known: Vec<String>,
    },
    /// A download that failed on every mirror.
    #[error("could not download {file} after {n_tries} tries; it can also be copied to {} by hand", folder.display())]
    Fetch {
        /// The file.
        file: String,
        /// Where it belongs.
        folder: PathBuf,
        /// Requests made.
        n_tries: u32,
        /// What went wrong the last time.
        source: Box<FetchCause>,
    },
}

/// The ways to say where the data is.
fn ways(set: &str, fetchable: bool) -> String {
    if fetchable {
        format!("give --data DIR, set GANATOMY_DATA, or run `ganatomy data fetch {set}`")
    } else {
        "give --data DIR, or set data.path or GANATOMY_DATA".to_owned()
    }
}

fn listed(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(" or ")
}

/// Names of unreadable files with their reasons, as many as a person will read.
fn shortened(files: &[(PathBuf, String)]) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<String> =
        files.iter().take(SHOWN).map(|(file, why)| format!("{} ({why})", file.display())).collect();
    if files.len() > SHOWN {
        names.push(format!("and {} more", files.len() - SHOWN));
    }
    names.join(", ")
}
