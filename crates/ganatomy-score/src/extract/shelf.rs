//! Features that were made before, kept by what they are of.

use std::path::{Path, PathBuf};

use ganatomy_record::{Sum, sum};
use ganatomy_tensor::Store;

use super::{Extractor, Features};
use crate::error::ScoreError;
use crate::kept;

/// Changes where features of the same items and weights do.
const VERSION: u32 = 1;

/// The checksum of items, whatever they came from.
#[derive(Debug, Default)]
pub struct Contents(Sum);

impl Contents {
    /// Adds some more items.
    pub fn add(&mut self, items: &[f32]) {
        for some in items.chunks(1024) {
            let bytes: Vec<u8> = some.iter().flat_map(|x| x.to_le_bytes()).collect();
            self.0.add(&bytes);
        }
    }
}

/// The place of the features of certain items by a certain extractor.
#[derive(Debug)]
pub struct Shelf {
    path: PathBuf,
    n: usize,
    dims: usize,
    n_classes: usize,
}

impl Shelf {
    /// The place of the features of `n` items; nothing for an extractor whose features are not worth it, or without a cache.
    pub fn of(cache_dir: &Path, extractor: &dyn Extractor, n: usize, contents: Contents) -> Option<Shelf> {
        if !extractor.is_dear() || cache_dir.as_os_str().is_empty() || n == 0 {
            return None;
        }
        let (dims, n_classes) = (extractor.dims(), extractor.n_classes());
        let of = format!("{n} {dims} {n_classes} {} {}", extractor.hash(), contents.0.digits());
        let name = format!("v{VERSION}-{}.arrays", &sum(of.as_bytes())[..32]);
        Some(Shelf { path: cache_dir.join("features").join(name), n, dims, n_classes })
    }

    /// The features, if they are there and whole.
    pub fn take(&self) -> Option<Features> {
        let mut store = Store::new();
        for (name, wide) in self.arrays() {
            store.insert(name, [self.n, wide], vec![0.0; self.n * wide]).ok()?;
        }
        let values = |store: &Store<f32>, name| store.get(name).map(|array| array.values().to_vec()).ok();
        kept::read(&self.path, &mut store, |_| true).then_some(())?;
        let probabilities = if self.n_classes > 0 { values(&store, "probabilities")? } else { Vec::new() };
        Some(Features { values: values(&store, "values")?, probabilities })
    }

    /// Keeps features; false where the cache has no room for them.
    ///
    /// # Errors
    /// Features of another size.
    pub fn put(&self, features: &Features) -> Result<bool, ScoreError> {
        let mut store = Store::new();
        for ((name, wide), from) in self.arrays().zip([&features.values, &features.probabilities]) {
            store.insert(name, [self.n, wide], from.clone())?;
        }
        Ok(kept::write(&self.path, &store, |_| true)?)
    }

    fn arrays(&self) -> impl Iterator<Item = (&'static str, usize)> {
        [("values", self.dims), ("probabilities", self.n_classes)].into_iter().filter(|(_, wide)| *wide > 0)
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_data::Silent;
    use ganatomy_tensor::Cpu;

    use super::*;
    use crate::extract::{ExtractorSpec, Pixels, Place, Random};
    use crate::testing::made;

    fn built(item: &[usize], spec: &dyn ExtractorSpec) -> Box<dyn Extractor> {
        let (cpu, cache_dir) = (Cpu::new(1), Path::new(""));
        spec.build(&Place { item, data: None, cpu: &cpu, cache_dir, progress: &Silent }).unwrap()
    }

    fn contents(items: &[f32]) -> Contents {
        let mut contents = Contents::default();
        items.chunks(100).for_each(|some| contents.add(some));
        contents
    }

    #[test]
    fn whole_features_of_the_same_items_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let spec = ganatomy_record::RunSpec::parse("", "test").unwrap();
        let mut extractor = built(&[8, 8, 1], &Random::read(&mut spec.root()).unwrap());
        let (items, mut features) = (made(1, 5, 64), Features::default());
        extractor.add(&items, &Cpu::new(1), &mut features).unwrap();
        let shelf = |items: &[f32]| Shelf::of(folder.path(), &*extractor, 5, contents(items)).unwrap();
        assert_eq!(shelf(&items).take(), None);
        assert!(shelf(&items).put(&features).unwrap());
        assert_eq!(shelf(&items).take().as_ref(), Some(&features));
        // Of other items there are none.
        let mut others = items.clone();
        others[319] += 1.0;
        assert_eq!(shelf(&others).take(), None);
        // A byte that is wrong, and a file that ends early.
        let path = shelf(&items).path;
        let whole = std::fs::read(&path).unwrap();
        let mut wrong = whole.clone();
        wrong[whole.len() / 2] ^= 1;
        for bytes in [&wrong[..], &whole[..whole.len() - 1], &[]] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(shelf(&items).take(), None);
        }
    }

    #[test]
    fn what_is_not_worth_it_has_no_place() {
        let cheap = built(&[3], &Pixels);
        assert!(Shelf::of(Path::new("cache"), &*cheap, 5, Contents::default()).is_none());
        let spec = ganatomy_record::RunSpec::parse("", "test").unwrap();
        let dear = built(&[8, 8, 1], &Random::read(&mut spec.root()).unwrap());
        assert!(Shelf::of(Path::new(""), &*dear, 5, Contents::default()).is_none());
        assert!(Shelf::of(Path::new("cache"), &*dear, 5, Contents::default()).is_some());
    }
}
