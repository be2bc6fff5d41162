//! Shapes as pixels, with soft edges.

use crate::colour::Colour;
use crate::shape::{Area, Drawn, Point, Shape, Style};
use crate::text::Fonts;
use crate::{Picture, ViewError};

/// Paints the shapes on `paper`, the first one at the bottom.
pub(crate) fn paint(shapes: &[Drawn], paper: Picture) -> Result<Picture, ViewError> {
    let mut painter = Painter { picture: paper, fonts: Fonts::embedded()?, clip: None };
    for Drawn { clip, shape } in shapes {
        painter.clip = *clip;
        match shape {
            Shape::Disc { at, radius, colour } => painter.disc(*at, *radius, *colour),
            Shape::Strokes { pieces, width, colour } => painter.strokes(pieces, *width, *colour),
            Shape::Polygon { corners, colour } => painter.polygon(corners, *colour),
            Shape::Text { text, at, style, .. } => painter.text(text, *at, *style),
        }
    }
    Ok(painter.picture)
}

struct Painter {
    picture: Picture,
    fonts: Fonts,
    clip: Option<Area>,
}

impl Painter {
    /// Mixes `colour` into one pixel, if its middle may be drawn on.
    fn blend(&mut self, x: i32, y: i32, colour: Colour, coverage: f32) {
        let (cx, cy) = (x as f32 + 0.5, y as f32 + 0.5);
        let inside = |a: Area| cx > a.left && cx < a.right && cy > a.top && cy < a.bottom;
        if x >= 0 && y >= 0 && self.clip.is_none_or(inside) {
            self.picture.mix(x as usize, y as usize, colour, coverage);
        }
    }

    /// The whole pixels that a shape within `reach` of `points` can touch.
    fn window(&self, points: &[Point], reach: f32) -> Window {
        let (width, height) = (self.picture.width() as f32, self.picture.height() as f32);
        let whole = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        let most = self.clip.unwrap_or(whole);
        let span = |value: fn(&Point) -> f32, low: f32, high: f32| {
            let low_high = (f32::INFINITY, f32::NEG_INFINITY);
            let (least, greatest) = points.iter().map(value).fold(low_high, |(l, h), v| (l.min(v), h.max(v)));
            let end = (greatest + reach).min(high).ceil() as usize;
            // Never beyond the picture, even for NaN.
            ((least - reach).max(low).min(high.max(low)).floor() as usize, end)
        };
        let (left, right) = span(|p| p.0, most.left.max(0.0), most.right.min(width));
        let (top, bottom) = span(|p| p.1, most.top.max(0.0), most.bottom.min(height));
        Window { left, top, right, bottom }
    }

    /// Fills every pixel whose signed distance to a shape is below zero.
    fn shape(&mut self, window: Window, colour: Colour, distance: impl Fn(f32, f32) -> f32) {
        for y in window.top..window.bottom {
            for x in window.left..window.right {
                let coverage = 0.5 - distance(x as f32 + 0.5, y as f32 + 0.5);
                if coverage > 0.0 {
                    self.blend(x as i32, y as i32, colour, coverage);
                }
            }
        }
    }

    fn disc(&mut self, (x, y): Point, radius: f32, colour: Colour) {
        let window = self.window(&[(x, y)], radius + 1.0);
        self.shape(window, colour, |px, py| (px - x).hypot(py - y) - radius);
    }

    /// Far from its corners, the distance to a convex polygon is the distance to its farthest side.
    fn polygon(&mut self, corners: &[Point], colour: Colour) {
        let sides = || corners.iter().zip(corners.iter().cycle().skip(1));
        let area: f32 = sides().map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        let normal = |(a, b): (&Point, &Point)| {
            let scale = area.signum() / (b.0 - a.0).hypot(b.1 - a.1).max(f32::MIN_POSITIVE);
            (*a, ((b.1 - a.1) * scale, (a.0 - b.0) * scale))
        };
        let normals: Vec<(Point, Point)> = sides().map(normal).collect();
        let window = self.window(corners, 1.0);
        self.shape(window, colour, |px, py| {
            let beyond = normals.iter().map(|(a, n)| (px - a.0) * n.0 + (py - a.1) * n.1);
            beyond.fold(f32::NEG_INFINITY, f32::max)
        });
    }

    /// Every pixel is mixed once, however many pieces cover it, so that crossings stay soft.
    fn strokes(&mut self, pieces: &[Vec<Point>], width: f32, colour: Colour) {
        let points: Vec<Point> = pieces.iter().flatten().copied().collect();
        let window = self.window(&points, width / 2.0 + 1.0);
        let mut mask = Mask::of(window);
        for piece in pieces {
            piece.windows(2).for_each(|ends| mask.segment(ends[0], ends[1], width));
        }
        for (y, row) in (window.top..).zip(mask.coverage.chunks_exact(mask.columns)) {
            for (x, coverage) in (window.left..).zip(row).filter(|(_, coverage)| **coverage > 0.0) {
                self.blend(x as i32, y as i32, colour, *coverage);
            }
        }
    }

    fn text(&mut self, text: &str, (x, y): Point, style: Style) {
        let line = self.fonts.line(text, style.size, style.bold);
        let (along, across) = (style.along.offset(line.width), style.across.offset(line.height));
        let mut ink = Vec::new();
        self.fonts.draw(&line, style.bold, |gx, gy, coverage| ink.push((gx, gy, coverage)));
        // At whole pixels the letters stay as sharp as they were drawn.
        let (x, y) = (x.round(), y.round());
        for (gx, gy, coverage) in ink {
            let (u, v) = (gx - along.round(), gy - across.round());
            let (px, py) = if style.upwards { (x + v, y - u) } else { (x + u, y + v) };
            self.blend(px as i32, py as i32, style.colour, coverage);
        }
    }
}

