//! Anti-aliased lines, discs, boxes and text on a picture.

use crate::colour::{Colour, INK, WHITE};
use crate::text::{Align, Fonts};
use crate::{Picture, ViewError};

/// How a text is set.
#[derive(Clone, Copy)]
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

    /// The same text placed otherwise.
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

/// A picture being drawn.
pub(crate) struct Canvas {
    picture: Picture,
    fonts: Fonts,
    clip: Option<Area>,
}

impl Canvas {
    /// A white sheet.
    pub(crate) fn new(width: usize, height: usize) -> Result<Canvas, ViewError> {
        Ok(Canvas { picture: Picture::new(width, height, WHITE)?, fonts: Fonts::embedded()?, clip: None })
    }

    /// The finished picture.
    pub(crate) fn finish(self) -> Picture {
        self.picture
    }

    /// Draws only inside `area` from now on; everywhere if `None`.
    pub(crate) fn clip(&mut self, area: Option<Area>) {
        self.clip = area;
    }

    /// Mixes `colour` into one pixel.
    pub(crate) fn blend(&mut self, x: i32, y: i32, colour: Colour, coverage: f32) {
        let (cx, cy) = (x as f32 + 0.5, y as f32 + 0.5);
        let inside = |a: Area| cx > a.left && cx < a.right && cy > a.top && cy < a.bottom;
        if x < 0 || y < 0 || !self.clip.is_none_or(inside) {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        if coverage >= 1.0 {
            self.picture.set(x, y, colour);
        } else if let Some(below) = self.picture.at(x, y) {
            let weight = coverage.max(0.0);
            let mix = |c: usize| f32::from(below[c]) * (1.0 - weight) + f32::from(colour[c]) * weight + 0.5;
            self.picture.set(x, y, std::array::from_fn(|c| mix(c) as u8));
        }
    }

    /// Fills every pixel whose signed distance to a shape is below zero, with soft edges.
    fn shape(&mut self, bounds: Area, colour: Colour, distance: impl Fn(f32, f32) -> f32) {
        let width = self.picture.width() as f32;
        let height = self.picture.height() as f32;
        let (left, right) = (bounds.left.clamp(0.0, width), bounds.right.clamp(0.0, width));
        let (top, bottom) = (bounds.top.clamp(0.0, height), bounds.bottom.clamp(0.0, height));
        for y in top.floor() as i32..bottom.ceil() as i32 {
            for x in left.floor() as i32..right.ceil() as i32 {
                let coverage = 0.5 - distance(x as f32 + 0.5, y as f32 + 0.5);
                if coverage > 0.0 {
                    self.blend(x, y, colour, coverage);
                }
            }
        }
    }

    /// A filled disc.
    pub(crate) fn disc(&mut self, (x, y): (f32, f32), radius: f32, colour: Colour) {
        let reach = radius + 1.0;
        let bounds = Area { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
        self.shape(bounds, colour, |px, py| (px - x).hypot(py - y) - radius);
    }

    /// A straight line with round ends.
    pub(crate) fn line(&mut self, a: (f32, f32), b: (f32, f32), width: f32, colour: Colour) {
        let reach = width / 2.0 + 1.0;
        let bounds = Area {
            left: a.0.min(b.0) - reach,
            top: a.1.min(b.1) - reach,
            right: a.0.max(b.0) + reach,
            bottom: a.1.max(b.1) + reach,
        };
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length_squared = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
        self.shape(bounds, colour, |px, py| {
            let along = ((px - a.0) * dx + (py - a.1) * dy) / length_squared;
            let along = along.clamp(0.0, 1.0);
            (px - a.0 - along * dx).hypot(py - a.1 - along * dy) - width / 2.0
        });
    }

    /// The outline of a box, one pixel wide.
    pub(crate) fn outline(&mut self, area: Area, colour: Colour) {
        let Area { left, top, right, bottom } = area;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        for pair in corners.windows(2) {
            self.line(pair[0], pair[1], 1.0, colour);
        }
    }

    /// The width of `text` in pixels.
    pub(crate) fn text_width(&self, text: &str, style: Style) -> f32 {
        self.fonts.line(text, style.size, style.bold).width
    }

    /// One line of text at a point.
    pub(crate) fn text(&mut self, text: &str, (x, y): (f32, f32), style: Style) {
        let line = self.fonts.line(text, style.size, style.bold);
        let (along, across) = (style.along.offset(line.width), style.across.offset(line.height));
        let mut ink = Vec::new();
        self.fonts.draw(&line, style.bold, |gx, gy, coverage| ink.push((gx, gy, coverage)));
        // Whole pixels keep the letters as sharp as they were drawn.
        let (x, y) = (x.round(), y.round());
        for (gx, gy, coverage) in ink {
            let (u, v) = (gx - along.round(), gy - across.round());
            let (px, py) = if style.upwards { (x + v, y - u) } else { (x + u, y + v) };
            self.blend(px as i32, py as i32, style.colour, coverage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(draw: impl Fn(&mut Canvas), inside: (usize, usize), outside: (usize, usize)) {
        let mut canvas = Canvas::new(20, 20).unwrap();
        draw(&mut canvas);
        let picture = canvas.finish();
        assert_eq!(picture.at(inside.0, inside.1), Some(INK), "inside {inside:?}");
        assert_eq!(picture.at(outside.0, outside.1), Some(WHITE), "outside {outside:?}");
    }

    #[test]
    fn shapes_fill_their_inside_only() {
        check(|c| c.disc((10.0, 10.0), 5.0, INK), (10, 10), (10, 17));
        check(|c| c.line((2.0, 10.0), (18.0, 10.0), 4.0, INK), (10, 10), (10, 14));
    }

    #[test]
    fn clipping_keeps_the_rest_clean() {
        let area = Area { left: 0.0, top: 0.0, right: 10.0, bottom: 20.0 };
        check(
            |c| {
                c.clip(Some(area));
                c.disc((10.0, 10.0), 6.0, INK);
            },
            (8, 10),
            (12, 10),
        );
    }
}
