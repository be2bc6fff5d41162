//! The marks of a chart on a canvas.

use std::collections::BTreeMap;

use super::layout::edges;
use super::{Colours, Heat, Hue, Layer, Shape};
use crate::axes::{Plot, SMALL};
use crate::canvas::{Area, Canvas, Point, Style};
use crate::colour::{ARROW, BLUE, Colour, INK, LINES, QUIET, VERMILION, WHITE, amount, diverging, tint};
use crate::text::Align;

/// Colours of lines; black is kept for theory.
const N_LINES: usize = 6;

/// The colour of a meaning, on white paper.
pub(super) fn colour(hue: Hue) -> Colour {
    match hue {
        Hue::Real => BLUE,
        Hue::Fake => VERMILION,
        Hue::Nth(n) => LINES[n % N_LINES],
        Hue::Quiet => ARROW,
        Hue::Theory => INK,
    }
}

/// Draws one layer.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, layer: &Layer) {
    let colour = colour(layer.hue);
    match &layer.shape {
        Shape::Line(points) => canvas.strokes(pieces(plot, points), 1.8, colour),
        Shape::Dashes(points) => {
            for piece in pieces(plot, points) {
                canvas.dashed(&piece, 1.6, colour);
            }
        }
        Shape::Band(points) => band(canvas, plot, points, tint(colour, 0.25)),
        Shape::Dots(points, radius) => {
            points.iter().filter_map(|p| place(plot, *p)).for_each(|at| {
                canvas.disc(at, *radius as f32, colour);
            });
        }
        Shape::Bars(bars, width) => bars_of(canvas, plot, bars, *width, colour),
        Shape::Intervals(items) => items.iter().for_each(|&[y, low, middle, high]| {
            interval(canvas, [[low, y], [middle, y], [high, y]].map(|p| place(plot, p)), colour);
        }),
        Shape::Whiskers(items) => items.iter().for_each(|&[x, low, middle, high]| {
            interval(canvas, [[x, low], [x, middle], [x, high]].map(|p| place(plot, p)), colour);
        }),
        Shape::Arrows(arrows) => arrows.iter().for_each(|&[x, y, dx, dy]| {
            if let (Some(from), Some(to)) = (place(plot, [x, y]), place(plot, [x + dx, y + dy])) {
                arrow(canvas, from, to, colour);
            }
        }),
        Shape::Heat(heat) => cells(canvas, plot, heat),
    }
}

pub(super) fn place(plot: &Plot, [x, y]: [f64; 2]) -> Option<Point> {
    (plot.x.has(x) && plot.y.has(y)).then(|| plot.place(x, y))
}

/// Runs of neighbouring points that have a place.
fn pieces(plot: &Plot, points: &[[f64; 2]]) -> Vec<Vec<Point>> {
    let placed: Vec<Option<Point>> = points.iter().map(|p| place(plot, *p)).collect();
    placed.split(Option::is_none).map(|run| run.iter().copied().flatten().collect()).collect()
}

fn band(canvas: &mut Canvas, plot: &Plot, points: &[[f64; 3]], colour: Colour) {
    for pair in points.windows(2) {
        let ([x, low, high], [next, next_low, next_high]) = (pair[0], pair[1]);
        let corners = [[x, low], [next, next_low], [next, next_high], [x, high]];
        let corners: Option<Vec<Point>> = corners.into_iter().map(|p| place(plot, p)).collect();
        if let Some(corners) = corners {
            canvas.polygon(corners, colour);
        }
    }
}

fn bars_of(canvas: &mut Canvas, plot: &Plot, bars: &[[f64; 2]], width: f64, colour: Colour) {
    let floor = if plot.y.log { plot.y.low } else { 0.0 };
    for &[x, y] in bars {
        let corners = (place(plot, [x - width * 0.45, y]), place(plot, [x + width * 0.45, floor]));
        if let (Some((left, a)), Some((right, b))) = corners {
            canvas.fill(Area { left, top: a.min(b), right, bottom: a.max(b) }, colour);
        }
    }
}

fn interval(canvas: &mut Canvas, [low, middle, high]: [Option<Point>; 3], colour: Colour) {
    if let (Some(low), Some(high)) = (low, high) {
        canvas.line(low, high, 2.2, colour);
        let across = if low.1 == high.1 { (0.0, 4.0) } else { (4.0, 0.0) };
        for end in [low, high] {
            canvas.line(
                (end.0 - across.0, end.1 - across.1),
                (end.0 + across.0, end.1 + across.1),
                1.6,
                colour,
            );
        }
    }
    if let Some(middle) = middle {
        canvas.disc(middle, 5.0, colour);
    }
}

fn arrow(canvas: &mut Canvas, from: Point, to: Point, colour: Colour) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length < 0.5 {
        return;
    }
    let head = (length * 0.35).min(6.0);
    let (ux, uy) = (dx / length * head, dy / length * head);
    let wing = |side: f32| (to.0 - ux - side * uy * 0.5, to.1 - uy + side * ux * 0.5);
    canvas.line(from, to, 1.3, colour);
    canvas.polygon(vec![to, wing(1.0), wing(-1.0)], colour);
}

fn shade(heat: &Heat, z: f64) -> Colour {
    let [low, high] = heat.ends();
    let share = ((z - low) / (high - low)) as f32;
    match heat.colours {
        Colours::Diverging => diverging(share),
        Colours::Amount => amount(share),
    }
}

