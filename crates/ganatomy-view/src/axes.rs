//! The frame around a plot: axes with ticks and labels, a title, and a legend above the plot.

use crate::canvas::{Area, Canvas, Point, Style};
use crate::colour::{Colour, FAINT, INK, QUIET};
use crate::marker::Marker;
use crate::text::Align;
use crate::ticks::{self, Tick};

/// Size of tick labels and legends, in pixels an em.
pub(crate) const SMALL: f32 = 12.0;
/// Size of axis names, in pixels an em.
pub(crate) const NORMAL: f32 = 13.0;
/// Size of titles, in pixels an em.
pub(crate) const LARGE: f32 = 15.0;
/// Height of one row of a legend, in pixels.
pub(crate) const LEGEND_ROW: f32 = 19.0;

/// One direction of a plot.
#[derive(Default)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) log: bool,
    /// Things are counted, so that ticks are whole numbers.
    pub(crate) whole: bool,
    pub(crate) name: String,
    /// Names of the whole numbers from zero on, for an axis of things instead of numbers.
    pub(crate) labels: Vec<String>,
}

impl Axis {
    /// Where `value` lies: 0 at `low`, 1 at `high`.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let on_scale = |v: f64| if self.log { v.log10() } else { v };
        let (low, high) = (on_scale(self.low), on_scale(self.high));
        (on_scale(value) - low) / (high - low)
    }

    /// True if `value` has a place on the scale.
    pub(crate) fn has(&self, value: f64) -> bool {
        value.is_finite() && (!self.log || value > 0.0)
    }

    fn ticks(&self, max: usize) -> Vec<Tick> {
        if !self.labels.is_empty() {
            let named = self.labels.iter().enumerate();
            named.map(|(i, label)| Tick { value: i as f64, label: label.clone() }).collect()
        } else if self.log {
            ticks::logarithmic(self.low, self.high, max)
        } else if self.whole {
            ticks::whole(self.low, self.high, max)
        } else {
            ticks::linear(self.low, self.high, max)
        }
    }
}

/// A plot's place on the canvas and its two axes.
pub(crate) struct Plot {
    pub(crate) area: Area,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
}

impl Plot {
    /// The pixel of a data point.
    pub(crate) fn place(&self, x: f64, y: f64) -> Point {
        let Area { left, top, right, bottom } = self.area;
        let (u, v) = (self.x.position(x) as f32, self.y.position(y) as f32);
        (left + u * (right - left), bottom - v * (bottom - top))
    }

    /// The pixels of neighbouring points, piece by piece: points without a place leave a gap.
    pub(crate) fn runs(&self, points: &[(u64, f64)]) -> Vec<Vec<Point>> {
        let drawable = |(x, y): &(u64, f64)| self.x.has(*x as f64) && self.y.has(*y);
        let runs = points.chunk_by(|a, b| drawable(a) && drawable(b));
        let place = |run: &[(u64, f64)]| run.iter().map(|(x, y)| self.place(*x as f64, *y)).collect();
        runs.filter(|run| run.iter().all(drawable)).map(place).collect()
    }

    /// Faint lines at the ticks, to be drawn before the data.
    pub(crate) fn draw_grid(&self, canvas: &mut Canvas) {
        let Area { left, top, right, bottom } = self.area;
        for tick in self.x_ticks() {
            let (x, _) = self.place(tick.value, self.y.low);
            canvas.line((x.round() + 0.5, top), (x.round() + 0.5, bottom), 1.0, FAINT);
        }
        for tick in self.y_ticks() {
            let (_, y) = self.place(self.x.low, tick.value);
            canvas.line((left, y.round() + 0.5), (right, y.round() + 0.5), 1.0, FAINT);
        }
    }

