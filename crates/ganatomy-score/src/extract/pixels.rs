//! The numbers of an item as its features.

use ganatomy_tensor::Cpu;

use super::{Extractor, ExtractorSpec, Features, Place, Size};
use crate::error::ScoreError;

/// The numbers of an item as they are: a point's coordinates, an image's pixels, or features that were made elsewhere.
///
/// Of images it sees brightness and place before anything else: an image moved by one pixel is far away.
#[derive(Clone, Copy, Debug)]
pub struct Pixels;

impl ExtractorSpec for Pixels {
    fn refusal(&self, _place: &Place<'_>) -> Option<String> {
        None
    }

    fn size(&self, place: &Place<'_>) -> Result<Size, ScoreError> {
        Ok(Size { bytes: 0, dims: place.item.iter().product() })
    }

    fn build(&self, place: &Place<'_>) -> Result<Box<dyn Extractor>, ScoreError> {
        Ok(Box::new(Built { dims: place.item.iter().product() }))
    }
}

struct Built {
    dims: usize,
}

impl Extractor for Built {
    fn dims(&self) -> usize {
        self.dims
    }

    fn hash(&self) -> String {
        super::hash_of(&[])
    }

    fn is_dear(&self) -> bool {
        false
    }

    fn add(&mut self, items: &[f32], _cpu: &Cpu, to: &mut Features) -> Result<(), ScoreError> {
        to.values.extend_from_slice(items);
        Ok(())
    }
}
