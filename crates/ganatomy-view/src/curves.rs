//! Line charts of readings over steps.

use crate::axes::{Axis, Entry, LARGE, LEGEND_ROW, Mark, Plot, SMALL, draw_legend, legend_places};
use crate::bands::{self, Band};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{Colour, LINES, QUIET, tint};
use crate::text::Align;
use crate::thin::{envelope, running_mean};
use crate::{Drawing, Picture, ViewError};

/// One panel takes this many pixels.
const PANEL: (usize, usize) = (470, 330);
/// The strip under the panels, with a note, in pixels.
const FOOT: usize = 26;
/// More lines than this are a crowd, which one name stands for in the legend.
const CROWD: usize = 14;
/// Lines of one chart differ in colour up to so many, as yellow is too pale on paper; beyond, they are dashed.
const N_COLOURS: usize = 7;
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
    /// The values are whole numbers of things.
    pub whole: bool,
    /// A logarithmic vertical axis; values of zero and below leave a gap.
    pub log: bool,
    /// The least range of the vertical axis, such as (0, 1) for a share; widened to hold the data.
    pub range: Option<(f64, f64)>,
    /// The lines.
    pub series: Vec<Series>,
    /// What holds over some of the steps: tinted behind the lines, and named above them.
    pub bands: Vec<Band>,
}

impl Default for Panel {
    fn default() -> Panel {
        Panel {
            title: String::new(),
            across: "step".to_owned(),
            log_across: false,
            unit: String::new(),
            whole: false,
            log: false,
            range: None,
            series: Vec::new(),
            bands: Vec::new(),
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
        let ends = ends(panels.iter().filter(|other| alike(panel, other)));
        draw_panel(&mut canvas, panel, ends, (corner.0 as f32, corner.1 as f32));
    }
    if panels.iter().flat_map(|p| &p.series).any(|s| s.points.len() > MANY) {
        let style = Style { colour: QUIET, ..Style::of(SMALL).placed(Align::End, Align::End) };
        let corner = ((columns * PANEL.0 - 20) as f32, (rows * PANEL.1 + FOOT - 6) as f32);
        canvas.text("faint: every reading; strong: running mean", corner, style);
    }
    Ok(canvas.finish())
}

/// Do these panels have the same horizontal axis, so that what happens together stands one above the other?
fn alike(panel: &Panel, other: &Panel) -> bool {
    panel.across == other.across && panel.log_across == other.log_across
}

/// The first and the last place across of what can be drawn.
fn ends<'a>(panels: impl Iterator<Item = &'a Panel>) -> Option<(u64, u64)> {
    let places = panels.flat_map(|panel| drawable(panel).map(|point| point.0));
    places.fold(None, |ends, place| {
        let (first, last) = ends.unwrap_or((place, place));
        Some((place.min(first), place.max(last)))
    })
}

/// The points of a panel that have a place on its axes.
fn drawable(panel: &Panel) -> impl Iterator<Item = &(u64, f64)> {
    let (log, log_across) = (panel.log, panel.log_across);
    let points = panel.series.iter().flat_map(|series| &series.points);
    points.filter(move |p| p.1.is_finite() && (!log || p.1 > 0.0) && (!log_across || p.0 > 0))
}

fn draw_panel(canvas: &mut Canvas, panel: &Panel, ends: Option<(u64, u64)>, (left, top): (f32, f32)) {
    let lines = Line::all(&panel.series);
    let width = PANEL.0 as f32 - 70.0 - 20.0;
    let entries = entries(&lines);
    let last_row = legend_places(canvas, &entries, width).last().map_or(0, |p| p.1);
    let area = Area {
        left: left + 70.0,
        top: top + 56.0 + last_row as f32 * LEGEND_ROW + bands::height(&panel.bands),
        right: left + 70.0 + width,
        bottom: top + PANEL.1 as f32 - 46.0,
    };
    let title = Style { bold: true, ..Style::of(LARGE) };
    canvas.text(&panel.title, (area.left, top + 10.0), title);
    draw_legend(canvas, &entries, (area.left, top + 42.0), width);
    let Some(plot) = ends.and_then(|ends| plot(panel, ends, area)) else {
        return draw_blank(canvas, area);
    };
    bands::draw(canvas, &plot, &panel.bands);
    plot.draw_grid(canvas);
    for line in lines.iter().filter(|line| line.many()) {
        line.draw_readings(canvas, &plot);
    }
    for line in &lines {
        line.draw(canvas, &plot);
    }
    plot.draw_axes(canvas);
}