/// Is white easier to read than black on a surface of this value?
pub(super) fn is_dark(heat: &Heat, z: f64) -> bool {
    let [red, green, blue] = shade(heat, z).map(|part| (f64::from(part) / 255.0).powf(2.2));
    // Relative luminance; contrast with white and with black is the same at 0.18 (WCAG 2.2).
    0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18
}

fn cells(canvas: &mut Canvas, plot: &Plot, heat: &Heat) {
    let Some([across, up]) = edges(heat) else { return };
    if !heat.numbers {
        return smooth(canvas, plot, heat, [across, up]);
    }
    let (columns, rows) = (heat.x.len(), heat.y.len());
    let at = |ends: [f64; 2], n: usize, i: usize| ends[0] + (ends[1] - ends[0]) * i as f64 / n as f64;
    for (i, &z) in heat.z.iter().enumerate().take(columns * rows) {
        let (column, row) = (i % columns, i / columns);
        let (left, bottom) = plot.place(at(across, columns, column), at(up, rows, row));
        let (right, top) = plot.place(at(across, columns, column + 1), at(up, rows, row + 1));
        canvas.fill(
            Area { left: left.floor(), top: top.floor(), right: right.ceil(), bottom: bottom.ceil() },
            shade(heat, z),
        );
        if z.is_finite() {
            let ink = if is_dark(heat, z) { WHITE } else { INK };
            let style = Style { colour: ink, ..Style::of(SMALL) };
            let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
            canvas.text(&brief(z), middle, style.placed(Align::Middle, Align::Middle));
        }
    }
}

/// Cells without numbers: neighbours in a row that look alike are one box, and boxes are drawn colour by colour, which a
/// file holds in few words.
fn smooth(canvas: &mut Canvas, plot: &Plot, heat: &Heat, [across, up]: [[f64; 2]; 2]) {
    let (columns, rows) = (heat.x.len(), heat.y.len());
    let at = |ends: [f64; 2], n: usize, i: usize| ends[0] + (ends[1] - ends[0]) * i as f64 / n as f64;
    let mut boxes: BTreeMap<Colour, Vec<Area>> = BTreeMap::new();
    for (row, values) in heat.z.chunks_exact(columns.max(1)).take(rows).enumerate() {
        let shades: Vec<Colour> = values.iter().map(|&z| shade(heat, level(heat, z))).collect();
        let mut column = 0;
        for alike in shades.chunk_by(|a, b| a == b) {
            let (left, bottom) = plot.place(at(across, columns, column), at(up, rows, row));
            column += alike.len();
            let (right, top) = plot.place(at(across, columns, column), at(up, rows, row + 1));
            let area =
                Area { left: left.floor(), top: top.floor(), right: right.ceil(), bottom: bottom.ceil() };
            boxes.entry(alike[0]).or_default().push(area);
        }
    }
    for (colour, areas) in boxes {
        areas.into_iter().for_each(|area| canvas.fill(area, colour));
    }
}

/// The middle of the level that a value is drawn in: more levels than the eye tells apart.
fn level(heat: &Heat, z: f64) -> f64 {
    const LEVELS: f64 = 64.0;
    let [low, high] = heat.ends();
    let share = ((z - low) / (high - low)).clamp(0.0, 1.0);
    if share.is_nan() {
        return z;
    }
    low + (high - low) * ((share * LEVELS).floor().min(LEVELS - 1.0) + 0.5) / LEVELS
}

/// A number in a cell.
pub(super) fn brief(z: f64) -> String {
    match z.abs() {
        size if size >= 100.0 || z.fract() == 0.0 => format!("{z:.0}"),
        size if size >= 1.0 => format!("{z:.1}"),
        _ => format!("{z:.2}"),
    }
}

/// How far right of the plot the unit of its colours begins, in pixels.
pub(super) const UNIT_LEFT: f32 = 10.0;

/// The scale of a surface's colours, right of the plot.
pub(super) fn draw_scale(canvas: &mut Canvas, plot: &Plot, heat: &Heat) {
    const BANDS: usize = 48;
    let (left, right) = (plot.area.right + 20.0, plot.area.right + 34.0);
    let (top, bottom) = (plot.area.top + 14.0, plot.area.bottom - 14.0);
    let [low, high] = heat.ends();
    let band = (bottom - top) / BANDS as f32;
    for i in 0..BANDS {
        let z = low + (high - low) * (i as f64 + 0.5) / BANDS as f64;
        let bottom = bottom - i as f32 * band;
        canvas.fill(Area { left, top: bottom - band - 0.5, right, bottom }, shade(heat, z));
    }
    canvas
        .outline(Area { left: left - 0.5, top: top - 0.5, right: right + 0.5, bottom: bottom + 0.5 }, QUIET);
    let beside = Style::of(SMALL).placed(Align::Start, Align::Middle);
    for tick in crate::ticks::linear(low, high, 5) {
        let y = bottom - ((tick.value - low) / (high - low)) as f32 * (bottom - top);
        canvas.line((right, y), (right + 3.0, y), 1.0, QUIET);
        canvas.text(&tick.label, (right + 6.0, y), beside);
    }
    // Begins right of the plot, whatever its length.
    let above = Style::of(SMALL).placed(Align::Start, Align::End);
    canvas.text(&heat.unit.en, (plot.area.right + UNIT_LEFT, top - 4.0), above);
}
