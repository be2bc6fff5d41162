//! A finite set of images kept as bytes, in memory or in a mapped file.

use std::collections::BTreeSet;
use std::sync::Arc;

use ganatomy_record::{DataSummary, FileSummary};
use sha2::{Digest, Sha256};

use crate::dataset::summary_of;
use crate::keyed::{Keyed, purpose};
use crate::options::{ImageOptions, mirror};
use crate::pixels::{Mark, Pixels};
use crate::sampler::batch_items;
use crate::{BatchKey, DataError, Dataset};

/// Images of one shape kept as bytes, byte b standing for b/127.5 − 1, with labels if there are any.
#[derive(Clone, Debug)]
pub struct Images {
    shape: [usize; 3],
    pixels: Arc<Pixels>,
    labels: Arc<Vec<u32>>,
    n_classes: usize,
    /// The classes' names; empty where numbers are enough.
    class_names: Arc<Vec<String>>,
    /// The images that this split draws from.
    items: Vec<u32>,
    flip: bool,
    /// What was seen of each image and of the files when they were decoded.
    known: Option<Arc<(Vec<Mark>, FileSummary)>>,
    fingerprint: String,
    held_out: Option<Box<Images>>,
}

impl Images {
    /// A set of images in memory, each byte b standing for b/127.5 - 1.
    ///
    /// ```
    /// use ganatomy_data::{Dataset, Images};
    ///
    /// let set = Images::new([2, 2, 1], vec![0; 4 * 100])?.with_labels(vec![0; 100], 2)?;
    /// assert_eq!((set.n_items(), set.n_classes()), (Some(100), 2));
    /// # Ok::<(), ganatomy_data::DataError>(())
    /// ```
    ///
    /// # Shapes
    /// `pixels`: n x height x width x channels; `shape`: [height, width, channels].
    ///
    /// # Errors
    /// Bytes that do not make one or more whole images.
    pub fn new(shape: [usize; 3], pixels: Vec<u8>) -> Result<Images, DataError> {
        let len: usize = shape.iter().product();
        if pixels.is_empty() || len == 0 || !pixels.len().is_multiple_of(len) {
            let wanted = format!("one or more images of {len} bytes ({shape:?})");
            return Err(DataError::Array {
                what: "pixels",
                wanted,
                found: format!("{} bytes", pixels.len()),
            });
        }
        Ok(Images::trusted("images", shape, pixels, Vec::new(), 0))
    }

    /// The set with a class for each image.
    ///
    /// # Errors
    /// More or fewer labels than images, or a label that is not below `n_classes`.
    pub fn with_labels(self, labels: Vec<u32>, n_classes: usize) -> Result<Images, DataError> {
        let n = self.items.len();
        if labels.len() != n {
            let found = labels.len().to_string();
            return Err(DataError::Array { what: "labels", wanted: format!("{n}, one an image"), found });
        }
        if let Some(wrong) = labels.iter().find(|&&label| label as usize >= n_classes) {
            let wanted = format!("below {n_classes}, the number of classes");
            return Err(DataError::Array { what: "every label", wanted, found: wrong.to_string() });
        }
        let fingerprint = fingerprint("images", self.shape, &self.pixels, &labels);
        Ok(Images { labels: Arc::new(labels), n_classes, fingerprint, ..self })
    }

    /// A set of every image in `pixels`; `labels` is empty or one an image, each below `n_classes`.
    ///
    /// # Shapes
    /// `pixels`: n x height x width x channels; `shape`: [height, width, channels].
    pub(crate) fn trusted(
        name: &str,
        shape: [usize; 3],
        pixels: Vec<u8>,
        labels: Vec<u32>,
        n_classes: usize,
    ) -> Images {
        let n_items = pixels.len() / shape.iter().product::<usize>().max(1);
        let fingerprint = fingerprint(name, shape, &pixels, &labels);
        let set = Images::stored(shape, Pixels::Owned(pixels), (0..n_items as u32).collect(), fingerprint);
        Images { labels: Arc::new(labels), n_classes, ..set }
    }

    /// A set of some of the images in `pixels`, known by a name that somebody else has made.
    pub(crate) fn stored(shape: [usize; 3], pixels: Pixels, items: Vec<u32>, fingerprint: String) -> Images {
        Images {
            shape,
            pixels: Arc::new(pixels),
            labels: Arc::default(),
            n_classes: 0,
            class_names: Arc::default(),
            items,
            flip: false,
            known: None,
            fingerprint,
            held_out: None,
        }
    }

    /// The set with what was seen when its images were decoded: one mark for each image in `pixels`, and the files.
    pub(crate) fn with_known(mut self, marks: Vec<Mark>, files: FileSummary) -> Images {
        self.known = Some(Arc::new((marks, files)));
        self
    }

    /// The set with a class for each image in `pixels`, each below the number of names; without names it has no classes.
    pub(crate) fn classed(self, labels: Vec<u32>, names: Vec<String>) -> Images {
        Images { labels: Arc::new(labels), n_classes: names.len(), ..self }.with_class_names(names)
    }

