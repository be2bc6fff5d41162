//! What can go wrong while a picture is drawn or written.

use std::error::Error;
use std::path::PathBuf;

use ganatomy_record::RecordError;

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The numbers given are too many or too few.
    #[error("{what} must hold {expected} values, found {found}")]
    Length {
        /// What was given, such as "an image sheet of 4 images, 28x28x1".
        what: String,
        /// How many values it must hold.
        expected: usize,
        /// How many values it holds.
        found: usize,
    },
    /// There is nothing to draw.
    #[error("there is nothing to draw: {what}")]
    Empty {
        /// What was missing.
        what: String,
    },
    /// Images have one channel (grey) or three (RGB).
    #[error("images must have 1, 2 or 3 channels, found {found}")]
    Channels {
        /// The number of channels given.
        found: usize,
    },
    /// A picture is larger than its file format or this machine allows.
    #[error("a picture of {width}x{height} pixels is too large; at most {limit} a side")]
    TooLarge {
        /// Width asked for, in pixels.
        width: usize,
        /// Height asked for, in pixels.
        height: usize,
        /// The largest side allowed.
        limit: usize,
    },
    /// Frames of an animation differ in size.
    #[error("frame {frame} is {found:?} pixels, but the frames before it are {expected:?}")]
    FrameSize {
        /// The index of the frame that differs.
        frame: usize,
        /// Width and height of the first frame.
        expected: (usize, usize),
        /// Width and height of this frame.
        found: (usize, usize),
    },
    /// The embedded font could not be read.
    #[error("the embedded font could not be read")]
    Font(#[source] Box<dyn Error + Send + Sync>),
    /// The PNG encoder failed.
    #[error("the picture could not be encoded as PNG")]
    Png(#[source] Box<dyn Error + Send + Sync>),
    /// A chart could not be written for a page.
    #[error("a chart could not be written as JSON")]
    Json(#[source] Box<dyn Error + Send + Sync>),
    /// A formula of a page is LaTeX that cannot be set.
    #[error("the formula ${formula}$ cannot be set: {why}")]
    Formula {
        /// The formula.
        formula: String,
        /// What is wrong with it.
        why: String,
    },
    /// A page names an exhibit that it does not have.
    #[error("the page shows {name}, which it does not have")]
    Missing {
        /// What the text calls it.
        name: String,
    },
    /// The languages of a page show different things, or in another order.
    #[error("the page \"{title}\" must show the same exhibits in the same order in both languages")]
    Languages {
        /// The title of the page.
        title: String,
    },
    /// The GIF encoder failed.
    #[error("the animation could not be encoded as GIF")]
    Gif(#[source] Box<dyn Error + Send + Sync>),
    /// A run's record could not be read, or a picture could not be written beside it.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// One file of a run could not be drawn.
    #[error("{} could not be drawn", path.display())]
    File {
        /// The file drawn from.
        path: PathBuf,
        /// Why it failed.
        source: Box<ViewError>,
    },
}

impl ViewError {
    /// A chart that cannot be written as JSON.
    pub(crate) fn json(error: serde_json::Error) -> ViewError {
        ViewError::Json(Box::new(error))
    }

    /// An animation that cannot be encoded.
    pub(crate) fn gif(error: gif::EncodingError) -> ViewError {
        ViewError::Gif(Box::new(error))
    }
}