/// Whole pixels from `left` and `top` up to `right` and `bottom`, which do not belong to it.
#[derive(Clone, Copy)]
struct Window {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// How much of each pixel of a window is covered.
struct Mask {
    window: Window,
    columns: usize,
    coverage: Vec<f32>,
}

impl Mask {
    fn of(window: Window) -> Mask {
        let columns = window.right.saturating_sub(window.left);
        let rows = window.bottom.saturating_sub(window.top);
        // At least one column, as rows are cut from it.
        Mask { window, columns: columns.max(1), coverage: vec![0.0; columns * rows] }
    }

    /// Covers a straight line with round ends.
    fn segment(&mut self, a: Point, b: Point, width: f32) {
        let reach = width / 2.0 + 1.0;
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length_squared = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
        let share = |v: f32| v.clamp(0.0, 1.0);
        let Window { left, top, .. } = self.window;
        let start = (a.1.min(b.1) - reach - top as f32).max(0.0) as usize;
        let end = (a.1.max(b.1) + reach - top as f32).max(0.0).ceil() as usize;
        let rows = self.coverage.chunks_exact_mut(self.columns).enumerate();
        for (row, line) in rows.take(end).skip(start) {
            let py = (row + top) as f32 + 0.5;
            // Where the line runs within reach of this row.
            let (s, t) = match dy == 0.0 {
                true => (0.0, 1.0),
                false => (share((py - reach - a.1) / dy), share((py + reach - a.1) / dy)),
            };
            let (from, to) = (a.0 + s * dx - left as f32, a.0 + t * dx - left as f32);
            let first = (from.min(to) - reach).max(0.0) as usize;
            let last = (from.max(to) + reach).max(0.0).ceil() as usize;
            for (column, covered) in line.iter_mut().enumerate().take(last).skip(first) {
                let px = (column + left) as f32 + 0.5;
                let along = share(((px - a.0) * dx + (py - a.1) * dy) / length_squared);
                let distance = (px - a.0 - along * dx).hypot(py - a.1 - along * dy) - width / 2.0;
                *covered = covered.max(0.5 - distance);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Canvas;
    use crate::colour::{INK, WHITE};

    fn check(draw: impl Fn(&mut Canvas), inside: (usize, usize), outside: (usize, usize)) {
        let mut canvas = Canvas::new(20, 20).unwrap();
        draw(&mut canvas);
        let picture = canvas.finish().picture().unwrap();
        assert_eq!(picture.at(inside.0, inside.1), Some(INK), "inside {inside:?}");
        assert_eq!(picture.at(outside.0, outside.1), Some(WHITE), "outside {outside:?}");
    }

    #[test]
    fn shapes_fill_their_inside_only() {
        check(|c| c.disc((10.0, 10.0), 5.0, INK), (10, 10), (10, 17));
        check(|c| c.line((2.0, 10.0), (18.0, 10.0), 4.0, INK), (10, 10), (10, 14));
        check(|c| c.line((2.0, 18.0), (18.0, 2.0), 3.0, INK), (9, 10), (13, 10));
        check(|c| c.line((10.0, -1e6), (10.0, 1e6), 4.0, INK), (10, 0), (14, 10));
        for corners in [[(2.0, 2.0), (18.0, 2.0), (2.0, 18.0)], [(2.0, 2.0), (2.0, 18.0), (18.0, 2.0)]] {
            check(|c| c.polygon(corners.to_vec(), INK), (5, 5), (12, 12));
        }
        check(|c| c.fill(Area { left: 3.0, top: 3.0, right: 9.0, bottom: 9.0 }, INK), (8, 8), (9, 9));
    }

    #[test]
    fn clipping_keeps_the_rest_clean() {
        let area = Area { left: 0.0, top: 0.0, right: 10.0, bottom: 20.0 };
        check(
            |c| {
                c.clip(Some(area));
                c.disc((10.0, 10.0), 6.0, INK);
                c.line((0.0, 10.0), (20.0, 10.0), 3.0, INK);
            },
            (8, 10),
            (12, 10),
        );
    }

    #[test]
    fn nan_is_not_drawn() {
        let far = [f32::NAN, f32::INFINITY, 1e30];
        for v in far {
            check(
                |c| {
                    c.line((3.0, 3.0), (4.0, 3.0), 3.0, INK);
                    c.disc((v, v), 1.0, INK);
                    c.line((v, v), (v, v), 1.0, INK);
                },
                (3, 3),
                (10, 10),
            );
        }
    }

    #[test]
    fn a_line_of_many_short_pieces_is_as_soft_as_one_long_piece() {
        let drawn = |n: usize| {
            let point = |k: usize| (2.0 + 16.0 * k as f32 / n as f32, 5.3 + 8.0 * k as f32 / n as f32);
            let mut canvas = Canvas::new(20, 20).unwrap();
            canvas.strokes(vec![(0..=n).map(point).collect()], 1.8, INK);
            canvas.finish().picture().unwrap()
        };
        let (one, many) = (drawn(1), drawn(64));
        let differ = one.pixels().iter().zip(many.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(differ <= Some(1), "a shade differs by {differ:?}");
    }
}
