//! Real and generated points of the plane, drawn over the discriminator's surface.

use ganatomy_record::Surface;

use crate::axes::{Axis, Entry, LARGE, Mark, Plot, SMALL, draw_legend};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{BLUE, Colour, INK, QUIET, VERMILION, WHITE};
use crate::dots::{Cloud, turns};
use crate::heat::{Heat, draw_scale};
use crate::text::Align;
use crate::{Picture, ViewError};

/// The plot's side, in pixels; x and y have the same scale.
const SIDE: f32 = 500.0;
/// Room around the plot, in pixels.
const LEFT: f32 = 70.0;
const TOP: f32 = 64.0;
const RIGHT: f32 = 24.0;
const RIGHT_WITH_SCALE: f32 = 92.0;
const BOTTOM: f32 = 48.0;
/// How large real and generated points are, in pixels, and their colours.
const RADII: [f32; 2] = [2.8, 2.1];
const COLOURS: [Colour; 2] = [BLUE, VERMILION];

/// What a scatter plot shows.
#[derive(Clone, Copy, Debug)]
pub struct Scatter<'a> {
    /// Written above the plot, such as "step 3000".
    pub title: &'a str,
    /// Points of the data.
    pub real: &'a [[f32; 2]],
    /// Points of the generator.
    pub generated: &'a [[f32; 2]],
    /// The discriminator's logits, drawn as probabilities behind the points.
    pub surface: Option<&'a Surface>,
    /// What the axes span (xmin, xmax, ymin, ymax); by default the surface's extent, or else
    /// the real points and some room.
    pub extent: Option<[f32; 4]>,
}

/// Draws the points, the surface if there is one, axes of equal scale, a legend and the colour
/// scale of D(x).
///
/// # Errors
/// A surface of less than 2x2 logits, over an empty extent, or of another size than its logits.
pub fn scatter(scatter: &Scatter<'_>) -> Result<Picture, ViewError> {
    let heat = scatter.surface.map(Heat::of).transpose()?;
    let right = if heat.is_some() { RIGHT_WITH_SCALE } else { RIGHT };
    let size = ((LEFT + SIDE + right) as usize, (TOP + SIDE + BOTTOM) as usize);
    let mut paper = Picture::new(size.0, size.1, WHITE)?;
    let mut canvas = Canvas::new(size.0, size.1)?;
    let plot = plot(extent(scatter));
    match &heat {
        Some(heat) => heat.draw(&mut paper, &plot),
        None => plot.draw_grid(&mut canvas),
    }
    canvas.clip(Some(plot.area));
    draw_clouds(&mut canvas, &plot, [scatter.real, scatter.generated]);
    canvas.clip(None);
    plot.draw_axes(&mut canvas);
    if heat.is_some() {
        draw_scale(&mut canvas, &plot);
    }
    draw_words(&mut canvas, scatter, &plot);
    canvas.finish().on(paper)
}

/// The square that the axes span: (xmin, xmax, ymin, ymax).
pub(crate) fn extent(scatter: &Scatter<'_>) -> [f32; 4] {
    let given = scatter.extent.or(scatter.surface.map(|surface| surface.extent));
    let [left, right, bottom, top] = given
        .or_else(|| bounds(scatter.real))
        .or_else(|| bounds(scatter.generated))
        .unwrap_or([-1.0, 1.0, -1.0, 1.0]);
    let half = (right - left).max(top - bottom) / 2.0;
    let (x, y) = ((left + right) / 2.0, (bottom + top) / 2.0);
    [x - half, x + half, y - half, y + half]
}

/// The box around all finite points, with room on every side.
pub(crate) fn bounds(points: &[[f32; 2]]) -> Option<[f32; 4]> {
    let finite = || points.iter().filter(|p| p.iter().all(|v| v.is_finite()));
    finite().next()?;
    let (low, high) = (f32::INFINITY, f32::NEG_INFINITY);
    let [left, right, bottom, top] = finite().fold([low, high, low, high], |b, p| {
        [b[0].min(p[0]), b[1].max(p[0]), b[2].min(p[1]), b[3].max(p[1])]
    });
    let room = ((right - left).max(top - bottom) * 0.2).max(1e-3);
    Some([left - room, right + room, bottom - room, top + room])
}

/// The paper's size without a colour scale, in pixels.
pub(crate) const PAPER: (usize, usize) = ((LEFT + SIDE + RIGHT) as usize, (TOP + SIDE + BOTTOM) as usize);
/// Where the title stands, and the first row of the legend; and how wide the legend is.
pub(crate) const TITLE_AT: (f32, f32) = (LEFT, 12.0);
pub(crate) const LEGEND_AT: (f32, f32) = (LEFT, 48.0);
pub(crate) const LEGEND_WIDTH: f32 = SIDE;

