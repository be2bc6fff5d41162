//! A chart as plotly's traces and layout, in both languages.

use plotly::common::{
    ColorBar, ColorScale, ColorScaleElement, DashType, ErrorData, ErrorType, Fill, Line, Marker, Mode, Title,
};
use plotly::layout::{Axis, AxisType, Layout, Margin};
use plotly::{Bar, HeatMap, Scatter, Trace};
use serde_json::{Value, json};

use super::layout::axes;
use super::marks::{self, brief, colour};
use super::{Chart, Colours, Heat, Layer, Scale, Shape, clouds};
use crate::ViewError;
use crate::colour::{CIVIDIS, Colour, DIVERGING};

/// `{"data", "layout", "words": {"en", "ko"}}`: the input of plotly, and the words in both languages.
pub(crate) fn chart_json(chart: &Chart) -> Result<Value, ViewError> {
    let mut data = Vec::new();
    for (place, (of, layer)) in clouds::parts(&chart.layers).into_iter().enumerate() {
        let mut trace = trace(&layer)?;
        // A click on the legend hides all parts of a layer.
        trace["legendgroup"] = json!(of.to_string());
        if place != of {
            trace["showlegend"] = json!(false);
        }
        data.push(trace);
    }
    for layer in &chart.layers {
        if let Shape::Heat(heat) = &layer.shape
            && heat.numbers
        {
            data.push(cell_numbers(heat)?);
        }
    }
    let words = |pick: fn(&crate::Words) -> &str| {
        let bars = chart.layers.iter().map(|layer| match &layer.shape {
            Shape::Heat(heat) => pick(&heat.unit).to_owned(),
            _ => String::new(),
        });
        json!({
            "title": pick(&chart.title),
            "x": pick(&chart.x.name),
            "y": pick(&chart.y.name),
            "ticks": [labels(&chart.x, pick), labels(&chart.y, pick)],
            "names": chart.layers.iter().map(|layer| pick(&layer.name)).collect::<Vec<_>>(),
            "units": bars.collect::<Vec<_>>(),
        })
    };
    let layout = layout(chart)?;
    Ok(json!({
        "data": data,
        "layout": layout,
        "square": chart.square,
        "words": {"en": words(|w| &w.en), "ko": words(|w| &w.ko)},
    }))
}

/// The names along an axis of names.
fn labels(scale: &Scale, pick: fn(&crate::Words) -> &str) -> Vec<String> {
    scale.labels.iter().map(|label| pick(label).to_owned()).collect()
}

fn layout(chart: &Chart) -> Result<Value, ViewError> {
    let ends = axes(chart);
    let end = |i: usize| ends.as_ref().map(|axes| [axes[i].low, axes[i].high]);
    let mut y = axis(&chart.y, end(1));
    if chart.square {
        y = y.scale_anchor("x");
    }
    // Left, top and bottom hold the ticks and names; plotly widens them for long names.
    let margin = Margin::new().left(56).right(12).top(8).bottom(48);
    let layout = Layout::new().x_axis(axis(&chart.x, end(0))).y_axis(y).margin(margin);
    serde_json::to_value(layout).map_err(ViewError::json)
}

fn axis(scale: &Scale, ends: Option<[f64; 2]>) -> Axis {
    let mut axis = Axis::new().title(Title::with_text(scale.name.en.to_string())).auto_margin(true);
    if scale.log {
        axis = axis.type_(AxisType::Log);
    }
    if let Some(ends) = ends {
        // Plotly counts a logarithmic axis in powers of ten.
        let ends = ends.map(|end| if scale.log { end.log10() } else { end });
        axis = axis.range(ends.map(short).to_vec());
    }
    if !scale.labels.is_empty() {
        let places = (0..scale.labels.len()).map(|i| i as f64).collect();
        axis = axis
            .tick_values(places)
            .tick_text(scale.labels.iter().map(|label| label.en.to_string()).collect());
    }
    axis
}