    /// The set with these options; without labels it has no classes, and its held-out split has none either.
    pub fn with_options(mut self, options: ImageOptions) -> Images {
        self.flip = options.flip;
        if !options.labels {
            self.n_classes = 0;
            let unlabelled = ImageOptions { flip: false, ..options };
            self.held_out = self.held_out.map(|test| Box::new(test.with_options(unlabelled)));
        }
        self
    }

    /// The set with names for its classes, in the order of the labels.
    pub(crate) fn with_class_names(mut self, names: Vec<String>) -> Images {
        self.class_names = Arc::new(names);
        self
    }

    /// The set with `test` as its held-out split.
    pub fn with_held_out(mut self, test: Images) -> Images {
        self.held_out = Some(Box::new(test));
        self
    }

    /// The set with `n_held_out` of its own images, always the same, moved to its held-out split.
    pub fn split(mut self, n_held_out: usize) -> Images {
        let mut stream = Keyed::new(&[purpose("held out")]);
        let mut ranked: Vec<(u64, u32)> = self.items.iter().map(|&item| (stream.bits(), item)).collect();
        ranked.sort_unstable();
        let mut kept: Vec<u32> = ranked.into_iter().map(|(_, item)| item).collect();
        let mut test = self.clone();
        test.items = kept.split_off(kept.len().saturating_sub(n_held_out));
        test.fingerprint.push_str("-held-out");
        // The training part changes with the share, so a cache of what is learned from it must change too.
        self.fingerprint = format!("{}-less-{n_held_out}", self.fingerprint);
        self.items = kept;
        self.with_held_out(test)
    }
}

impl Images {
    /// What is known of an image in `pixels`.
    fn mark(&self, item: usize) -> Mark {
        match &self.known {
            Some(known) => known.0[item],
            None => {
                let len: usize = self.shape.iter().product();
                Mark::of(&self.pixels[item * len..(item + 1) * len])
            }
        }
    }
}

impl Images {
    /// The bytes of all pixels of a kind, those of a held-out part included unless it shares this one's.
    fn pixel_bytes(&self, kind: fn(&Pixels) -> bool) -> u64 {
        let other = self.held_out.as_ref().filter(|other| !Arc::ptr_eq(&other.pixels, &self.pixels));
        let all = std::iter::once(&self.pixels).chain(other.map(|other| &other.pixels));
        all.filter(|pixels| kind(pixels)).map(|pixels| pixels.len() as u64).sum()
    }
}

impl Dataset for Images {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_items(&self) -> Option<usize> {
        Some(self.items.len())
    }

    fn n_classes(&self) -> usize {
        self.n_classes
    }

    fn class_names(&self) -> Vec<String> {
        let name = |class: usize| self.class_names.get(class).cloned().unwrap_or_else(|| class.to_string());
        (0..self.n_classes).map(name).collect()
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let [_, width, channels] = self.shape;
        let len: usize = self.shape.iter().product();
        let mut coin = Keyed::new(&[key.seed, purpose("flip"), key.step, key.draw]);
        let places = batch_items(self.items.len(), key, labels.len());
        if let Pixels::Mapped(_) = *self.pixels {
            let coming = batch_items(self.items.len(), key, labels.len());
            coming
                .map(|place| self.items[place] as usize * len)
                .for_each(|at| self.pixels.foresee(at..at + len));
        }
        for ((image, label), place) in out.chunks_exact_mut(len).zip(labels).zip(places) {
            let item = self.items[place] as usize;
            let bytes = &self.pixels[item * len..(item + 1) * len];
            image.iter_mut().zip(bytes).for_each(|(x, &byte)| *x = f32::from(byte) / 127.5 - 1.0);
            *label = if self.n_classes == 0 { 0 } else { self.labels[item] };
            if self.flip && coin.bits() >> 63 == 1 {
                mirror(image, width, channels);
            }
        }
    }

    fn summary(&self) -> DataSummary {
        let mut class_items = vec![0; self.n_classes];
        if self.n_classes > 0 {
            self.items.iter().for_each(|&item| class_items[self.labels[item as usize] as usize] += 1);
        }
        let marks: Vec<Mark> = self.items.iter().map(|&item| self.mark(item as usize)).collect();
        let range = marks.iter().map(|mark| mark.range).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
        let values = range.map(|range| range.map(|byte| f64::from(byte) / 127.5 - 1.0));
        let n_different = marks.iter().map(|mark| mark.digest).collect::<BTreeSet<u64>>().len();
        let n_duplicates = (marks.len() - n_different) as u64;
        let files = self.known.as_ref().map(|known| known.1.clone());
        DataSummary { class_items, values, n_duplicates, files, ..summary_of(self) }
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        self.held_out.clone().map(|set| set as Box<dyn Dataset>)
    }

    fn memory_bytes(&self) -> u64 {
        let items = size_of_val(&self.labels[..]) + size_of_val(&self.items[..]);
        items as u64 + self.pixel_bytes(|pixels| matches!(pixels, Pixels::Owned(_)))
    }

