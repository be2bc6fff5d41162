//! Features of the items of a side, made a few items at a time.

use std::ops::Range;

use ganatomy_data::{Task, Unit};
use ganatomy_score::Rows;
use ganatomy_score::extract::{Contents, Extractor, Features, Place, Shelf};
use ganatomy_score::frechet::Gather;

use super::side::Side;
use crate::cli::failure::Failure;

/// Features of some items, and their class probabilities where there are any.
pub(super) struct All {
    found: Features,
    /// Their labels, where they have any.
    pub labels: Vec<u32>,
    /// Were they made before?
    pub is_kept: bool,
    dims: usize,
    n_classes: usize,
}

/// Features of some items, and their class probabilities where there are any.
pub(super) type Part<'a> = (Rows<'a>, Option<Rows<'a>>);

impl All {
    /// None yet.
    fn of(dims: usize, n_classes: usize) -> All {
        All { found: Features::default(), labels: Vec::new(), is_kept: false, dims, n_classes }
    }

    /// Those of `n` items of a side: from the cache where they were made before. A run's samples are drawn once, and never kept.
    pub fn seen(
        extractor: &mut dyn Extractor,
        side: &Side,
        (n, seed): (usize, u64),
        place: &Place<'_>,
    ) -> Result<All, Failure> {
        let mut all = All::of(extractor.dims(), extractor.n_classes());
        // Room at once, where there is so much: growing would take it twice over.
        let _ = all.found.values.try_reserve_exact(n.saturating_mul(all.dims));
        let mut shelf = None;
        if extractor.is_dear() && !side.is_run() {
            let mut contents = Contents::default();
            side.each(n, seed, place.cpu, |(items, _)| {
                contents.add(items);
                Ok(())
            })?;
            shelf = Shelf::of(place.cache_dir, extractor, n, contents);
        }
        let kept = shelf.as_ref().and_then(Shelf::take);
        all.is_kept = kept.is_some();
        side.each(n, seed, place.cpu, |(items, labels)| {
            all.labels.extend_from_slice(labels);
            if !all.is_kept {
                extractor.add(items, place.cpu, &mut all.found).map_err(Failure::run)?;
                place.progress.advance(task(n), all.n() as u64);
            }
            Ok(())
        })?;
        match (kept, shelf) {
            (Some(kept), _) => all.found = kept,
            (None, Some(shelf)) => {
                if !shelf.put(&all.found).map_err(Failure::run)? {
                    let dir = place.cache_dir.display();
                    place.progress.note(&format!("the features could not be kept in {dir}"));
                }
            }
            (None, None) => {}
        }
        Ok(all)
    }

    /// Sums those of `n` items of a side, and answers whether they were made before. Where they are worth keeping on disk they are all
    /// held for that; else they are dropped as they pass.
    pub fn passed(
        extractor: &mut dyn Extractor,
        side: &Side,
        (n, seed): (usize, u64),
        place: &Place<'_>,
        to: &mut Gather,
    ) -> Result<bool, Failure> {
        if extractor.is_dear() && !side.is_run() {
            let all = All::seen(extractor, side, (n, seed), place)?;
            to.add(&all.found.values, place.cpu).map_err(Failure::run)?;
            return Ok(all.is_kept);
        }
        let (mut some, mut done) = (Features::default(), 0);
        side.each(n, seed, place.cpu, |(items, _)| {
            extractor.add(items, place.cpu, &mut some).map_err(Failure::run)?;
            to.add(&some.values, place.cpu).map_err(Failure::run)?;
            done += some.values.len() / extractor.dims().max(1);
            some = Features::default();
            place.progress.advance(task(n), done as u64);
            Ok(())
        })?;
        Ok(false)
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

fn task(n: usize) -> Task<'static> {
    Task { name: "features", unit: Unit::Images, total: n as u64 }
}