fn trace(layer: &Layer) -> Result<Value, ViewError> {
    let ink = hex(colour(layer.hue));
    let trace: Box<dyn Trace> = match &layer.shape {
        Shape::Line(points) => lines(points, Line::new().width(2.0).color(ink)),
        Shape::Dashes(points) => lines(points, Line::new().width(1.6).color(ink).dash(DashType::Dash)),
        Shape::Band(points) => band(points, &ink),
        Shape::Dots(points, radius) => {
            let (x, y) = columns(points);
            let size = (2.0 * radius).round().max(2.0) as usize;
            Scatter::new(x, y).mode(Mode::Markers).marker(Marker::new().size(size).color(ink))
        }
        Shape::Bars(points, width) => {
            let (x, y) = columns(points);
            Bar::new(x, y).width(width * 0.9).marker(Marker::new().color(ink))
        }
        Shape::Intervals(items) => {
            let y = items.iter().map(|item| short(item[0])).collect();
            let x = items.iter().map(|item| short(item[2])).collect();
            dotted(x, y, &ink).error_x(errors(items, &ink))
        }
        Shape::Whiskers(items) => {
            let x = items.iter().map(|item| short(item[0])).collect();
            let y = items.iter().map(|item| short(item[2])).collect();
            dotted(x, y, &ink).error_y(errors(items, &ink))
        }
        Shape::Arrows(arrows) => lines(&arrow_lines(arrows), Line::new().width(1.3).color(ink)),
        Shape::Heat(heat) => return heat_map(heat),
    };
    let mut value = serde_json::to_value(&trace).map_err(ViewError::json)?;
    value["name"] = json!(layer.name.en);
    value["showlegend"] = json!(!layer.name.is_empty());
    if matches!(layer.shape, Shape::Band(_) | Shape::Arrows(_)) {
        value["hoverinfo"] = json!("skip");
    }
    Ok(value)
}

fn lines(points: &[[f64; 2]], line: Line) -> Box<Scatter<f64, f64>> {
    let (x, y) = columns(points);
    Scatter::new(x, y).mode(Mode::Lines).line(line)
}

fn dotted(x: Vec<f64>, y: Vec<f64>, ink: &str) -> Box<Scatter<f64, f64>> {
    Scatter::new(x, y).mode(Mode::Markers).marker(Marker::new().size(10).color(ink.to_owned()))
}

/// How far each interval reaches beyond its middle.
fn errors(items: &[[f64; 4]], ink: &str) -> ErrorData {
    let above = items.iter().map(|item| short(item[3] - item[2])).collect();
    let below = items.iter().map(|item| short(item[2] - item[1])).collect();
    ErrorData::new(ErrorType::Data).array(above).array_minus(below).color(ink.to_owned()).thickness(2.0)
}

/// Along one line of the band, and back along the other.
fn band(points: &[[f64; 3]], ink: &str) -> Box<Scatter<f64, f64>> {
    let there = points.iter().map(|p| [p[0], p[2]]);
    let back = points.iter().rev().map(|p| [p[0], p[1]]);
    let around: Vec<[f64; 2]> = there.chain(back).collect();
    // A quarter of the colour, which is visible on white and on black.
    lines(&around, Line::new().width(0.0).color(ink.to_owned()))
        .fill(Fill::ToSelf)
        .fill_color(format!("{ink}40"))
}

/// Shafts and heads as one line with gaps.
fn arrow_lines(arrows: &[[f64; 4]]) -> Vec<[f64; 2]> {
    const GAP: [f64; 2] = [f64::NAN, f64::NAN];
    let one = |&[x, y, dx, dy]: &[f64; 4]| {
        let wing = |side: f64| [x + 0.7 * dx - side * 0.15 * dy, y + 0.7 * dy + side * 0.15 * dx];
        let tip = [x + dx, y + dy];
        [[x, y], tip, wing(1.0), GAP, tip, wing(-1.0), GAP]
    };
    arrows.iter().flat_map(one).collect()
}