/// A square plot of points over this extent.
pub(crate) fn plot([left, right, bottom, top]: [f32; 4]) -> Plot {
    let axis = |low: f32, high: f32, name: &str| Axis {
        low: f64::from(low),
        high: f64::from(high),
        log: false,
        name: name.to_owned(),
        ..Axis::default()
    };
    Plot {
        area: Area { left: LEFT, top: TOP, right: LEFT + SIDE, bottom: TOP + SIDE },
        x: axis(left, right, "x₁"),
        y: axis(bottom, top, "x₂"),
    }
}

/// Real and generated points by turns, so that none of them vanish.
fn draw_clouds(canvas: &mut Canvas, plot: &Plot, points: [&[[f32; 2]]; 2]) {
    let clouds = [0, 1].map(|i| Cloud { radius: RADII[i], n: points[i].len() });
    for (cloud, dot) in turns(clouds) {
        draw_point(canvas, plot, points[cloud][dot], RADII[cloud], COLOURS[cloud]);
    }
}

pub(crate) fn draw_point(canvas: &mut Canvas, plot: &Plot, point: [f32; 2], radius: f32, colour: Colour) {
    if is_inside(plot, &point) {
        let (x, y) = plot.place(f64::from(point[0]), f64::from(point[1]));
        canvas.disc((x, y), radius, colour);
    }
}

/// Also false for NaN.
pub(crate) fn is_inside(plot: &Plot, [x, y]: &[f32; 2]) -> bool {
    let inside = |axis: &Axis, v: f32| (axis.low..=axis.high).contains(&f64::from(v));
    inside(&plot.x, *x) && inside(&plot.y, *y)
}

/// Title, legend, and how many points the axes leave out.
fn draw_words(canvas: &mut Canvas, scatter: &Scatter<'_>, plot: &Plot) {
    let title = Style { bold: true, ..Style::of(LARGE) };
    canvas.text(scatter.title, TITLE_AT, title);
    let entry = |mark, colour, text: &str| Entry { mark, colour, text: text.to_owned() };
    let mut entries = vec![entry(Mark::Dot, BLUE, "real"), entry(Mark::Dot, VERMILION, "generated")];
    if scatter.surface.is_some() {
        entries.push(entry(Mark::Line, INK, "D(x) = 0.5"));
    }
    draw_legend(canvas, &entries, LEGEND_AT, LEGEND_WIDTH);
    draw_outside(canvas, plot, &[(scatter.real, "real"), (scatter.generated, "generated")]);
}

