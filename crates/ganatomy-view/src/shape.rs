//! The shapes of a drawing, and their measures in pixels.

use crate::colour::{Colour, INK};
use crate::text::Align;

/// A shape, and the only area in which it shows.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) clip: Option<Area>,
    pub(crate) shape: Shape,
}

/// Everything that a drawing can hold.
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

/// A place on the canvas: pixels from the left, pixels from the top.
pub(crate) type Point = (f32, f32);

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Pixels an em.
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
    /// Along the reading direction.
    pub(crate) along: Align,
    /// Across the reading direction.
    pub(crate) across: Align,
    /// Read from bottom to top.
    pub(crate) upwards: bool,
}

impl Style {
    /// Plain text of a size, its upper left corner at the point.
    pub(crate) fn of(size: f32) -> Style {
        let (along, across) = (Align::Start, Align::Start);
        Style { size, bold: false, colour: INK, along, across, upwards: false }
    }

    /// The same text, placed in another way.
    pub(crate) fn placed(self, along: Align, across: Align) -> Style {
        Style { along, across, ..self }
    }
}

/// A rectangle in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Area {
    /// True if `point` lies inside or on the border.
    pub(crate) fn holds(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}