/// The legend: a name a line, or one name for a crowd of them.
fn entries(lines: &[Line<'_>]) -> Vec<Entry> {
    match lines.first() {
        Some(first) if lines.len() > CROWD => {
            vec![Entry { text: format!("{} readings", lines.len()), ..first.entry() }]
        }
        _ => lines.iter().map(Line::entry).collect(),
    }
}

/// The frame of a chart that has nothing to show.
pub(crate) fn draw_blank(canvas: &mut Canvas, area: Area) {
    let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let style = Style { colour: QUIET, ..Style::of(SMALL).placed(Align::Middle, Align::Middle) };
    canvas.text("no finite readings", middle, style);
    canvas.outline(area, QUIET);
}

/// The axes that hold every drawable value; `None` if there is none.
fn plot(panel: &Panel, (first, last): (u64, u64), area: Area) -> Option<Plot> {
    drawable(panel).next()?;
    let (first, last) = across(first, last, panel.log_across);
    let start = panel.range.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
    let (low, high) = drawable(panel).fold(start, |(low, high), p| (low.min(p.1), high.max(p.1)));
    let (low, high) = padded(low, high, panel.log);
    let x = Axis {
        low: first,
        high: last,
        log: panel.log_across,
        whole: true,
        name: panel.across.clone(),
        ..Axis::default()
    };
    let y =
        Axis { low, high, log: panel.log, whole: panel.whole, name: panel.unit.clone(), ..Axis::default() };
    Some(Plot { area, x, y })
}

/// The ends of the horizontal axis. What was read once stands on an axis that begins with the run.
fn across(first: u64, last: u64, log: bool) -> (f64, f64) {
    let (low, high) = (first as f64, last as f64);
    match (first == last, log) {
        (false, _) => (low, high),
        (true, false) => (0.0, (high * 1.25).ceil().max(1.0)),
        (true, true) => (low / 10.0, high * 10.0),
    }
}

/// The range with a little room on both sides, and never empty.
pub(crate) fn padded(low: f64, high: f64, log: bool) -> (f64, f64) {
    if log {
        let decades = (high.log10() - low.log10()) * 0.05;
        let room = 10f64.powf(decades).max(1.1);
        // Neither end may leave the finite, positive numbers.
        return ((low / room).max(f64::MIN_POSITIVE), (high * room).min(f64::MAX));
    }
    let (span, size) = (high - low, low.abs().max(high.abs()));
    // What does not change has no scale of its own but its size; less than rounding is no change.
    if span <= size * 1e-6 {
        let room = if size > 0.0 { size * 0.2 } else { 1.0 };
        return ((low - room).max(f64::MIN), (high + room).min(f64::MAX));
    }
    let room = span * 0.05;
    let least = size.max(1e-6) * 1e-3;
    let room = if room > least { room } else { least };
    (low - room, high + room)
}

/// A series with its colour.
struct Line<'a> {
    series: &'a Series,
    colour: Colour,
    dashed: bool,
    width: f32,
}