    /// Frame, ticks, tick labels and axis names, to be drawn after the data.
    pub(crate) fn draw_axes(&self, canvas: &mut Canvas) {
        let Area { left, top, right, bottom } = self.area;
        let frame = Area { left: left - 0.5, top: top - 0.5, right: right + 0.5, bottom: bottom + 0.5 };
        canvas.outline(frame, QUIET);
        let below = Style::of(SMALL).placed(Align::Middle, Align::Start);
        for tick in self.x_ticks() {
            let (x, _) = self.place(tick.value, self.y.low);
            canvas.line((x, bottom), (x, bottom + 4.0), 1.0, QUIET);
            canvas.text(&tick.label, (x, bottom + 6.0), below);
        }
        let beside = Style::of(SMALL).placed(Align::End, Align::Middle);
        for tick in self.y_ticks() {
            let (_, y) = self.place(self.x.low, tick.value);
            canvas.line((left - 4.0, y), (left, y), 1.0, QUIET);
            canvas.text(&tick.label, (left - 7.0, y), beside);
        }
        let name = Style::of(NORMAL).placed(Align::Middle, Align::Start);
        canvas.text(&self.x.name, ((left + right) / 2.0, bottom + 24.0), name);
        let upwards = Style { upwards: true, ..name.placed(Align::Middle, Align::End) };
        let widths = self.y_ticks().into_iter().map(|t| canvas.text_width(&t.label, beside));
        let widest = widths.fold(0.0, f32::max);
        canvas.text(&self.y.name, (left - 13.0 - widest, (top + bottom) / 2.0), upwards);
    }

    fn x_ticks(&self) -> Vec<Tick> {
        self.x.ticks(((self.area.right - self.area.left) / 60.0) as usize)
    }

    fn y_ticks(&self) -> Vec<Tick> {
        self.y.ticks(((self.area.bottom - self.area.top) / 45.0) as usize)
    }
}

/// How a legend shows an entry.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mark {
    Dot,
    Line,
    Dashes,
    /// A line that carries a marker.
    Path(Marker),
    /// A marker alone.
    Marker(Marker),
}

/// One entry of a legend.
pub(crate) struct Entry {
    pub(crate) mark: Mark,
    pub(crate) colour: Colour,
    pub(crate) text: String,
}

/// Where each entry starts, as (x offset, row), for rows no wider than `width`.
pub(crate) fn legend_places(canvas: &Canvas, entries: &[Entry], width: f32) -> Vec<(f32, usize)> {
    let (mut x, mut row) = (0.0, 0);
    let mut places = Vec::with_capacity(entries.len());
    for entry in entries {
        let length = 24.0 + canvas.text_width(&entry.text, Style::of(SMALL));
        if x > 0.0 && x + length > width {
            (x, row) = (0.0, row + 1);
        }
        places.push((x, row));
        x += length + 18.0;
    }
    places
}

/// Draws a legend whose first row is centred at `y`.
pub(crate) fn draw_legend(canvas: &mut Canvas, entries: &[Entry], (left, y): (f32, f32), width: f32) {
    let style = Style { colour: INK, ..Style::of(SMALL).placed(Align::Start, Align::Middle) };
    let places = legend_places(canvas, entries, width);
    for (entry, (x, row)) in entries.iter().zip(places) {
        let (x, y) = (left + x, y + row as f32 * LEGEND_ROW);
        match entry.mark {
            Mark::Dot => canvas.disc((x + 9.0, y), 4.5, entry.colour),
            Mark::Line => canvas.line((x + 1.0, y), (x + 17.0, y), 2.5, entry.colour),
            Mark::Dashes => canvas.dashes((x, y), (x + 18.0, y), 1.4, entry.colour),
            Mark::Path(marker) => {
                canvas.line((x + 1.0, y), (x + 17.0, y), 2.5, entry.colour);
                marker.draw(canvas, (x + 9.0, y), entry.colour);
            }
            Mark::Marker(marker) => marker.draw(canvas, (x + 9.0, y), entry.colour),
        }
        canvas.text(&entry.text, (x + 23.0, y), style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: bool, value: f64, expected: f64) {
        let axis = Axis { low: 1.0, high: 100.0, log, ..Axis::default() };
        let found = axis.position(value);
        assert!((found - expected).abs() < 1e-6, "{value} is at {found}, not {expected}");
    }

    #[test]
    fn positions_follow_the_scale() {
        check(false, 1.0, 0.0);
        check(false, 100.0, 1.0);
        check(false, 50.5, 0.5);
        check(true, 10.0, 0.5);
        let log = Axis { low: 1.0, high: 100.0, log: true, ..Axis::default() };
        assert!(log.has(1e-9) && !log.has(0.0) && !log.has(-1.0));
    }

    #[test]
    fn a_long_legend_takes_several_rows() {
        let canvas = Canvas::new(10, 10).unwrap();
        let entry = |text: &str| Entry { mark: Mark::Dot, colour: INK, text: text.to_owned() };
        let entries = ["generator", "discriminator", "something longer"].map(entry);
        let rows: Vec<usize> = legend_places(&canvas, &entries, 250.0).into_iter().map(|p| p.1).collect();
        assert_eq!(rows, [0, 0, 1]);
    }
}
