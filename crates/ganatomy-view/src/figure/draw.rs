//! A figure as a drawing.

use super::layout::axes;
use super::marks::{self, colour};
use super::{Chart, Figure, Heat, Layer, Shape, clouds};
use crate::axes::{Entry, LARGE, LEGEND_ROW, Mark, Plot, SMALL, draw_legend, legend_places};
use crate::canvas::{Area, Canvas, Style};
use crate::curves::draw_blank;
use crate::{Drawing, ViewError};

/// The inside of a chart, in pixels.
const WIDE: (f32, f32) = (380.0, 250.0);
const SQUARE: (f32, f32) = (300.0, 300.0);
/// Room around it: above alone, for a title and for the first row of a legend; below for the axis; right alone and with a
/// colour scale.
const ABOVE: f32 = 12.0;
const TITLE: f32 = 22.0;
const LEGEND: f32 = 22.0;
const BELOW: f32 = 50.0;
const RIGHT: f32 = 24.0;
const RIGHT_WITH_SCALE: f32 = 96.0;
/// The strip with the figure's title, in pixels.
const HEAD: f32 = 34.0;

/// Draws a figure with its English words.
///
/// # Errors
/// A figure without charts.
pub fn figure_drawing(figure: &Figure) -> Result<Drawing, ViewError> {
    if figure.charts.is_empty() {
        return Err(ViewError::Empty { what: "a figure without charts".to_owned() });
    }
    let measure = Canvas::new(1, 1)?;
    let panels: Vec<Panel<'_>> = figure.charts.iter().map(|chart| Panel::of(chart, &measure)).collect();
    let columns = match panels.len() {
        n @ 1..=3 => n,
        4 => 2,
        n if figure.stepped && n > 6 => 4,
        _ => 3,
    };
    let widest = panels.iter().map(|panel| panel.size.0).fold(0.0, f32::max);
    let tallest = panels.iter().map(|panel| panel.size.1).fold(0.0, f32::max);
    let head = if figure.title.is_empty() { 0.0 } else { HEAD };
    let rows = panels.len().div_ceil(columns);
    let title = Style { bold: true, ..Style::of(LARGE + 1.0) };
    let width = (columns as f32 * widest).max(measure.text_width(&figure.title.en, title) + 36.0);
    let size = (width, head + rows as f32 * tallest);
    let mut canvas = Canvas::new(size.0.ceil() as usize, size.1.ceil() as usize)?;
    canvas.text(&figure.title.en, (18.0, 10.0), title);
    for (i, panel) in panels.iter().enumerate() {
        let corner = ((i % columns) as f32 * widest, head + (i / columns) as f32 * tallest);
        panel.draw(&mut canvas, corner);
    }
    Ok(canvas.finish())
}

/// A chart and the room it takes.
struct Panel<'a> {
    chart: &'a Chart,
    entries: Vec<Entry>,
    inside: (f32, f32),
    left: f32,
    above: f32,
    size: (f32, f32),
}