impl<'a> Line<'a> {
    fn all(series: &'a [Series]) -> Vec<Line<'a>> {
        let crowd = series.len() > CROWD;
        let line = |(i, series): (usize, &'a Series)| Line {
            series,
            colour: if crowd { tint(LINES[0], 0.6) } else { LINES[i % N_COLOURS] },
            dashed: !crowd && i >= N_COLOURS,
            width: if crowd { 1.0 } else { 1.8 },
        };
        series.iter().enumerate().map(line).collect()
    }

    fn many(&self) -> bool {
        self.series.points.len() > MANY
    }

    fn entry(&self) -> Entry {
        let mark = if self.dashed { Mark::Dashes } else { Mark::Line };
        Entry { mark, colour: self.colour, text: self.series.name.clone() }
    }

    fn draw(&self, canvas: &mut Canvas, plot: &Plot) {
        match self.many() {
            true => self.join(canvas, plot, &running_mean(&self.series.points, plot.y.log)),
            false => self.join(canvas, plot, &self.readings(plot)),
        }
    }

    /// Every reading, faint, behind the running means.
    fn draw_readings(&self, canvas: &mut Canvas, plot: &Plot) {
        let faint = Line { colour: tint(self.colour, 0.3), dashed: false, width: 1.0, ..*self };
        faint.join(canvas, plot, &self.readings(plot));
    }

    fn readings(&self, plot: &Plot) -> Vec<(u64, f64)> {
        envelope(&self.series.points, (plot.area.right - plot.area.left) as usize)
    }

    /// Joins neighbouring points that can be drawn; a point without neighbours becomes a dot, and so do all if they are few.
    fn join(&self, canvas: &mut Canvas, plot: &Plot, points: &[(u64, f64)]) {
        let runs = plot.runs(points);
        let few = points.len() <= 40;
        for run in runs.iter().filter(|run| few || run.len() == 1) {
            let radius = if few { self.width * 1.5 } else { self.width * 1.3 };
            run.iter().for_each(|at| canvas.disc(*at, radius, self.colour));
        }
        match self.dashed {
            true => runs.iter().for_each(|run| canvas.dashed(run, self.width, self.colour)),
            false => canvas.strokes(runs, self.width, self.colour),
        }
    }
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
    fn names_stand_beside_their_axes_and_gaps_stay_open() {
        let points = vec![(0, 1.0), (1, 2.0), (2, f64::NAN), (3, 2.0), (4, 1.0), (5, 2.0)];
        let panel = Panel { across: "seconds".to_owned(), unit: "nats".to_owned(), ..panel(points, false) };
        let svg = curves_drawing(&[panel]).unwrap().svg();
        let line = |part: &str| svg.lines().find(|line| line.contains(part)).unwrap().to_owned();
        assert!(!line(">seconds<").contains("rotate") && line(">nats<").contains("rotate(-90"), "{svg}");
        // The line's path, not the sample of it in the legend: two pieces, of two and of three points.
        let path = svg.lines().find(|line| line.contains("stroke=\"#0072b2\" stroke-width=\"1.8\"")).unwrap();
        assert_eq!(
            (path.matches('M').count(), path.matches('l').count()),
            (2, 3 + "fill".matches('l').count() * 2)
        );
    }

    #[test]
    fn a_logarithmic_axis_across_spaces_doublings_evenly() {
        let across = |log_across| {
            let points = vec![(0, 1.0), (1, 1.0), (10, 1.0), (100, 1.0)];
            let panel = Panel { log_across, ..panel(points, false) };
            let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 10.0 };
            plot(&panel, (1, 100), area).map(|plot| plot.place(10.0, 1.0).0)
        };
        assert_eq!([false, true].map(across), [Some(9.0 / 0.99), Some(50.0)]);
    }

    #[test]
    fn what_was_read_once_stands_on_axes_of_its_size() {
        let check = |points: Vec<(u64, f64)>, log, expected: [f64; 4]| {
            let area = Area { left: 0.0, top: 0.0, right: 380.0, bottom: 230.0 };
            let panel = panel(points, log);
            let Plot { x, y, .. } = plot(&panel, ends([&panel].into_iter()).unwrap(), area).unwrap();
            assert_eq!([x.low, x.high, y.low, y.high], expected);
        };
        check(vec![(30, 2.5)], false, [0.0, 38.0, 2.0, 3.0]);
        check(vec![(0, 0.0)], false, [0.0, 1.0, -1.0, 1.0]);
        check(vec![(4, -10.0)], false, [0.0, 5.0, -12.0, -8.0]);
        // Constant, but for rounding.
        let nearly = 1.0 + 1e-9;
        check(vec![(10, 1.0), (20, nearly)], false, [10.0, 20.0, 1.0 - 0.2 * nearly, 1.2 * nearly]);
        check(vec![(1, f64::MAX)], false, [0.0, 2.0, f64::MAX * 0.8, f64::MAX]);
    }

    #[test]
    fn panels_of_one_run_share_their_steps() {
        let (often, rarely) = (panel(vec![(10, 1.0), (900, 2.0)], false), panel(vec![(500, 1.0)], false));
        let other = Panel { across: "seconds".to_owned(), ..panel(vec![(5000, 1.0)], false) };
        let panels = [often, rarely, other];
        let found = [0, 1, 2].map(|i| ends(panels.iter().filter(|other| alike(&panels[i], other))));
        assert_eq!(found, [Some((10, 900)), Some((10, 900)), Some((5000, 5000))]);
    }

    #[test]
    fn many_lines_can_be_told_apart_and_a_crowd_has_one_name() {
        let series = |n: usize| -> Vec<Series> {
            (0..n).map(|i| Series { name: format!("{i}"), points: vec![(0, 1.0)] }).collect()
        };
        let ten = series(10);
        let looks: Vec<(Colour, bool)> = Line::all(&ten).iter().map(|l| (l.colour, l.dashed)).collect();
        let different = (0..10).all(|i| looks[..i].iter().all(|look| *look != looks[i]));
        assert!(different, "{looks:?}");
        assert_eq!(entries(&Line::all(&ten)).len(), 10);
        let names: Vec<String> = entries(&Line::all(&series(100))).into_iter().map(|e| e.text).collect();
        assert_eq!(names, ["100 readings"]);
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
