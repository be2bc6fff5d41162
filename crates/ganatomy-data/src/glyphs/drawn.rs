//! An endless, labelled set of digits that a simulated hand draws.

use ganatomy_record::{Fields, SpecError};

use super::outlines::DIGITS;
use super::pen::Drawing;
use crate::keyed::Keyed;
use crate::options::{ImageOptions, mirror};
use crate::{BatchKey, Dataset};

/// What a set shows of each digit.
#[derive(Debug)]
pub(super) struct Kind {
    /// What the fingerprint begins with.
    pub(super) name: &'static str,
    /// Channels of an image.
    pub(super) channels: usize,
    /// Purpose of the random numbers of training and of held-out images, which never share one.
    pub(super) purposes: [u64; 2],
    /// Inks a drawing of this size into an image; the vector is for its work.
    pub(super) ink: fn(&mut Drawing, usize, &mut Vec<f32>, &mut [f32]),
}

/// Digits, each image drawn in a new way.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    kind: &'static Kind,
    shape: [usize; 3],
    options: ImageOptions,
    held_out: bool,
}

/// Reads height and width from the set's table.
pub(super) fn size(fields: &mut Fields<'_>, default: u64) -> Result<u64, SpecError> {
    fields.count("size", "height and width of an image, pixels", default, 8..=256)
}

impl Drawn {
    /// The training set.
    pub(super) fn new(kind: &'static Kind, size: u64, options: ImageOptions) -> Drawn {
        Drawn { kind, shape: [size as usize, size as usize, kind.channels], options, held_out: false }
    }
}

impl Dataset for Drawn {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_classes(&self) -> usize {
        if self.options.labels { DIGITS.len() } else { 0 }
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let [size, _, channels] = self.shape;
        let purpose = self.kind.purposes[usize::from(self.held_out)];
        let (mut drawing, mut work) = (Drawing::default(), Vec::new());
        for (i, (image, label)) in out.chunks_exact_mut(size * size * channels).zip(labels).enumerate() {
            let mut stream = Keyed::new(&[key.seed, purpose, key.step, key.draw, i as u64]);
            let digit = stream.below(DIGITS.len() as u64) as usize;
            drawing.write(digit, size, &mut stream);
            (self.kind.ink)(&mut drawing, size, &mut work, image);
            *label = if self.options.labels { digit as u32 } else { 0 };
            if self.options.flip && stream.bits() >> 63 == 1 {
                mirror(image, size, channels);
            }
        }
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        let options = ImageOptions { flip: false, ..self.options };
        let held_out = Drawn { options, held_out: true, ..self.clone() };
        self.options.labels.then(|| Box::new(held_out) as Box<dyn Dataset>)
    }

    fn fingerprint(&self) -> String {
        let held_out = if self.held_out { "-held-out" } else { "" };
        format!("{}-1-{}{held_out}", self.kind.name, self.shape[0])
    }
}
