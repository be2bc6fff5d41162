//! A drawing as a list of shapes, to be had as a raster or as SVG.

use crate::canvas::{Area, Point, Style};
use crate::colour::{Colour, WHITE};
use crate::{Picture, ViewError, raster, svg};

/// Lines, areas and text on white paper.
#[derive(Clone, Debug)]
pub struct Drawing {
    width: usize,
    height: usize,
    /// Later shapes cover earlier ones.
    pub(crate) shapes: Vec<Drawn>,
}

/// A shape, and the only area in which it shows.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) clip: Option<Area>,
    pub(crate) shape: Shape,
}

/// All that a drawing is made of.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// A filled disc.
    Disc { at: Point, radius: f32, colour: Colour },
    /// Lines of two points and more, all of one colour, with round ends and corners.
    Strokes { pieces: Vec<Vec<Point>>, width: f32, colour: Colour },
    /// A filled convex polygon.
    Polygon { corners: Vec<Point>, colour: Colour },
    /// A line of text, its baseline that many pixels below the point (right of it, if read upwards).
    Text { text: String, at: Point, style: Style, baseline: f32 },
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
    pub fn picture(&self) -> Result<Picture, ViewError> {
        self.on(Picture::new(self.width, self.height, WHITE)?)
    }

    /// The same on top of what `paper` shows already.
    pub(crate) fn on(&self, paper: Picture) -> Result<Picture, ViewError> {
        raster::paint(&self.shapes, paper)
    }

    /// The text of an SVG file.
    pub fn svg(&self) -> String {
        svg::write(self)
    }
}
