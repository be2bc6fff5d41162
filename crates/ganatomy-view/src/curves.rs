//! Line charts of readings over steps.

use crate::axes::{Axis, Entry, LARGE, LEGEND_ROW, Mark, Plot, SMALL, draw_legend, legend_places};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{Colour, LINES, QUIET, tint};
use crate::text::Align;
use crate::thin::{envelope, running_mean};
use crate::{Drawing, Picture, ViewError};

/// One panel takes this many pixels.
const PANEL: (usize, usize) = (470, 330);
/// The strip under the panels, with a note, in pixels.
const FOOT: usize = 26;
/// A series with more points than this is drawn as a running mean over its tinted readings.
const MANY: usize = 150;

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name shown in the legend.
    pub name: String,
    /// (step, or another quantity along the horizontal axis; value), steps ascending; values that are not finite leave a gap.
    pub points: Vec<(u64, f64)>,
}

/// One chart of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Written above the chart.
    pub title: String,
    /// The name of the horizontal axis; "step" by default.
    pub across: String,
    /// A logarithmic horizontal axis; points at zero leave a gap.
    pub log_across: bool,
    /// The name and unit of the values, written beside the vertical axis.
    pub unit: String,
    /// A logarithmic vertical axis; values of zero and below leave a gap.
    pub log: bool,
    /// The least range of the vertical axis, such as (0, 1) for a share; widened to hold the data.
    pub range: Option<(f64, f64)>,
    /// The lines.
    pub series: Vec<Series>,
}

impl Default for Panel {
    fn default() -> Panel {
        Panel {
            title: String::new(),
            across: "step".to_owned(),
            log_across: false,
            unit: String::new(),
            log: false,
            range: None,
            series: Vec::new(),
        }
    }
}

/// Draws the panels side by side, in two columns up to four of them and three beyond.
///
/// # Errors
/// No panels, or a picture that is too large.
pub fn curves(panels: &[Panel]) -> Result<Picture, ViewError> {
    curves_drawing(panels)?.picture()
}

/// The same as a drawing, which can also be written as SVG.
///
/// # Errors
/// No panels.
pub fn curves_drawing(panels: &[Panel]) -> Result<Drawing, ViewError> {
    if panels.is_empty() {
        return Err(ViewError::Empty { what: "a figure without panels".to_owned() });
    }
    let columns = if panels.len() > 4 { 3 } else { panels.len().min(2) };
    let rows = panels.len().div_ceil(columns);
    let mut canvas = Canvas::new(columns * PANEL.0, rows * PANEL.1 + FOOT)?;
    for (i, panel) in panels.iter().enumerate() {
        let corner = (i % columns * PANEL.0, i / columns * PANEL.1);
        draw_panel(&mut canvas, panel, (corner.0 as f32, corner.1 as f32));
    }
    if panels.iter().flat_map(|p| &p.series).any(|s| s.points.len() > MANY) {
        let style = Style { colour: QUIET, ..Style::of(SMALL).placed(Align::End, Align::End) };
        let corner = ((columns * PANEL.0 - 20) as f32, (rows * PANEL.1 + FOOT - 6) as f32);
        canvas.text("faint: every reading; strong: running mean", corner, style);
    }
    Ok(canvas.finish())
}

fn draw_panel(canvas: &mut Canvas, panel: &Panel, (left, top): (f32, f32)) {
    let lines: Vec<Line> = panel.series.iter().zip(LINES.iter().cycle()).map(Line::of).collect();
    let width = PANEL.0 as f32 - 70.0 - 20.0;
    let entries: Vec<Entry> = lines.iter().map(Line::entry).collect();
    let last_row = legend_places(canvas, &entries, width).last().map_or(0, |p| p.1);
    let area = Area {
        left: left + 70.0,
        top: top + 56.0 + last_row as f32 * LEGEND_ROW,
        right: left + 70.0 + width,
        bottom: top + PANEL.1 as f32 - 46.0,
    };
    let title = Style { bold: true, ..Style::of(LARGE) };
    canvas.text(&panel.title, (area.left, top + 10.0), title);
    draw_legend(canvas, &entries, (area.left, top + 42.0), width);
    let Some(plot) = plot(panel, area) else {
        return draw_blank(canvas, area);
    };
    plot.draw_grid(canvas);
    for line in lines.iter().filter(|line| line.many()) {
        line.draw_readings(canvas, &plot, tint(line.colour, 0.3), 1.0);
    }
    for line in &lines {
        line.draw(canvas, &plot);
    }
    plot.draw_axes(canvas);
}

/// The frame of a chart that has nothing to show.
pub(crate) fn draw_blank(canvas: &mut Canvas, area: Area) {
    let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let style = Style { colour: QUIET, ..Style::of(SMALL).placed(Align::Middle, Align::Middle) };
    canvas.text("no finite readings", middle, style);
    canvas.outline(area, QUIET);
}

/// The axes that hold every drawable value; `None` if there is none.
fn plot(panel: &Panel, area: Area) -> Option<Plot> {
    let drawable =
        |p: &&(u64, f64)| p.1.is_finite() && (!panel.log || p.1 > 0.0) && (!panel.log_across || p.0 > 0);
    let points = || panel.series.iter().flat_map(|s| &s.points).filter(drawable);
    let first = points().map(|p| p.0).min()?;
    let last = points().map(|p| p.0).max()?.max(first.saturating_add(1));
    let start = panel.range.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
    let (low, high) = points().fold(start, |(low, high), p| (low.min(p.1), high.max(p.1)));
    let (low, high) = padded(low, high, panel.log);
    let x = Axis {
        low: first as f64,
        high: last as f64,
        log: panel.log_across,
        name: panel.across.clone(),
        ..Axis::default()
    };
    let y = Axis { low, high, log: panel.log, name: panel.unit.clone(), ..Axis::default() };
    Some(Plot { area, x, y })
}

