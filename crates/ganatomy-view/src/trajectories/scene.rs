//! Where everything of a picture of paths stands, and the order in which it is drawn.

use super::{Path, Trajectories, distance, extent, field, route};
use crate::ViewError;
use crate::axes::{Axis, Entry, LARGE, LEGEND_ROW, Mark, Plot, draw_legend, legend_places};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{Colour, INK, LINES};
use crate::curves::draw_blank;
use crate::marker::{ENDS, Marker};

/// The side of the plane, in pixels.
const SIDE: f32 = 480.0;
/// The width of the plot of distances, in pixels.
const BESIDE: f32 = 420.0;
/// Room around the plots, in pixels.
const LEFT: f32 = 70.0;
const TOP: f32 = 64.0;
const BETWEEN: f32 = 92.0;
const RIGHT: f32 = 24.0;
const BOTTOM: f32 = 48.0;
/// Width of a path, in pixels.
const WIDTH: f32 = 1.8;

/// A picture of paths, laid out.
pub(super) struct Scene<'a> {
    what: &'a Trajectories<'a>,
    size: (usize, usize),
    plane: Plot,
    /// Where distances are drawn, and their axes if there are any; `None` without an equilibrium.
    beside: Option<(Area, Option<Plot>)>,
    legend: Vec<Entry>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(what: &'a Trajectories<'a>) -> Result<Scene<'a>, ViewError> {
        if what.paths.is_empty() {
            return Err(ViewError::Empty { what: "a plane without paths".to_owned() });
        }
        let [left, right, bottom, top] = extent::square(what)?;
        let beside = what.equilibrium.map_or(0.0, |_| BETWEEN + BESIDE);
        let width = SIDE + beside;
        let mut scene = Scene {
            what,
            size: ((LEFT + width + RIGHT) as usize, 0),
            plane: Plot {
                area: Area { left: LEFT, top: TOP, right: LEFT + SIDE, bottom: TOP + SIDE },
                x: Axis {
                    low: left,
                    high: right,
                    log: false,
                    name: what.axes[0].to_owned(),
                    ..Axis::default()
                },
                y: Axis {
                    low: bottom,
                    high: top,
                    log: false,
                    name: what.axes[1].to_owned(),
                    ..Axis::default()
                },
            },
            beside: None,
            legend: Vec::new(),
        };
        scene.legend = scene.entries();
        let rows = legend_places(&Canvas::new(1, 1)?, &scene.legend, width).last().map_or(0, |place| place.1);
        scene.plane.area.top += rows as f32 * LEGEND_ROW;
        scene.plane.area.bottom += rows as f32 * LEGEND_ROW;
        scene.size.1 = (scene.plane.area.bottom + BOTTOM) as usize;
        scene.beside = what.equilibrium.map(|equilibrium| {
            let left = LEFT + SIDE + BETWEEN;
            let area = Area { left, right: left + BESIDE, ..scene.plane.area };
            (area, distance::plot(what.paths, equilibrium, area))
        });
        Ok(scene)
    }

    /// An empty canvas of the right size.
    pub(super) fn canvas(&self) -> Result<Canvas, ViewError> {
        Canvas::new(self.size.0, self.size.1)
    }

    /// The number of points of the longest path, at least 1.
    pub(super) fn longest(&self) -> usize {
        self.what.paths.iter().map(|path| path.points.len()).max().unwrap_or(0).max(1)
    }

    /// What does not change while the paths grow.
    pub(super) fn draw_behind(&self, canvas: &mut Canvas) {
        let title = Style { bold: true, ..Style::of(LARGE) };
        canvas.text(self.what.title, (LEFT, 12.0), title);
        draw_legend(canvas, &self.legend, (LEFT, 48.0), self.size.0 as f32 - LEFT - RIGHT);
        field::draw(canvas, &self.plane, self.what.field);
        match &self.beside {
            Some((_, Some(plot))) => plot.draw_grid(canvas),
            Some((area, None)) => draw_blank(canvas, *area),
            None => {}
        }
    }

    /// The first `n` points of every path, the marks on them, and the axes over them.
    pub(super) fn draw_paths(&self, canvas: &mut Canvas, n: usize) {
        let shown = |path: &Path<'a>| &path.points[..path.points.len().min(n)];
        canvas.clip(Some(self.plane.area));
        for (i, path) in self.what.paths.iter().enumerate() {
            canvas.strokes(route::pieces(shown(path), &self.plane), WIDTH, look(i).0);
        }
        canvas.clip(None);
        self.mark(canvas, self.what.equilibrium, Marker::Cross, INK);
        for path in self.what.paths {
            self.mark(canvas, path.points.first().copied(), Marker::Ring, INK);
        }
        for (i, path) in self.what.paths.iter().enumerate() {
            let (colour, end) = look(i);
            self.mark(canvas, last_finite(shown(path)), end, colour);
        }
        self.plane.draw_axes(canvas);
        if let (Some(equilibrium), Some((_, Some(plot)))) = (self.what.equilibrium, &self.beside) {
            distance::draw(canvas, plot, self.what.paths, equilibrium, n);
            plot.draw_axes(canvas);
        }
    }

    /// Marks a point of the plane, if it is visible.
    fn mark(&self, canvas: &mut Canvas, point: Option<[f64; 2]>, marker: Marker, colour: Colour) {
        if let Some(at) = point.map(|[x, y]| self.plane.place(x, y)).filter(|at| self.plane.area.holds(*at)) {
            marker.draw(canvas, at, colour);
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let path = |(i, path): (usize, &Path<'_>)| {
            let (colour, end) = look(i);
            Entry { mark: Mark::Path(end), colour, text: format!("{}{}", path.name, self.fate(path)) }
        };
        let sign = |mark, text: &str| Entry { mark, colour: INK, text: text.to_owned() };
        let mut entries: Vec<Entry> = self.what.paths.iter().enumerate().map(path).collect();
        entries.push(sign(Mark::Marker(Marker::Ring), "start"));
        if self.what.equilibrium.is_some() {
            entries.push(sign(Mark::Marker(Marker::Cross), "equilibrium"));
            if self.what.paths.iter().any(|path| path.theory.is_some()) {
                entries.push(sign(Mark::Dashes, "theory"));
            }
        }
        entries
    }

    /// A note on a path's end that the plane does not show.
    fn fate(&self, path: &Path<'_>) -> String {
        let finite = |p: &[f64; 2]| p.iter().all(|v| v.is_finite());
        if let Some(step) = path.points.iter().position(|p| !finite(p)) {
            return format!(" (not finite at step {step})");
        }
        let inside = |p: &[f64; 2]| self.plane.area.holds(self.plane.place(p[0], p[1]));
        if path.points.last().is_none_or(inside) { String::new() } else { " (ends outside)".to_owned() }
    }
}

/// The colour of a path and the mark at its end, by the path's index.
pub(super) fn look(i: usize) -> (Colour, Marker) {
    (LINES[i % LINES.len()], ENDS[i % ENDS.len()])
}

fn last_finite(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    points.iter().rfind(|p| p.iter().all(|v| v.is_finite())).copied()
}
