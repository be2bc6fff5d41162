//! What makes features of items: one extractor a file.

mod best;
mod classifier;
mod onnx;
mod pixels;
mod random;
mod shelf;

use std::fmt;
use std::path::Path;

use ganatomy_data::{Dataset, Progress};
use ganatomy_record::{Entry, sum};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
pub use best::best_first;
pub use classifier::ByClassifier;
pub use onnx::Onnx;
pub use pixels::Pixels;
pub use random::Random;
pub use shelf::{Contents, Shelf};

/// What an extractor is built for.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The shape of an item: `[height, width, channels]`, values in `[-1, 1]`, or `[dims]`.
    pub item: &'a [usize],
    /// The real data, where they are a data set.
    pub data: Option<&'a dyn Dataset>,
    /// The device.
    pub cpu: &'a Cpu,
    /// Where what is learned once is kept.
    pub cache_dir: &'a Path,
    /// Receives the progress of long work.
    pub progress: &'a dyn Progress,
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("item", &self.item).finish_non_exhaustive()
    }
}

/// Features of some items, and their class probabilities where the extractor has classes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// `[n, dims]`
    pub values: Vec<f32>,
    /// `[n, n_classes]`, or empty.
    pub probabilities: Vec<f32>,
}

/// How large an extractor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// What it takes in memory.
    pub bytes: u64,
    /// Features of an item.
    pub dims: usize,
}

/// An extractor as asked for.
pub trait ExtractorSpec: fmt::Debug + Send + Sync {
    /// Why it does not apply, in words that follow its name; nothing where it does. Asked before any work.
    fn refusal(&self, place: &Place<'_>) -> Option<String>;

    /// Does it give class probabilities?
    fn has_classes(&self) -> bool {
        false
    }

    /// How large it is once it is built, without building it; where nobody says, it is as Inception makes features.
    ///
    /// # Errors
    /// Programs that do not fit together.
    fn size(&self, _place: &Place<'_>) -> Result<Size, ScoreError> {
        Ok(Size { bytes: 0, dims: 2048 })
    }

    /// Builds it.
    ///
    /// # Errors
    /// Whatever keeps it from being built.
    fn build(&self, place: &Place<'_>) -> Result<Box<dyn Extractor>, ScoreError>;
}

/// Makes features of items.
pub trait Extractor: Send {
    /// Features of an item.
    fn dims(&self) -> usize;

    /// Does it give class probabilities?
    fn n_classes(&self) -> usize {
        0
    }

    /// The checksum of what it consists of.
    fn hash(&self) -> String;

    /// Does it take long enough that features are worth keeping?
    fn is_dear(&self) -> bool {
        true
    }

    /// Adds the features of some more items.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`
    ///
    /// # Errors
    /// Tensors that do not fit.
    fn add(&mut self, items: &[f32], cpu: &Cpu, to: &mut Features) -> Result<(), ScoreError>;
}

/// A row of the table.
pub type ExtractorRow = Entry<dyn ExtractorSpec>;

/// Every extractor.
#[rustfmt::skip]
pub fn extractors() -> Vec<ExtractorRow> {
    vec![
        ExtractorRow::new("pixels", "the numbers of an item themselves: for points, and features made elsewhere", |_| Ok(Box::new(Pixels))).explained_by(include_str!("pixels.rs")),
        ExtractorRow::new("random", "a convolutional network of fixed random weights: images of any size", |f| Ok(Box::new(Random::read(f)?))).explained_by(include_str!("random.rs")),
        ExtractorRow::new("classifier", "the last hidden layer of a classifier of the data, trained here once", |_| Ok(Box::new(ByClassifier))).explained_by(include_str!("classifier.rs")),
        ExtractorRow::new("onnx", "a network in an ONNX file, such as the usual FID network; in builds with the feature `onnx`", |f| Ok(Box::new(Onnx::read(f)?))).explained_by(include_str!("onnx/mod.rs")),
    ]
}

/// The checksum of numbers.
fn hash_of(values: &[f32]) -> String {
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    sum(&bytes)
}
