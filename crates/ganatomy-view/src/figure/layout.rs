//! What a chart's axes span, and how much room it takes.

use super::{Chart, Heat, Scale, Shape};
use crate::axes::Axis;
use crate::curves::padded;

/// The axes of a chart, wide enough for everything that can be drawn; `None` if there is nothing.
pub(super) fn axes(chart: &Chart) -> Option<[Axis; 2]> {
    let corners: Vec<[f64; 2]> = chart.layers.iter().flat_map(|layer| reach(&layer.shape)).collect();
    let shown = |scale: &Scale, value: f64| value.is_finite() && (!scale.log || value > 0.0);
    let both = |p: &&[f64; 2]| shown(&chart.x, p[0]) && shown(&chart.y, p[1]);
    let visible: Vec<&[f64; 2]> = corners.iter().filter(both).collect();
    let span = |scale: &Scale, i: usize| {
        let (low, high) = visible
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p[i]), high.max(p[i])));
        match scale.range {
            Some([low, high]) => Some((low, high)),
            None => (low <= high).then(|| padded(low, high, scale.log)),
        }
    };
    let (mut x, mut y) = (span(&chart.x, 0)?, span(&chart.y, 1)?);
    if chart.square {
        let half = ((x.1 - x.0).max(y.1 - y.0)) / 2.0;
        [&mut x, &mut y].into_iter().for_each(|ends| {
            let middle = (ends.0 + ends.1) / 2.0;
            *ends = (middle - half, middle + half);
        });
    }
    let axis = |scale: &Scale, (low, high): (f64, f64)| Axis {
        low,
        high,
        log: scale.log,
        whole: false,
        name: scale.name.en.to_string(),
        labels: scale.labels.iter().map(|label| label.en.to_string()).collect(),
    };
    Some([axis(&chart.x, x), axis(&chart.y, y)])
}

/// Points that the axes must hold.
fn reach(shape: &Shape) -> Vec<[f64; 2]> {
    match shape {
        Shape::Line(points) | Shape::Dashes(points) | Shape::Dots(points, _) => points.clone(),
        Shape::Band(points) => points.iter().flat_map(|&[x, low, high]| [[x, low], [x, high]]).collect(),
        Shape::Bars(points, width) => {
            points.iter().flat_map(|&[x, y]| [[x - width / 2.0, 0.0], [x + width / 2.0, y]]).collect()
        }
        Shape::Intervals(items) => {
            items.iter().flat_map(|&[y, low, middle, high]| [[low, y], [middle, y], [high, y]]).collect()
        }
        Shape::Whiskers(items) => {
            items.iter().flat_map(|&[x, low, middle, high]| [[x, low], [x, middle], [x, high]]).collect()
        }
        Shape::Arrows(arrows) => {
            arrows.iter().flat_map(|&[x, y, dx, dy]| [[x, y], [x + dx, y + dy]]).collect()
        }
        Shape::Heat(heat) => edges(heat).map(|[x, y]| vec![[x[0], y[0]], [x[1], y[1]]]).unwrap_or_default(),
    }
}

/// The outer edges of a surface's cells, across and up.
pub(super) fn edges(heat: &Heat) -> Option<[[f64; 2]; 2]> {
    let ends = |middles: &[f64]| {
        let (first, last) = (middles.first()?, middles.last()?);
        let half = if middles.len() > 1 { (last - first) / (middles.len() - 1) as f64 / 2.0 } else { 0.5 };
        Some([first - half, last + half])
    };
    Some([ends(&heat.x)?, ends(&heat.y)?])
}

impl Heat {
    /// The ends of the colour scale.
    pub(super) fn ends(&self) -> [f64; 2] {
        let finite = self.z.iter().filter(|z| z.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), z| (l.min(*z), h.max(*z)));
        match self.range {
            Some(ends) => ends,
            None if low < high => [low, high],
            None => [low.min(0.0), low.max(0.0) + 1.0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Hue;
    use super::*;

    fn check(shape: Shape, x: Scale, y: Scale, expected: Option<[f64; 4]>) {
        let chart = Chart::new(x, y).with("a", Hue::Nth(0), shape);
        let found = axes(&chart).map(|[x, y]| [x.low, x.high, y.low, y.high]);
        assert_eq!(found, expected);
    }

    #[test]
    fn axes_hold_what_can_be_drawn() {
        let fixed = |log| Scale { log, range: Some([1.0, 2.0]), ..Scale::default() };
        check(Shape::Line(vec![]), fixed(false), Scale::default(), None);
        check(Shape::Line(vec![[f64::NAN, 1.0]]), fixed(false), Scale::default(), None);
        check(Shape::Line(vec![[1.0, 0.0]]), fixed(false), Scale::log(""), None);
        let dots = Shape::Dots(vec![[0.0, 0.0], [100.0, 10.0], [f64::NAN, 1e9]], 2.0);
        check(dots, Scale::default(), Scale::default(), Some([-5.0, 105.0, -0.5, 10.5]));
        let bars = Shape::Bars(vec![[1.0, 10.0]], 1.0);
        check(bars, fixed(false), Scale::default(), Some([1.0, 2.0, -0.5, 10.5]));
        let arrows = Shape::Arrows(vec![[0.0, 0.0, 100.0, 10.0]]);
        check(arrows, Scale::default(), Scale::default(), Some([-5.0, 105.0, -0.5, 10.5]));
        let of = [1.0, 0.0, 50.0, 100.0];
        check(Shape::Intervals(vec![of]), Scale::default(), fixed(false), Some([-5.0, 105.0, 1.0, 2.0]));
        check(Shape::Whiskers(vec![of]), fixed(false), Scale::default(), Some([1.0, 2.0, -5.0, 105.0]));
    }

    #[test]
    fn square_axes_have_one_unit() {
        let shape = Shape::Line(vec![[0.0, 0.0], [100.0, 10.0]]);
        let chart = Chart::new(Scale::default(), Scale::default()).with("", Hue::Real, shape).squared();
        let [x, y] = axes(&chart).unwrap();
        assert_eq!(x.high - x.low, y.high - y.low);
    }
}
