//! A drawing as a list of shapes, which becomes a raster or SVG.

use crate::colour::WHITE;
use crate::shape::Drawn;
use crate::{Picture, ViewError, raster, svg};

/// Lines, areas and text on white paper.
#[derive(Clone, Debug)]
pub struct Drawing {
    width: usize,
    height: usize,
    /// Later shapes cover earlier ones.
    pub(crate) shapes: Vec<Drawn>,
}

impl Drawing {
    /// White paper.
    pub(crate) fn new(width: usize, height: usize) -> Drawing {
        Drawing { width, height, shapes: Vec::new() }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The drawing in pixels, for a PNG file.
    ///
    /// # Errors
    /// A picture that is too large.
    pub fn picture(&self) -> Result<Picture, ViewError> {
        self.on(Picture::new(self.width, self.height, WHITE)?)
    }

    /// The same, drawn over `paper`.
    pub(crate) fn on(&self, paper: Picture) -> Result<Picture, ViewError> {
        raster::paint(&self.shapes, paper)
    }

    /// The text of an SVG file.
    pub fn svg(&self) -> String {
        svg::write(&self.shapes, self.width, self.height)
    }
}
