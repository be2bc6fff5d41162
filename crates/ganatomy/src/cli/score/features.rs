//! Features of the items of a side, made a few items at a time.

use std::ops::Range;

use ganatomy_score::Rows;
use ganatomy_score::extract::{Extractor, Features};
use ganatomy_tensor::Cpu;

use crate::cli::failure::Failure;

/// Features of some items, and their class probabilities where there are any.
pub(super) struct All {
    found: Features,
    /// Their labels, where they have any.
    pub labels: Vec<u32>,
    dims: usize,
    n_classes: usize,
}

/// Features of some items, and their class probabilities where there are any.
pub(super) type Part<'a> = (Rows<'a>, Option<Rows<'a>>);

impl All {
    /// None yet.
    pub fn of(dims: usize, n_classes: usize) -> All {
        All { found: Features::default(), labels: Vec::new(), dims, n_classes }
    }

    /// Adds those of some more items.
    pub fn add(
        &mut self,
        extractor: &mut dyn Extractor,
        (items, labels): (&[f32], &[u32]),
        cpu: &Cpu,
    ) -> Result<(), Failure> {
        self.labels.extend_from_slice(labels);
        extractor.add(items, cpu, &mut self.found).map_err(Failure::run)
    }

    /// How many items.
    pub fn n(&self) -> usize {
        self.found.values.len() / self.dims.max(1)
    }

    /// Features and class probabilities of some of the items.
    pub fn part(&self, which: Range<usize>) -> Result<Part<'_>, Failure> {
        let rows = Rows::new(&self.found.values[which.start * self.dims..which.end * self.dims], self.dims);
        let k = self.n_classes;
        let classes =
            (k > 0).then(|| Rows::new(&self.found.probabilities[which.start * k..which.end * k], k));
        Ok((rows.map_err(Failure::run)?, classes.transpose().map_err(Failure::run)?))
    }
}
