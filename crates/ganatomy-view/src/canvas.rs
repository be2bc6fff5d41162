//! Makes drawings: discs, lines, polygons and text, recorded in order.

use crate::ViewError;
use crate::colour::Colour;
use crate::drawing::Drawing;
use crate::shape::{Drawn, Shape};
use crate::text::Fonts;

pub(crate) use crate::shape::{Area, Point, Style};

/// An unfinished drawing.
pub(crate) struct Canvas {
    drawing: Drawing,
    fonts: Fonts,
    clip: Option<Area>,
}

impl Canvas {
    /// A white sheet.
    pub(crate) fn new(width: usize, height: usize) -> Result<Canvas, ViewError> {
        Ok(Canvas { drawing: Drawing::new(width, height), fonts: Fonts::embedded()?, clip: None })
    }

    /// The finished drawing.
    pub(crate) fn finish(self) -> Drawing {
        self.drawing
    }

    /// Draws only inside `area` from now on; everywhere if `None`.
    pub(crate) fn clip(&mut self, area: Option<Area>) {
        self.clip = area;
    }

    fn add(&mut self, shape: Shape) {
        self.drawing.shapes.push(Drawn { clip: self.clip, shape });
    }

    /// A filled disc.
    pub(crate) fn disc(&mut self, at: Point, radius: f32, colour: Colour) {
        self.add(Shape::Disc { at, radius, colour });
    }

    /// A straight line with round ends.
    pub(crate) fn line(&mut self, a: Point, b: Point, width: f32, colour: Colour) {
        self.strokes(vec![vec![a, b]], width, colour);
    }

    /// Open lines through the points of each piece, with round ends and corners.
    pub(crate) fn strokes(&mut self, mut pieces: Vec<Vec<Point>>, width: f32, colour: Colour) {
        pieces.retain(|piece| piece.len() > 1);
        if !pieces.is_empty() {
            self.add(Shape::Strokes { pieces, width, colour });
        }
    }

    /// A straight line of dashes.
    pub(crate) fn dashes(&mut self, a: Point, b: Point, width: f32, colour: Colour) {
        const DASH: f32 = 5.0;
        const PERIOD: f32 = 11.0;
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx.hypot(dy);
        let at = |along: f32| {
            let share = (along / length).min(1.0);
            (a.0 + dx * share, a.1 + dy * share)
        };
        let n = (length / PERIOD).ceil() as usize;
        let dash = |k: usize| vec![at(k as f32 * PERIOD), at(k as f32 * PERIOD + DASH)];
        self.strokes((0..n).map(dash).collect(), width, colour);
    }

    /// Dashes of even length along a line of many points.
    pub(crate) fn dashed(&mut self, piece: &[Point], width: f32, colour: Colour) {
        const DASH: f32 = 6.0;
        let (mut dashes, mut current, mut length) = (Vec::new(), Vec::new(), 0.0f32);
        for pair in piece.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let whole = (b.0 - a.0).hypot(b.1 - a.1);
            let n = (whole / 2.0).ceil().clamp(1.0, 2000.0) as usize;
            for i in 0..n {
                let share = |i: usize| {
                    let s = i as f32 / n as f32;
                    (a.0 + (b.0 - a.0) * s, a.1 + (b.1 - a.1) * s)
                };
                if ((length / DASH) as u64).is_multiple_of(2) {
                    if current.is_empty() {
                        current.push(share(i));
                    }
                    current.push(share(i + 1));
                } else if !current.is_empty() {
                    dashes.push(std::mem::take(&mut current));
                }
                length += whole / n as f32;
            }
        }
        dashes.push(current);
        self.strokes(dashes, width, colour);
    }

    /// A filled convex polygon.
    pub(crate) fn polygon(&mut self, corners: Vec<Point>, colour: Colour) {
        self.add(Shape::Polygon { corners, colour });
    }

    /// A filled box.
    pub(crate) fn fill(&mut self, area: Area, colour: Colour) {
        self.polygon(corners(area).to_vec(), colour);
    }

    /// The outline of a box, one pixel wide.
    pub(crate) fn outline(&mut self, area: Area, colour: Colour) {
        let around = corners(area);
        self.strokes(vec![around.into_iter().chain([around[0]]).collect()], 1.0, colour);
    }

    /// The width of `text` in pixels.
    pub(crate) fn text_width(&self, text: &str, style: Style) -> f32 {
        self.fonts.line(text, style.size, style.bold).width
    }

    /// One line of text at a point.
    pub(crate) fn text(&mut self, text: &str, at: Point, style: Style) {
        let line = self.fonts.line(text, style.size, style.bold);
        let baseline = line.ascent - style.across.offset(line.height);
        self.add(Shape::Text { text: text.to_owned(), at, style, baseline });
    }
}

fn corners(area: Area) -> [Point; 4] {
    let Area { left, top, right, bottom } = area;
    [(left, top), (right, top), (right, bottom), (left, bottom)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::INK;

    fn check(length: f32, expected: usize) {
        let mut canvas = Canvas::new(9, 9).unwrap();
        canvas.dashes((0.0, 0.0), (0.0, length), 1.0, INK);
        let dashes = canvas.finish().shapes.into_iter().map(|drawn| match drawn.shape {
            Shape::Strokes { pieces, .. } => {
                assert!(pieces.iter().flatten().all(|p| p.1 <= length), "{pieces:?} is longer than {length}");
                pieces.len()
            }
            other => panic!("{other:?} is no line"),
        });
        assert_eq!(dashes.sum::<usize>(), expected, "dashes on {length} pixels");
    }

    #[test]
    fn dashes_fill_the_line() {
        check(0.0, 0);
        check(3.0, 1);
        check(24.0, 3);
    }
}
