//! What a data set is: batches of real items, each named by a key, and what is known about the items.

use std::sync::Arc;

use ganatomy_record::DataSummary;

use crate::{DataContext, DataError};

/// Which batch of a run: the same key gives the same batch, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchKey {
    /// The run's seed.
    pub seed: u64,
    /// The training step.
    pub step: u64,
    /// The n-th batch within the step.
    pub draw: u64,
}

/// The centres of a mixture of Gaussians, the standard deviation they share, and what is near them.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// One point a mode.
    pub centres: Vec<Vec<f32>>,
    /// Standard deviation of every mode, along every axis that it has.
    pub std: f32,
    /// A sample within this many standard deviations of the nearest centre is of high quality.
    pub high_quality_stds: f32,
}

impl Modes {
    /// Modes of few dimensions: near is within three standard deviations (Srivastava et al. 2017).
    pub fn new(centres: Vec<Vec<f32>>, std: f32) -> Modes {
        Modes { centres, std, high_quality_stds: 3.0 }
    }
}

/// A source of real samples, either endless or finite.
pub trait Dataset: Send + Sync {
    /// Shape of one item: `[2]`, or `[height, width, channels]` with values in [-1, 1].
    fn item_shape(&self) -> &[usize];

    /// How many items there are; `None` when the set is endless.
    fn n_items(&self) -> Option<usize> {
        None
    }

    /// How many classes the labels name; 0 when there are no labels.
    fn n_classes(&self) -> usize {
        0
    }

    /// The classes' names, in the order of the labels; their numbers where they have no names.
    fn class_names(&self) -> Vec<String> {
        (0..self.n_classes()).map(|class| class.to_string()).collect()
    }

    /// What is known about the set before it is trained on, for people and for the record.
    fn summary(&self) -> DataSummary {
        summary_of(self)
    }

    /// Writes the batch that `key` names: `labels.len()` items one after another, and their labels (0 without labels).
    ///
    /// Finite sets draw without replacement within an epoch: draw d of step t covers places
    /// t·batch .. (t+1)·batch of an endless sequence of epochs, each a permutation keyed by (seed, d, epoch).
    ///
    /// # Shapes
    /// `out`: batch × the product of `item_shape`; `labels`: batch.
    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]);

    /// The true modes, if they are known.
    fn modes(&self) -> Option<&Modes> {
        None
    }

    /// For sets of stacked items: the set that every channel is drawn from.
    ///
    /// With `k` classes there, the label of an item is the number whose digits in base `k` are its channels' labels.
    fn channels(&self) -> Option<&dyn Dataset> {
        None
    }

    /// A disjoint test split, labelled as the set is, if the set has one.
    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        None
    }

    /// The bytes of memory that the set takes for as long as it is used; 0 for sets that take next to nothing.
    fn memory_bytes(&self) -> u64 {
        0
    }

    /// The bytes of files besides, of which the system keeps in memory what there is room for.
    fn mapped_bytes(&self) -> u64 {
        0
    }

    /// A stable name of the data and its version, fit for a file name.
    fn fingerprint(&self) -> String;
}

/// What every set can say of itself.
pub(crate) fn summary_of<D: Dataset + ?Sized>(set: &D) -> DataSummary {
    DataSummary {
        item_shape: set.item_shape().to_vec(),
        n_items: set.n_items().map(|n| n as u64),
        n_held_out: set.held_out().and_then(|test| test.n_items()).map(|n| n as u64),
        class_names: set.class_names(),
        ..DataSummary::default()
    }
}

/// What a spec asks for, checked; `build` reads files and makes the set.
pub trait DataSpec: std::fmt::Debug + Send + Sync {
    /// Builds the set.
    ///
    /// # Errors
    /// Files that are missing, unreadable or not what the set needs.
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError>;
}

/// A set that is shared is the set.
impl<T: Dataset + ?Sized> Dataset for Arc<T> {
    fn item_shape(&self) -> &[usize] {
        (**self).item_shape()
    }

    fn n_items(&self) -> Option<usize> {
        (**self).n_items()
    }

    fn n_classes(&self) -> usize {
        (**self).n_classes()
    }

    fn class_names(&self) -> Vec<String> {
        (**self).class_names()
    }

    fn summary(&self) -> DataSummary {
        (**self).summary()
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        (**self).fill(key, out, labels);
    }

    fn modes(&self) -> Option<&Modes> {
        (**self).modes()
    }

    fn channels(&self) -> Option<&dyn Dataset> {
        (**self).channels()
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        (**self).held_out()
    }

    fn memory_bytes(&self) -> u64 {
        (**self).memory_bytes()
    }

    fn mapped_bytes(&self) -> u64 {
        (**self).mapped_bytes()
    }

    fn fingerprint(&self) -> String {
        (**self).fingerprint()
    }
}