    fn mapped_bytes(&self) -> u64 {
        self.pixel_bytes(|pixels| matches!(pixels, Pixels::Mapped(_)))
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

/// Name, shape and the first 16 hex digits of a hash of everything in the set.
fn fingerprint(name: &str, shape: [usize; 3], pixels: &[u8], labels: &[u32]) -> String {
    let mut hash = Sha256::new();
    hash.update(pixels);
    labels.iter().for_each(|label| hash.update(label.to_le_bytes()));
    let digest = crate::hex::hex(&hash.finalize()[..8]);
    let [height, width, channels] = shape;
    format!("{name}-{height}x{width}x{channels}-{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four 1×2 grey images: (0, 255), (10, 245), ...; labels 0, 1, 0, 1.
    fn four() -> Images {
        let pixels = (0..4).flat_map(|i| [10 * i, 255 - 10 * i]).collect();
        Images::trusted("four", [1, 2, 1], pixels, vec![0, 1, 0, 1], 2)
    }

    fn draw(set: &dyn Dataset, step: u64, batch: usize) -> (Vec<f32>, Vec<u32>) {
        let (mut out, mut labels) = (vec![9.0; 2 * batch], vec![9; batch]);
        set.fill(BatchKey { seed: 4, step, draw: 0 }, &mut out, &mut labels);
        (out, labels)
    }

    /// Which image a drawn one is, and whether it is mirrored.
    fn known(image: &[f32]) -> (u32, bool) {
        let bytes = [0, 1].map(|i| ((image[i] + 1.0) * 127.5).round() as u32);
        if bytes[0] < 128 { (bytes[0] / 10, false) } else { (bytes[1] / 10, true) }
    }

    #[test]
    fn an_epoch_shows_every_image_once_with_its_label() {
        let (out, labels) = draw(&four(), 0, 4);
        let mut seen: Vec<u32> = out.chunks(2).map(|image| known(image).0).collect();
        assert!(seen.iter().zip(&labels).all(|(image, label)| image % 2 == *label));
        assert!(out.iter().all(|x| (-1.0..=1.0).contains(x)) && out.contains(&-1.0) && out.contains(&1.0));
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3]);
    }

    #[test]
    fn arrays_in_memory_must_fit() {
        let check = |error: DataError, expected: &str| assert_eq!(error.to_string(), expected);
        let images = |n| Images::new([1, 2, 1], vec![0; n]);
        check(
            images(3).unwrap_err(),
            "pixels must be one or more images of 2 bytes ([1, 2, 1]), found 3 bytes",
        );
        check(
            images(0).unwrap_err(),
            "pixels must be one or more images of 2 bytes ([1, 2, 1]), found 0 bytes",
        );
        let labels = |labels: &[u32]| images(4).unwrap().with_labels(labels.to_vec(), 2);
        check(labels(&[0]).unwrap_err(), "labels must be 2, one an image, found 1");
        check(labels(&[0, 2]).unwrap_err(), "every label must be below 2, the number of classes, found 2");
        let set = labels(&[1, 1]).unwrap();
        assert_eq!((set.n_items(), set.n_classes(), draw(&set, 0, 2).1), (Some(2), 2, vec![1, 1]));
        assert_ne!(set.fingerprint(), images(4).unwrap().fingerprint());
    }

    #[test]
    fn the_key_fixes_the_batch() {
        let set = four().with_options(ImageOptions { flip: true, labels: true });
        assert_eq!(draw(&set, 7, 64), draw(&set, 7, 64));
        assert_ne!(draw(&set, 7, 64), draw(&set, 8, 64));
    }

    #[test]
    fn flips_half_and_only_when_asked() {
        let n_flipped = |set: Images| draw(&set, 0, 1000).0.chunks(2).filter(|image| known(image).1).count();
        assert_eq!(n_flipped(four()), 0);
        let flipping = n_flipped(four().with_options(ImageOptions { flip: true, labels: true }));
        assert!((420..580).contains(&flipping), "{flipping}");
    }

    #[test]
    fn without_labels_there_are_no_classes() {
        let set = four().with_held_out(four()).with_options(ImageOptions::default());
        assert_eq!((set.n_classes(), draw(&set, 0, 4).1), (0, vec![0; 4]));
        assert_eq!(set.held_out().unwrap().n_classes(), 0);
    }

    #[test]
    fn a_split_is_disjoint_and_whole() {
        let set = four().split(1);
        let test = set.held_out().unwrap();
        assert_eq!((set.n_items(), test.n_items()), (Some(3), Some(1)));
        let images =
            |set: &dyn Dataset, n| draw(set, 0, n).0.chunks(2).map(|i| known(i).0).collect::<Vec<_>>();
        let mut all = [images(&set, 3), images(&*test, 1)].concat();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3]);
        assert_ne!(set.fingerprint(), test.fingerprint());
    }

    #[test]
    fn the_fingerprint_follows_the_content() {
        let base = four().fingerprint();
        assert_eq!(base, four().fingerprint());
        let relabelled = Images::trusted("four", [1, 2, 1], four().pixels.to_vec(), vec![0, 1, 1, 1], 2);
        let reshaped = Images::trusted("four", [2, 1, 1], four().pixels.to_vec(), vec![0, 1, 0, 1], 2);
        assert!(base != relabelled.fingerprint() && base != reshaped.fingerprint());
    }
}