/// How many points of each kind the axes leave out, in the lower right corner.
pub(crate) fn draw_outside(canvas: &mut Canvas, plot: &Plot, kinds: &[(&[[f32; 2]], &str)]) {
    let outside = |points: &[[f32; 2]]| points.iter().filter(|p| !is_inside(plot, p)).count();
    let counts = kinds.iter().map(|(points, kind)| (outside(points), *kind)).collect::<Vec<_>>();
    let notes: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, kind)| format!("{n} {kind}")).collect();
    if !notes.is_empty() {
        let style = Style { colour: QUIET, ..Style::of(SMALL).placed(Align::End, Align::Start) };
        let corner = (plot.area.right, plot.area.bottom + 25.0);
        canvas.text(&format!("outside: {}", notes.join(", ")), corner, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: Scatter<'static> =
        Scatter { title: "step 0", real: &[], generated: &[], surface: None, extent: None };

    fn check(real: &[[f32; 2]], expected: [f32; 4]) {
        let found = extent(&Scatter { real, ..EMPTY });
        let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close, "the axes span {found:?}, not {expected:?}");
    }

    #[test]
    fn axes_span_a_square_around_the_real_points() {
        check(&[], [-1.0, 1.0, -1.0, 1.0]);
        check(&[[0.0, 0.0], [10.0, 0.0]], [-2.0, 12.0, -7.0, 7.0]);
        check(&[[f32::NAN, 0.0], [-1.0, -1.0], [1.0, 1.0]], [-1.4, 1.4, -1.4, 1.4]);
    }

    #[test]
    fn what_lies_outside_of_one_axis_is_counted_and_not_drawn() {
        let beyond = |at: [f32; 2]| {
            scatter(&Scatter { generated: &[at], extent: Some([-1.0, 1.0, -1.0, 1.0]), ..EMPTY }).unwrap()
        };
        assert_eq!(beyond([0.0, 9.0]), beyond([9.0, 9.0]));
        assert_eq!(beyond([9.0, 0.0]), beyond([9.0, 9.0]));
        assert_ne!(beyond([0.0, 0.0]), beyond([9.0, 9.0]));
    }

    /// Shares of the two colours among the pixels that have one of them.
    fn check_shares(real: &[[f32; 2]], generated: &[[f32; 2]]) {
        let extent = Some([-1.0, 1.0, -1.0, 1.0]);
        let picture = scatter(&Scatter { real, generated, extent, ..EMPTY }).unwrap();
        let plot = || picture.pixels().chunks_exact(3).skip(picture.width() * TOP as usize);
        let near = |pixel: &[u8], colour: Colour| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 70);
        let count = |colour: Colour| plot().filter(|pixel| near(pixel, colour)).count() as f64;
        let (blue, vermilion) = (count(BLUE), count(VERMILION));
        let share = blue / (blue + vermilion);
        assert!((0.2..=0.8).contains(&share), "{share:.3} of the coloured pixels are of real points");
    }

    #[test]
    fn neither_cloud_vanishes_behind_the_other() {
        // Crowds of some hundred points on a few pixels, as on the modes of the ring.
        let crowd = |n: usize, phase: f32| -> Vec<[f32; 2]> {
            let at = |i: usize| {
                let i = i * 7919 % n;
                let (angle, radius) = (2.4 * i as f32 + phase, 0.04 * (i as f32 / n as f32).sqrt());
                [radius * angle.cos(), radius * angle.sin()]
            };
            (0..n).map(at).collect()
        };
        check_shares(&crowd(500, 0.0), &crowd(500, 1.0));
        check_shares(&crowd(100, 0.0), &crowd(900, 1.0));
        check_shares(&crowd(900, 0.0), &crowd(100, 1.0));
        // Samples that are the data themselves.
        check_shares(&crowd(40, 0.0), &crowd(40, 0.0));
        check_shares(&[[0.5, 0.5]; 200], &[[0.5, 0.5]; 200]);
    }

    /// The pixel of a place in the square from -1 to 1, and whether it has a colour.
    fn has(picture: &Picture, [x, y]: [f32; 2], colour: Colour) -> bool {
        let at = (LEFT + (x + 1.0) / 2.0 * SIDE, TOP + (1.0 - y) / 2.0 * SIDE);
        picture.at(at.0 as usize, at.1 as usize) == Some(colour)
    }

    #[test]
    fn real_points_are_blue_and_the_surface_stands_upright() {
        let (real, generated) = ([[0.5, -0.25]], [[-0.75, 0.5]]);
        let extent = Some([-1.0, 1.0, -1.0, 1.0]);
        let picture = scatter(&Scatter { real: &real, generated: &generated, extent, ..EMPTY }).unwrap();
        assert!(has(&picture, real[0], BLUE) && has(&picture, generated[0], VERMILION));
        let legend = |x: f32| picture.at((LEGEND_AT.0 + x) as usize, LEGEND_AT.1 as usize);
        assert_eq!(legend(9.0), Some(BLUE));
        let axes = plot([-1.0, 1.0, -2.0, 2.0]);
        assert_eq!([axes.x.name.as_str(), &axes.y.name, &axes.x.high.to_string()], ["x₁", "x₂", "1"]);
        // Real below to the left, undecided below to the right, generated above to the left.
        let logits = vec![9.0, 0.0, -9.0, 0.0];
        let surface = Surface { width: 2, height: 2, extent: [-1.0, 1.0, -1.0, 1.0], logits };
        let picture = scatter(&Scatter { surface: Some(&surface), ..EMPTY }).unwrap();
        assert!(has(&picture, [-0.99, -0.9], crate::colour::diverging(1.0)));
        assert!(has(&picture, [-0.99, 0.9], crate::colour::diverging(0.0)));
    }

    #[test]
    fn points_land_where_they_belong() {
        let generated = [[0.5, 0.5], [f32::NAN, 0.0], [9.0, 9.0]];
        let extent = Some([-1.0, 1.0, -1.0, 1.0]);
        let picture = scatter(&Scatter { generated: &generated, extent, ..EMPTY }).unwrap();
        let (x, y) = ((LEFT + 0.75 * SIDE) as usize, (TOP + 0.25 * SIDE) as usize);
        assert_eq!(picture.at(x, y), Some(VERMILION));
        assert_ne!(picture.at(x + 6, y), Some(VERMILION));
    }
}