/// The range with a little room on both sides, and never empty.
pub(crate) fn padded(low: f64, high: f64, log: bool) -> (f64, f64) {
    if log {
        let decades = (high.log10() - low.log10()) * 0.05;
        let room = 10f64.powf(decades).max(1.1);
        // Neither end may leave the finite, positive numbers.
        return ((low / room).max(f64::MIN_POSITIVE), (high * room).min(f64::MAX));
    }
    let room = (high - low) * 0.05;
    let least = low.abs().max(high.abs()).max(1e-6) * 1e-3;
    let room = if room > least { room } else { least };
    (low - room, high + room)
}

/// A series with its colour.
struct Line<'a> {
    series: &'a Series,
    colour: Colour,
}

impl<'a> Line<'a> {
    fn of((series, colour): (&'a Series, &Colour)) -> Line<'a> {
        Line { series, colour: *colour }
    }

    fn many(&self) -> bool {
        self.series.points.len() > MANY
    }

    fn entry(&self) -> Entry {
        Entry { mark: Mark::Line, colour: self.colour, text: self.series.name.clone() }
    }

    fn draw(&self, canvas: &mut Canvas, plot: &Plot) {
        if !self.many() {
            return self.draw_readings(canvas, plot, self.colour, 1.8);
        }
        let smooth = running_mean(&self.series.points, plot.y.log);
        draw_line(canvas, plot, &smooth, self.colour, 1.8);
    }

    fn draw_readings(&self, canvas: &mut Canvas, plot: &Plot, colour: Colour, width: f32) {
        let columns = (plot.area.right - plot.area.left) as usize;
        let points = envelope(&self.series.points, columns);
        draw_line(canvas, plot, &points, colour, width);
    }
}

/// Joins neighbouring points that can be drawn; a point without neighbours becomes a dot, and so do all if they are few.
fn draw_line(canvas: &mut Canvas, plot: &Plot, points: &[(u64, f64)], colour: Colour, width: f32) {
    let runs = plot.runs(points);
    let few = points.len() <= 40;
    for run in runs.iter().filter(|run| few || run.len() == 1) {
        let radius = if few { width * 1.5 } else { width * 1.3 };
        run.iter().for_each(|at| canvas.disc(*at, radius, colour));
    }
    canvas.strokes(runs, width, colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(points: Vec<(u64, f64)>, log: bool) -> Panel {
        let series = vec![Series { name: "a".to_owned(), points }];
        Panel { title: "t".to_owned(), unit: "u".to_owned(), log, series, ..Panel::default() }
    }

    fn check(points: Vec<(u64, f64)>, log: bool, expected_ink: bool) {
        let picture = curves(&[panel(points, log)]).unwrap();
        // The legend is drawn in the line's colour too, so only the plot is looked at.
        let plot_rows = picture.pixels().chunks_exact(3).skip(picture.width() * 60);
        // A level line between two rows of pixels covers nine tenths of both.
        let near = |p: &[u8]| p.iter().zip(LINES[0]).all(|(found, ink)| found.abs_diff(ink) < 26);
        let ink = plot_rows.into_iter().any(near);
        assert_eq!(ink, expected_ink);
    }

    #[test]
    fn values_that_cannot_be_drawn_are_left_out() {
        check(vec![(0, 1.0), (1, 2.0)], false, true);
        check(vec![(0, f64::NAN), (1, 2.0), (2, f64::INFINITY)], false, true);
        check(vec![(0, f64::NAN)], false, false);
        check(vec![(0, 0.0), (1, -1.0)], true, false);
        check(vec![(0, 0.0), (1, 1e-3), (2, 1e3)], true, true);
        check(vec![(5, 0.0)], false, true);
        check(vec![(0, 1e-320), (1, 1e308)], true, true);
        check(vec![(0, -1e300), (u64::MAX, 1e300)], false, true);
        check((0..100_000).map(|s| (s, (s as f64).sin())).collect(), false, true);
    }

    #[test]
    fn a_logarithmic_axis_across_spaces_doublings_evenly() {
        let across = |log_across| {
            let points = vec![(0, 1.0), (1, 1.0), (10, 1.0), (100, 1.0)];
            let panel = Panel { log_across, ..panel(points, false) };
            let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 10.0 };
            plot(&panel, area).map(|plot| plot.place(10.0, 1.0).0)
        };
        assert_eq!([false, true].map(across), [Some(10.0), Some(50.0)]);
    }

    #[test]
    fn panels_are_laid_out_in_columns() {
        let size = |n: usize| {
            let picture = curves(&vec![panel(vec![(0, 1.0)], false); n]).unwrap();
            (picture.width() / PANEL.0, picture.height() / PANEL.1)
        };
        assert_eq!([1, 2, 4, 6].map(size), [(1, 1), (2, 1), (2, 2), (3, 2)]);
        assert!(matches!(curves(&[]), Err(ViewError::Empty { .. })));
    }
}
