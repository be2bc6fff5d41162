//! At most 255 colours for a whole animation, and the nearest of them for any colour.

use std::collections::{BTreeMap, HashMap};

use color_quant::NeuQuant;

use crate::Picture;
use crate::colour::Colour;

/// Index 255 means "as in the frame before".
pub(crate) const UNCHANGED: u8 = 255;
/// Colours of a palette; the last index is kept free for [`UNCHANGED`].
const SIZE: usize = UNCHANGED as usize;
/// The most frequent colours are kept exactly, so that axes and points do not change theirs.
const EXACT: usize = 40;
/// NeuQuant uses one pixel in this many.
const STRIDE: i32 = 7;

/// The colours of an animation.
pub(crate) struct Palette {
    colours: Vec<Colour>,
    /// The nearest colours found so far; looked up, never iterated.
    nearest: HashMap<Colour, u8>,
    /// The last one found: neighbouring pixels are mostly equal.
    last: (Colour, u8),
}

impl Palette {
    /// Chooses colours for all of `samples`.
    pub(crate) fn of(samples: &[Picture]) -> Palette {
        let mut counts: BTreeMap<Colour, usize> = BTreeMap::new();
        for pixel in samples.iter().flat_map(|p| p.pixels().chunks_exact(3)) {
            *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
        }
        let colours = if counts.keys().all(|c| c[0] == c[1] && c[1] == c[2]) {
            greys()
        } else if counts.len() <= SIZE {
            counts.into_keys().collect()
        } else {
            quantised(samples, &counts)
        };
        let last = (colours.first().copied().unwrap_or_default(), 0);
        Palette { colours, nearest: HashMap::new(), last }
    }

    /// The colours as one row of RGB triples, as a GIF stores them.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        // Padding up to 256 entries gives UNCHANGED an entry of its own.
        let padding = std::iter::repeat_n([0; 3], SIZE + 1 - self.colours.len());
        self.colours.iter().copied().chain(padding).flatten().collect()
    }

    /// The index of the colour nearest to `colour`.
    pub(crate) fn index(&mut self, colour: Colour) -> u8 {
        if self.last.0 != colour {
            let colours = &self.colours;
            let index = *self.nearest.entry(colour).or_insert_with(|| nearest(colours, colour));
            self.last = (colour, index);
        }
        self.last.1
    }
}

/// The index of the colour at the least squared distance.
fn nearest(colours: &[Colour], colour: Colour) -> u8 {
    let distance =
        |other: &Colour| -> i32 { (0..3).map(|c| (i32::from(colour[c]) - i32::from(other[c])).pow(2)).sum() };
    (0..colours.len()).min_by_key(|i| distance(&colours[*i])).unwrap_or(0) as u8
}

/// Evenly spaced greys with black and white among them.
fn greys() -> Vec<Colour> {
    (0..SIZE).map(|i| [(i * 255 / (SIZE - 1)) as u8; 3]).collect()
}

/// The most frequent colours as they are, and NeuQuant's choice for the others.
fn quantised(samples: &[Picture], counts: &BTreeMap<Colour, usize>) -> Vec<Colour> {
    let mut by_count: Vec<(&Colour, &usize)> = counts.iter().collect();
    by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(**count), **colour));
    let exact = by_count.into_iter().take(EXACT).map(|(colour, _)| *colour);
    let pixels = samples.iter().flat_map(|p| p.pixels().chunks_exact(3));
    let rgba: Vec<u8> = pixels.flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    let learned = NeuQuant::new(STRIDE, SIZE - EXACT, &rgba).color_map_rgb();
    exact.chain(learned.chunks_exact(3).map(|c| [c[0], c[1], c[2]])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(samples: &[Picture], colour: Colour, tolerance: i32) {
        let mut palette = Palette::of(samples);
        let index = palette.index(colour);
        assert_ne!(index, UNCHANGED);
        let found = &palette.bytes()[usize::from(index) * 3..][..3];
        let error = (0..3).map(|c| (i32::from(found[c]) - i32::from(colour[c])).abs()).max();
        assert!(error <= Some(tolerance), "{colour:?} became {found:?}");
    }

    fn gradient(colour: impl Fn(u8, u8) -> Colour) -> Picture {
        let mut picture = Picture::new(64, 64, [255; 3]).unwrap();
        for y in 0..48 {
            for x in 0..64 {
                picture.set(x, y, colour(x as u8 * 4, y as u8 * 5));
            }
        }
        picture
    }

    #[test]
    fn greys_stay_grey() {
        check(&[gradient(|x, _| [x; 3])], [129; 3], 2);
        check(&[gradient(|x, _| [x; 3])], [255; 3], 0);
        check(&[gradient(|x, _| [x; 3])], [0; 3], 0);
    }

    #[test]
    fn few_colours_stay_exact() {
        check(&[Picture::new(4, 4, [213, 94, 0]).unwrap()], [213, 94, 0], 0);
    }

    #[test]
    fn many_colours_stay_close_and_the_most_frequent_exact() {
        let samples = [gradient(|x, y| [x, y, 128])];
        check(&samples, [255; 3], 0);
        check(&samples, [100, 200, 128], 24);
    }
}
