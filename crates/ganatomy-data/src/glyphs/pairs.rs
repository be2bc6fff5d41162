//! `outlines`: pairs of images, a glyph's outline and the glyph filled.

use ganatomy_record::{Fields, SpecError};

use super::drawn::{Drawn, Kind, size};
use super::raster;
use crate::keyed::purpose;
use crate::options::ImageOptions;
use crate::{DataContext, DataError, DataSpec, Dataset};

/// Digits of a broad pen, twice: channel 0 is the outline, a line along the inside of the edge, and channel 1 is the
/// filled digit. Each nearly fixes the other, so that a generator that is given channel 0
/// (`[remedies.image-conditioning]`) has one right answer.
///
/// # Shapes
/// - an item: `[size, size, 2]`, in `[-1, 1]`; -1 is paper
#[derive(Clone, Debug, PartialEq)]
pub struct OutlinesSpec {
    /// Height and width; default 16 pixels, from 8 to 256.
    pub size: u64,
    /// Flip and labels; labels are on by default.
    pub options: ImageOptions,
}

impl OutlinesSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<OutlinesSpec, SpecError> {
        Ok(OutlinesSpec { size: size(fields, 16)?, options: ImageOptions::read(fields, true)? })
    }
}

impl DataSpec for OutlinesSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Drawn::new(&OUTLINES, self.size, self.options)))
    }
}

const OUTLINES: Kind = Kind {
    name: "outlines",
    channels: 2,
    purposes: [purpose("outlines"), purpose("held-out outlines")],
    ink: |drawing, size, work, pair| {
        work.resize(size * size, 0.0);
        drawing.broaden(size as f32);
        raster::edge_and_ink(drawing, size, work, pair);
    },
};

#[cfg(test)]
mod tests {
    use crate::BatchKey;
    use crate::testing::{build, refused};

    /// The average shares of the paper that outlines and filled digits cover; checks every pair.
    fn check(size: usize) -> [f32; 2] {
        let (set, n) = (build("outlines", &format!("size = {size}")), 300);
        let (mut pairs, mut labels) = (vec![f32::NAN; n * 2 * size * size], vec![u32::MAX; n]);
        set.fill(BatchKey { seed: 11, step: 0, draw: 0 }, &mut pairs, &mut labels);
        let mut ink = [0.0; 2];
        for (i, pair) in pairs.as_chunks::<2>().0.iter().enumerate() {
            let [edge, filled] = *pair;
            // An outline lies inside the filled digit.
            assert!((-1.0..=1.0).contains(&edge) && edge <= filled && filled <= 1.0, "size {size}: {pair:?}");
            let (row, column) = (i / size % size, i % size);
            let on_border = [0, size - 1].iter().any(|end| row == *end || column == *end);
            assert!(!on_border || filled <= 0.0, "size {size}, pixel {i} runs off the paper");
            ink[0] += (edge + 1.0) / (2 * n * size * size) as f32;
            ink[1] += (filled + 1.0) / (2 * n * size * size) as f32;
        }
        ink
    }

    #[test]
    fn an_outline_lies_inside_its_glyph_and_leaves_room() {
        for size in [16, 28, 64] {
            let [edge, filled] = check(size);
            assert!((0.1..0.5).contains(&filled) && edge < 0.85 * filled, "size {size}: {edge} and {filled}");
        }
    }

    #[test]
    fn held_out_shares_no_pair_and_needs_labels() {
        let (set, mut a, mut b) = (build("outlines", ""), vec![0.0; 512], vec![0.0; 512]);
        let key = BatchKey { seed: 1, step: 0, draw: 0 };
        set.fill(key, &mut a, &mut [0]);
        set.held_out().unwrap().fill(key, &mut b, &mut [0]);
        assert_ne!(a, b);
        assert!(build("outlines", "labels = false").held_out().is_none());
        refused("outlines", "size = 4", "size");
    }
}
