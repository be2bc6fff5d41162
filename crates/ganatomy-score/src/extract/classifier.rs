//! The last hidden layer of a classifier of the data as features.

use ganatomy_data::Dataset;
use ganatomy_tensor::Cpu;

use super::{Extractor, ExtractorSpec, Features, Place, Size};
use crate::classifier::Classifier;
use crate::error::ScoreError;

/// Numbers of the last hidden layer.
const DIMS: usize = 256;

/// The last hidden layer, 256 numbers, of a small classifier that is trained on the data once and then kept in the cache.
///
/// It needs a labelled data set of images with a held-out part as the real side. It sees what tells classes apart, and gives
/// class probabilities for the Inception score. What does not change a class, such as the background, it may not see.
#[derive(Clone, Copy, Debug)]
pub struct ByClassifier;

impl ExtractorSpec for ByClassifier {
    fn refusal(&self, place: &Place<'_>) -> Option<String> {
        let fits = |data: &&dyn Dataset| {
            data.n_classes() >= 2 && data.item_shape().len() == 3 && data.held_out().is_some()
        };
        let fits = place.data.filter(fits).is_some_and(|data| data.channels().is_none());
        let why = "needs labelled images with a held-out part as the real side, such as mnist or glyphs";
        (!fits).then(|| why.to_owned())
    }

    fn has_classes(&self) -> bool {
        true
    }

    fn size(&self, place: &Place<'_>) -> Result<Size, ScoreError> {
        let bytes = |data| Classifier::memory_bytes(data, place.cpu, place.cache_dir);
        Ok(Size { bytes: place.data.map_or(Ok(0), bytes)?, dims: DIMS })
    }

    fn build(&self, place: &Place<'_>) -> Result<Box<dyn Extractor>, ScoreError> {
        let Some(data) = place.data else {
            return Err(ScoreError::Missing { score: "the extractor classifier", what: "a data set" });
        };
        let classifier = Classifier::prepare(data, place.cpu, place.cache_dir, place.progress)?;
        let hash = classifier.hash()?;
        Ok(Box::new(Built { classifier, hash }))
    }
}

struct Built {
    classifier: Classifier,
    hash: String,
}

impl Extractor for Built {
    fn dims(&self) -> usize {
        DIMS
    }

    fn n_classes(&self) -> usize {
        self.classifier.n_classes()
    }

    fn hash(&self) -> String {
        self.hash.clone()
    }

    fn add(&mut self, items: &[f32], cpu: &Cpu, to: &mut Features) -> Result<(), ScoreError> {
        let seen = self.classifier.look(cpu, items)?;
        to.values.extend(seen.features);
        to.probabilities.extend(seen.probabilities);
        Ok(())
    }
}
