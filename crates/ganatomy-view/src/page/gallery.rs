//! Rows of small images with words under each.

use maud::{Markup, html};

use super::exhibit::{Images, both, byte, embedded};
use crate::{ViewError, Words};

/// A table of small images.
#[derive(Clone, Debug, PartialEq)]
pub struct Gallery {
    /// What they are.
    pub title: Words,
    /// Above the columns.
    pub head: Vec<Words>,
    /// Height, width and channels of an image.
    pub shape: [usize; 3],
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Tile>>,
}

/// An image with words under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The image, row by row.
    pub pixels: Vec<u8>,
    /// What is said of it.
    pub words: Words,
}

impl Tile {
    /// An image of values in [-1, 1].
    pub fn of(values: &[f32], words: impl Into<Words>) -> Tile {
        Tile { pixels: values.iter().map(byte).collect(), words: words.into() }
    }
}

impl Gallery {
    /// All images as one sheet, without their words.
    pub(super) fn sheet(&self) -> Images {
        let pixels = self.rows.iter().flatten().flat_map(|tile| tile.pixels.iter().copied()).collect();
        Images { title: self.title.clone(), columns: self.head.len(), shape: self.shape, pixels }
    }

    /// Its part of a page.
    pub(super) fn html(&self) -> Result<Markup, ViewError> {
        let mut rows = Vec::new();
        for row in &self.rows {
            rows.push(row.iter().map(|tile| self.cell(tile)).collect::<Result<Vec<Markup>, ViewError>>()?);
        }
        Ok(html! {
            div.scroll { table.gallery {
                thead { tr { @for cell in &self.head { th { (both(cell)) } } } }
                tbody { @for row in &rows { tr { @for cell in row { td { (cell) } } } } }
            } }
        })
    }

    fn cell(&self, tile: &Tile) -> Result<Markup, ViewError> {
        let (title, shape) = (tile.words.clone(), self.shape);
        let one = Images { title, columns: 1, shape, pixels: tile.pixels.clone() };
        let image = embedded("png", &one.picture()?.to_png()?, &tile.words, true);
        Ok(html! { (image) p { (both(&tile.words)) } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_has_its_words() {
        let tile = |x: f32, words| Tile::of(&[x; 4], words);
        let gallery = Gallery {
            title: Words::NONE,
            head: vec!["a".into(), "b".into()],
            shape: [2, 2, 1],
            rows: vec![vec![tile(-1.0, "first"), tile(1.0, "second")]],
        };
        assert_eq!(gallery.sheet().pixels, [0, 0, 0, 0, 255, 255, 255, 255]);
        let html = gallery.html().unwrap().into_string();
        assert_eq!(html.matches("data:image/png;base64,").count(), 2);
        let places = ["<th>a</th>", "alt=\"first\"", "<p>first</p>", "alt=\"second\"", "<p>second</p>"];
        let places = places.map(|part| html.find(part).unwrap());
        assert!(places.is_sorted(), "{html}");
    }
}
