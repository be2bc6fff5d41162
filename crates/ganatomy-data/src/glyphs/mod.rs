//! `glyphs`: digits drawn by a simulated hand, endless and labelled.

mod drawn;
// A table of points is easiest to read as it is.
#[rustfmt::skip]
mod outlines;
mod pairs;
mod pen;
mod raster;

use ganatomy_record::{Fields, SpecError};

use crate::keyed::purpose;
use crate::options::ImageOptions;
use crate::{DataContext, DataError, DataSpec, Dataset};
use drawn::{Drawn, Kind, size};
pub use pairs::OutlinesSpec;

/// Digits drawn by a simulated hand: for every image, strokes are bent, slanted, stretched and inked in a new way.
///
/// A digit is one of several ways to write it, as smooth strokes through knots. Every knot is moved a little, the
/// whole is bent by a smooth random field, rotated, slanted, stretched and shifted, and drawn with a pen of random
/// width and pressure.
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphsSpec {
    /// Height and width; default 28 pixels, from 8 to 256.
    pub size: u64,
    /// Flip and labels; labels are on by default.
    pub options: ImageOptions,
}

impl GlyphsSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<GlyphsSpec, SpecError> {
        Ok(GlyphsSpec { size: size(fields, 28)?, options: ImageOptions::read(fields, true)? })
    }
}

impl DataSpec for GlyphsSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Drawn::new(&GLYPHS, self.size, self.options)))
    }
}

const GLYPHS: Kind = Kind {
    name: "glyphs",
    channels: 1,
    purposes: [purpose("glyphs"), purpose("held-out glyphs")],
    ink: |drawing, size, _, image| raster::ink(drawing, size, image),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchKey;
    use crate::options::mirror;
    use crate::testing::{build, refused};

    fn draw(set: &dyn Dataset, step: u64, batch: usize) -> (Vec<f32>, Vec<u32>) {
        let len: usize = set.item_shape().iter().product();
        let (mut out, mut labels) = (vec![f32::NAN; batch * len], vec![u32::MAX; batch]);
        set.fill(BatchKey { seed: 11, step, draw: 0 }, &mut out, &mut labels);
        (out, labels)
    }

    /// Checks that images of this size hold some ink, all of it inside.
    fn check(size: usize) {
        let set = build("glyphs", &format!("size = {size}"));
        assert_eq!(set.item_shape(), [size, size, 1]);
        for (i, image) in draw(&*set, 0, 500).0.chunks_exact(size * size).enumerate() {
            assert!(image.iter().all(|x| (-1.0..=1.0).contains(x)));
            let ink = image.iter().map(|x| (x + 1.0) / 2.0).sum::<f32>() / (size * size) as f32;
            assert!((0.02..0.4).contains(&ink), "size {size}, image {i}: ink on {ink} of the paper");
            let on_border = |p: usize| {
                p < size || p >= size * (size - 1) || p.is_multiple_of(size) || p % size == size - 1
            };
            let n_cut = (0..size * size).filter(|&p| on_border(p) && image[p] > 0.0).count();
            assert_eq!(n_cut, 0, "size {size}, image {i} runs off the paper");
        }
    }

    #[test]
    fn every_digit_fits_on_the_paper() {
        [16, 28, 32, 64].into_iter().for_each(check);
    }

    #[test]
    fn digits_are_equally_likely() {
        let mut counts = [0usize; 10];
        draw(&*build("glyphs", ""), 0, 5000).1.iter().for_each(|&label| counts[label as usize] += 1);
        assert!(counts.iter().all(|count| (400..600).contains(count)), "{counts:?}");
    }

    #[test]
    fn labels_say_what_is_drawn() {
        let set = build("glyphs", "");
        let (images, labels) = draw(&*set, 0, 3000);
        let mut means = vec![vec![0f32; 784]; 10];
        for (image, &label) in images.chunks_exact(784).zip(&labels) {
            let n = labels.iter().filter(|&&other| other == label).count() as f32;
            means[label as usize].iter_mut().zip(image).for_each(|(m, x)| *m += x / n);
        }
        let (images, labels) = draw(&*set.held_out().unwrap(), 0, 1000);
        let distance =
            |image: &[f32], mean: &[f32]| image.iter().zip(mean).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        let nearest = |image: &[f32]| {
            (0..10)
                .min_by(|&a, &b| distance(image, &means[a]).total_cmp(&distance(image, &means[b])))
                .unwrap()
        };
        let n_right = images
            .chunks_exact(784)
            .zip(&labels)
            .filter(|(image, label)| nearest(image) == **label as usize)
            .count();
        // The nearest class mean is right for 82 % of MNIST; guessing would be for 10 %.
        assert!(n_right > 700, "{n_right} of 1000");
    }

    #[test]
    fn held_out_shares_no_image() {
        let set = build("glyphs", "flip = true");
        let test = set.held_out().unwrap();
        assert_ne!(draw(&*set, 5, 64).0, draw(&*test, 5, 64).0);
        assert_eq!(test.n_classes(), 10);
    }

    #[test]
    fn labels_can_be_left_out() {
        let set = build("glyphs", "labels = false");
        assert_eq!((set.n_classes(), draw(&*set, 0, 8).1), (0, vec![0; 8]));
        assert!(set.held_out().is_none());
    }

    #[test]
    fn flips_mirror() {
        let (plain, flipped) = (build("glyphs", ""), build("glyphs", "flip = true"));
        let ((a, _), (b, _)) = (draw(&*plain, 0, 200), draw(&*flipped, 0, 200));
        let is_mirrored = |(a, b): (&[f32], &[f32])| {
            let mut turned = a.to_vec();
            mirror(&mut turned, 28, 1);
            assert!(a == b || turned == b);
            a != b
        };
        let n_flipped =
            a.chunks_exact(784).zip(b.chunks_exact(784)).filter(|&pair| is_mirrored(pair)).count();
        assert!((70..130).contains(&n_flipped), "{n_flipped}");
    }

    #[test]
    fn bad_values_are_refused() {
        refused("glyphs", "size = 4", "size");
        refused("glyphs", "size = 28.5", "size");
        refused("glyphs", "flip = 1", "flip");
        refused("glyphs", "path = \"x\"", "path");
    }
}