impl<'a> Panel<'a> {
    fn of(chart: &'a Chart, measure: &Canvas) -> Panel<'a> {
        let inside = if chart.square { SQUARE } else { WIDE };
        let labels = chart.y.labels.iter().map(|label| measure.text_width(&label.en, Style::of(SMALL)));
        let left = 70.0f32.max(38.0 + labels.fold(0.0, f32::max));
        let entries = entries(&chart.layers);
        let rows = legend_places(measure, &entries, inside.0).last().map(|place| place.1);
        let legend = rows.map_or(0.0, |rows| LEGEND + rows as f32 * LEGEND_ROW);
        let title = if chart.title.is_empty() { 0.0 } else { TITLE };
        let above = ABOVE + title + legend + if heat(chart).is_some() { 8.0 } else { 0.0 };
        let right = heat(chart).map_or(RIGHT, |heat| {
            let unit = measure.text_width(&heat.unit.en, Style::of(SMALL));
            RIGHT_WITH_SCALE.max(marks::UNIT_LEFT + unit + 12.0)
        });
        let size = (left + inside.0 + right, above + inside.1 + BELOW);
        Panel { chart, entries, inside, left, above, size }
    }

    fn draw(&self, canvas: &mut Canvas, (left, top): (f32, f32)) {
        let (left, top) = (left + self.left, top + self.above);
        let area = Area { left, top, right: left + self.inside.0, bottom: top + self.inside.1 };
        let title = Style { bold: true, ..Style::of(LARGE - 1.0) };
        canvas.text(&self.chart.title.en, (left, top - self.above + 10.0), title);
        let shift = if self.chart.title.is_empty() { 0.0 } else { TITLE };
        draw_legend(canvas, &self.entries, (left, top - self.above + shift + 20.0), self.inside.0);
        let Some([x, y]) = axes(self.chart) else {
            return draw_blank(canvas, area);
        };
        let plot = Plot { area, x, y };
        if heat(self.chart).is_none() {
            plot.draw_grid(canvas);
        }
        canvas.clip(Some(area));
        draw_layers(canvas, &plot, &self.chart.layers);
        canvas.clip(None);
        plot.draw_axes(canvas);
        if let Some(heat) = heat(self.chart) {
            marks::draw_scale(canvas, &plot, heat);
        }
    }
}

/// Draws the layers in order; real and generated dots that follow each other take turns.
fn draw_layers(canvas: &mut Canvas, plot: &Plot, layers: &[Layer]) {
    let mut rest = layers;
    while let [first, after @ ..] = rest {
        rest = match after {
            [second, after @ ..] if clouds::is_pair(first, second) => {
                clouds::draw(canvas, plot, [first, second]);
                after
            }
            _ => {
                marks::draw(canvas, plot, first);
                after
            }
        };
    }
}

/// The surface of a chart, if it has one.
fn heat(chart: &Chart) -> Option<&Heat> {
    chart.layers.iter().find_map(|layer| match &layer.shape {
        Shape::Heat(heat) => Some(heat),
        _ => None,
    })
}

fn entries(layers: &[Layer]) -> Vec<Entry> {
    let named = layers.iter().filter(|layer| !layer.name.is_empty());
    let entry = |layer: &Layer| {
        let mark = match layer.shape {
            Shape::Line(_) | Shape::Arrows(_) | Shape::Band(_) => Mark::Line,
            Shape::Dashes(_) => Mark::Dashes,
            _ => Mark::Dot,
        };
        Entry { mark, colour: colour(layer.hue), text: layer.name.en.to_string() }
    };
    named.filter(|layer| !matches!(layer.shape, Shape::Heat(_))).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Colours, Hue, Scale};
    use super::*;
    use crate::colour::amount;

    #[test]
    fn names_and_cells_of_a_surface_stand_where_they_belong() {
        // Rows from below: 7 stands in the lower row, 3 in the upper one and further right.
        let (z, colours) = (vec![0.0, 7.0, 0.0, 0.0, 0.0, 3.0], Colours::Amount);
        let (x, y) = (vec![0.0, 1.0, 2.0], vec![0.0, 1.0]);
        let heat = Heat { x, y, z, unit: "".into(), colours, range: None, numbers: true };
        let chart =
            Chart::new(Scale::of("across"), Scale::of("upwards")).with("", Hue::Real, Shape::Heat(heat));
        let drawing = figure_drawing(&Figure::one("", chart)).unwrap();
        let svg = drawing.svg();
        let line = |part: &str| svg.lines().find(|line| line.contains(part)).unwrap();
        assert!(!line(">across<").contains("rotate") && line(">upwards<").contains("rotate(-90"), "{svg}");
        let at = |number: &str| {
            let mut parts = line(&format!(">{number}</text>")).split('"');
            [1, 3].map(|_| parts.nth(1).unwrap().parse::<f64>().unwrap())
        };
        let ([x7, y7], [x3, y3]) = (at("7"), at("3"));
        assert!(x3 > x7 + 20.0 && y3 < y7 - 20.0, "{svg}");
        let picture = drawing.picture().unwrap();
        assert_eq!(picture.at(x7 as usize + 20, y7 as usize), Some(amount(1.0)));
        assert_eq!(picture.at(x3 as usize + 20, y7 as usize), Some(amount(0.0)));
    }

    #[test]
    fn a_figure_holds_all_its_charts() {
        let chart = Chart::new(Scale::of("x"), Scale::of("y"));
        let line = chart.clone().with("a", Hue::Nth(0), Shape::Line(vec![[0.0, 0.0], [1.0, 1.0]]));
        let one = figure_drawing(&Figure::one("", line.clone())).unwrap();
        let two = figure_drawing(&Figure::row("", vec![line.clone(), line.clone()])).unwrap();
        assert_eq!(two.width(), 2 * one.width());
        // A chart of nothing is a frame that says so.
        assert!(figure_drawing(&Figure::one("", chart)).unwrap().svg().contains("no finite"));
        assert!(matches!(figure_drawing(&Figure::default()), Err(ViewError::Empty { .. })));
    }
}
