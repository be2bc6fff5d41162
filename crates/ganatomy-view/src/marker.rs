//! Small marks for the points of a plot.

use crate::canvas::{Canvas, Point};
use crate::colour::{Colour, WHITE};

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Marker {
    /// A filled polygon of this many corners, one of them on top; a disc if none.
    Filled(u8),
    /// A triangle that stands on its corner.
    Nabla,
    /// A box.
    Square,
    /// A ring.
    Ring,
    /// An upright cross.
    Cross,
}

/// The shapes at the ends of paths, in order.
pub(crate) const ENDS: [Marker; 5] =
    [Marker::Filled(0), Marker::Square, Marker::Filled(3), Marker::Filled(4), Marker::Nabla];

impl Marker {
    /// Draws the mark over a thin white edge.
    pub(crate) fn draw(self, canvas: &mut Canvas, at: Point, colour: Colour) {
        match self {
            Marker::Ring => {
                canvas.disc(at, 5.5, colour);
                canvas.disc(at, 3.7, WHITE);
            }
            Marker::Cross => {
                for (width, colour) in [(5.0, WHITE), (2.2, colour)] {
                    let arms = [(7.0, 0.0), (0.0, 7.0)];
                    let arm = |(x, y): Point| vec![(at.0 - x, at.1 - y), (at.0 + x, at.1 + y)];
                    canvas.strokes(arms.map(arm).to_vec(), width, colour);
                }
            }
            _ => {
                self.fill(canvas, at, 1.4, WHITE);
                self.fill(canvas, at, 0.0, colour);
            }
        }
    }

    /// Fills the mark, its sides moved outwards by `edge` pixels.
    fn fill(self, canvas: &mut Canvas, at: Point, edge: f32, colour: Colour) {
        // The first corner's angle (clockwise from the top, in turns), the number of corners, and their radius.
        let (turn, n, radius) = match self {
            Marker::Filled(3) => (0.0, 3, 5.8),
            Marker::Nabla => (0.5, 3, 5.8),
            Marker::Square => (0.125, 4, 5.6),
            Marker::Filled(n) if n > 3 => (0.0, n, 5.6),
            _ => return canvas.disc(at, 4.4 + edge, colour),
        };
        let radius = radius + edge / (std::f32::consts::PI / f32::from(n)).cos();
        let corner = |k: u8| {
            let angle = std::f32::consts::TAU * (turn + f32::from(k) / f32::from(n));
            (at.0 + radius * angle.sin(), at.1 - radius * angle.cos())
        };
        canvas.polygon((0..n).map(corner).collect(), colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::BLUE;

    /// Marks differ in the pixels that they cover: above, beside and diagonally from their middle.
    fn check(marker: Marker, expected: [bool; 4]) {
        let mut canvas = Canvas::new(21, 21).unwrap();
        marker.draw(&mut canvas, (10.5, 10.5), BLUE);
        let picture = canvas.finish().picture().unwrap();
        let covered = [(10, 6), (10, 14), (14, 10), (13, 13)].map(|(x, y)| picture.at(x, y) == Some(BLUE));
        assert_eq!(covered, expected, "{marker:?}");
    }

    #[test]
    fn marks_differ_in_shape() {
        check(Marker::Filled(0), [false, false, false, false]);
        check(Marker::Square, [false, false, false, true]);
        check(Marker::Filled(3), [true, false, false, false]);
        check(Marker::Nabla, [false, true, false, false]);
        check(Marker::Filled(4), [true, true, true, false]);
        check(Marker::Cross, [true, true, true, false]);
    }
}