fn heat_map(heat: &Heat) -> Result<Value, ViewError> {
    let z: Vec<Vec<f64>> =
        heat.z.chunks(heat.x.len().max(1)).map(|row| row.iter().map(|z| short(*z)).collect()).collect();
    let (stops, [low, high]): (&[[f32; 3]], _) = match heat.colours {
        Colours::Diverging => (&DIVERGING, heat.ends()),
        Colours::Amount => (&CIVIDIS, heat.ends()),
    };
    let stop = |(i, stop): (usize, &[f32; 3])| {
        ColorScaleElement(i as f64 / (stops.len() - 1) as f64, hex(stop.map(|c| c as u8)))
    };
    let scale = ColorScale::Vector(stops.iter().enumerate().map(stop).collect());
    let (x, y) = (heat.x.iter().map(|x| short(*x)).collect(), heat.y.iter().map(|y| short(*y)).collect());
    let bar = ColorBar::new().thickness(12).title(heat.unit.en.to_string());
    let map = HeatMap::new(x, y, z).zmin(low).zmax(high).color_scale(scale).color_bar(bar);
    serde_json::to_value(&map).map_err(ViewError::json)
}

/// The values of a surface, each in black or in white, whichever is easier to read on its cell.
fn cell_numbers(heat: &Heat) -> Result<Value, ViewError> {
    let places = heat.y.iter().flat_map(|y| heat.x.iter().map(move |x| [*x, *y]));
    let known: Vec<([f64; 2], f64)> =
        places.zip(heat.z.iter().copied()).filter(|(_, z)| z.is_finite()).collect();
    let (x, y) = columns(&known.iter().map(|(place, _)| *place).collect::<Vec<_>>());
    let texts: Vec<String> = known.iter().map(|(_, z)| brief(*z)).collect();
    let numbers = Scatter::new(x, y).mode(Mode::Text).text_array(texts);
    let mut value = serde_json::to_value(&numbers).map_err(ViewError::json)?;
    let inks = known.iter().map(|(_, z)| if marks::is_dark(heat, *z) { "#ffffff" } else { "#000000" });
    value["textfont"] = json!({"color": inks.collect::<Vec<_>>()});
    value["showlegend"] = json!(false);
    value["hoverinfo"] = json!("skip");
    Ok(value)
}

fn columns(points: &[[f64; 2]]) -> (Vec<f64>, Vec<f64>) {
    points.iter().map(|p| (short(p[0]), short(p[1]))).unzip()
}

/// Five digits, more than the eye can see, which keep pages small; whole numbers, such as steps, are left whole.
fn short(x: f64) -> f64 {
    if x.fract() == 0.0 { x } else { format!("{x:.4e}").parse().unwrap_or(x) }
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::super::Hue;
    use super::*;

    fn check(shape: Shape, path: &str, expected: Value) {
        let chart = Chart::new(Scale::of(("x", "엑스")), Scale::log("y")).with(("a", "가"), Hue::Real, shape);
        let found = chart_json(&chart).unwrap();
        assert_eq!(found.pointer(path), Some(&expected), "{path} of {found}");
    }

    #[test]
    fn charts_become_traces_and_words() {
        let line = || Shape::Line(vec![[1.0, 10.0], [2.0, f64::NAN], [3.0, 1000.0]]);
        check(line(), "/data/0/type", json!("scatter"));
        check(line(), "/data/0/y", json!([10.0, null, 1000.0]));
        check(line(), "/data/0/line/color", json!("#0072b2"));
        check(line(), "/layout/yaxis/type", json!("log"));
        check(line(), "/words/ko/names", json!(["가"]));
        check(line(), "/words/ko/x", json!("엑스"));
        check(Shape::Whiskers(vec![[0.0, 1.0, 2.0, 4.0]]), "/data/0/error_y/array", json!([2.0]));
        check(Shape::Whiskers(vec![[0.0, 1.0, 2.0, 4.0]]), "/data/0/error_y/arrayminus", json!([1.0]));
        let heat = Heat {
            x: vec![0.0, 1.0],
            y: vec![1.0],
            z: vec![3.0, 0.5],
            unit: "modes".into(),
            colours: Colours::Amount,
            range: None,
            numbers: true,
        };
        check(Shape::Heat(heat.clone()), "/data/1/text", json!(["3", "0.50"]));
        check(Shape::Heat(heat), "/data/1/textfont/color", json!(["#000000", "#ffffff"]));
    }

    #[test]
    fn numbers_are_shortened() {
        assert_eq!(short(1.0 / 3.0), 0.33333);
        assert_eq!(short(1_234_567.0), 1_234_567.0);
        assert!(short(f64::NAN).is_nan());
    }
}
