//! Walks over the plane, each a line from its start to its end, among the real points.

use crate::axes::{Entry, LARGE, Mark, Plot, draw_legend};
use crate::canvas::{Canvas, Point, Style};
use crate::colour::{BLUE, Colour, INK, LINES, WHITE, tint};
use crate::marker::Marker;
use crate::scatter::{
    LEGEND_AT, LEGEND_WIDTH, PAPER, TITLE_AT, bounds, draw_outside, draw_point, is_inside, plot,
};
use crate::{Picture, ViewError};

/// Walks may leave the box of the real points by this many of its sides before the axes leave them out.
const FARTHEST: f32 = 2.0;
/// The middle of a line is marked by the dots of its steps, if there are at most so many in a walk.
const FEW: usize = 40;

/// What a picture of walks shows.
#[derive(Clone, Copy, Debug)]
pub struct Walks<'a> {
    /// Written above the plot.
    pub title: &'a str,
    /// Points of the data.
    pub real: &'a [[f32; 2]],
    /// The points of each walk, in the order in which it is walked; points that are not finite leave a gap.
    pub walks: &'a [Vec<[f32; 2]>],
}

/// Draws each walk as a line with a ring at its start and a box at its end, over pale real points.
///
/// # Errors
/// The embedded font cannot be read.
pub fn walks(scene: &Walks<'_>) -> Result<Picture, ViewError> {
    let mut canvas = Canvas::new(PAPER.0, PAPER.1)?;
    let plot = plot(extent(scene));
    plot.draw_grid(&mut canvas);
    canvas.clip(Some(plot.area));
    for point in scene.real {
        draw_point(&mut canvas, &plot, *point, 2.4, tint(BLUE, 0.4));
    }
    let coloured = || scene.walks.iter().zip(LINES.iter().take(N_COLOURS).cycle());
    for (walk, colour) in coloured() {
        draw_walk(&mut canvas, &plot, walk, *colour);
    }
    canvas.clip(None);
    plot.draw_axes(&mut canvas);
    // After all lines, so that none of them covers an end.
    for (walk, colour) in coloured() {
        draw_ends(&mut canvas, &plot, walk, *colour);
    }
    let title = Style { bold: true, ..Style::of(LARGE) };
    canvas.text(scene.title, TITLE_AT, title);
    draw_legend(&mut canvas, &entries(), LEGEND_AT, LEGEND_WIDTH);
    let walked = scene.walks.concat();
    draw_outside(&mut canvas, &plot, &[(scene.real, "real"), (&walked, "of the walks")]);
    canvas.finish().picture()
}

/// Yellow, the last colour of lines, is too pale on white paper, and black is kept for the axes.
const N_COLOURS: usize = 6;

fn entries() -> [Entry; 4] {
    let entry = |mark, colour, text: &str| Entry { mark, colour, text: text.to_owned() };
    [
        entry(Mark::Dot, tint(BLUE, 0.4), "real"),
        entry(Mark::Line, INK, "walk"),
        entry(Mark::Marker(Marker::Ring), INK, "start"),
        entry(Mark::Marker(Marker::Square), INK, "end"),
    ]
}

fn draw_walk(canvas: &mut Canvas, plot: &Plot, walk: &[[f32; 2]], colour: Colour) {
    let place = |p: &[f32; 2]| plot.place(f64::from(p[0]), f64::from(p[1]));
    let finite = |p: &[f32; 2]| p.iter().all(|v| v.is_finite());
    let pieces: Vec<Vec<Point>> =
        walk.split(|p| !finite(p)).map(|piece| piece.iter().map(place).collect()).collect();
    // A white edge keeps lines apart where they cross.
    canvas.strokes(pieces.clone(), 4.0, WHITE);
    canvas.strokes(pieces, 1.8, colour);
    if walk.len() <= FEW {
        walk.iter().for_each(|point| draw_point(canvas, plot, *point, 2.4, colour));
    }
}

fn draw_ends(canvas: &mut Canvas, plot: &Plot, walk: &[[f32; 2]], colour: Colour) {
    let ends = [(walk.first(), Marker::Ring), (walk.last(), Marker::Square)];
    for (point, marker) in ends {
        if let Some([x, y]) = point.filter(|point| is_inside(plot, point)) {
            marker.draw(canvas, plot.place(f64::from(*x), f64::from(*y)), colour);
        }
    }
}

/// A square that holds the real points and the walks, as far as these do not stray very far.
fn extent(scene: &Walks<'_>) -> [f32; 4] {
    let walked: Vec<[f32; 2]> = scene.walks.concat();
    let around = bounds(scene.real).or_else(|| bounds(&walked)).unwrap_or([-1.0, 1.0, -1.0, 1.0]);
    let [left, right, bottom, top] = around;
    let reach = (right - left).max(top - bottom) * FARTHEST;
    let most = [left - reach, right + reach, bottom - reach, top + reach];
    let near = |p: &&[f32; 2]| (most[0]..=most[1]).contains(&p[0]) && (most[2]..=most[3]).contains(&p[1]);
    let near: Vec<[f32; 2]> = walked.iter().filter(near).copied().collect();
    // Room is there already, so the walks themselves need only a little.
    let [left, right, bottom, top] = near.iter().fold(around, |[left, right, bottom, top], [x, y]| {
        let room = 0.02 * (right - left);
        [left.min(x - room), right.max(x + room), bottom.min(y - room), top.max(y + room)]
    });
    let half = (right - left).max(top - bottom) / 2.0;
    let (x, y) = ((left + right) / 2.0, (bottom + top) / 2.0);
    [x - half, x + half, y - half, y + half]
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: [[f32; 2]; 4] = [[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]];

    /// The picture of walks, and the colour at a place of the plane that is half as wide as the real points.
    fn check(walks_of: &[Vec<[f32; 2]>], at: [f32; 2], expected: impl Fn(Colour) -> bool) {
        let scene = Walks { title: "walks", real: &REAL, walks: walks_of };
        let picture = walks(&scene).unwrap();
        let plot = plot(extent(&scene));
        let (x, y) = plot.place(f64::from(at[0]), f64::from(at[1]));
        let found = picture.at(x as usize, y as usize).unwrap();
        assert!(expected(found), "{found:?} at {at:?}");
    }

    #[test]
    fn a_walk_is_a_line_with_a_start_and_an_end() {
        let walk = [vec![[-0.6, -0.6], [0.6, 0.6]]];
        let is = |colour: Colour| move |found| found == colour;
        // Between the two points there is nothing but the line.
        check(&walk, [0.25, 0.25], is(LINES[0]));
        check(&walk, [-0.25, -0.25], is(LINES[0]));
        check(&walk, [0.25, -0.25], |found| found != LINES[0]);
        // The start is a ring, white inside, and the end is filled.
        check(&walk, [-0.6, -0.6], is(WHITE));
        check(&walk, [0.6, 0.6], is(LINES[0]));
        // The other way round, so are its ends.
        check(&[vec![[0.6, 0.6], [-0.6, -0.6]]], [0.6, 0.6], is(WHITE));
    }

    #[test]
    fn walks_are_not_joined_and_gaps_stay() {
        let walks = [vec![[-0.5, 0.5], [0.5, 0.5]], vec![[-0.5, -0.5], [0.5, -0.5]]];
        check(&walks, [0.0, -0.5], |found| found == LINES[1]);
        check(&walks, [0.25, 0.0], |found| found != LINES[0] && found != LINES[1]);
        check(&[vec![[-0.5, 0.5], [f32::NAN, 0.0], [0.5, 0.5]]], [0.0, 0.5], |found| found != LINES[0]);
    }

    #[test]
    fn axes_hold_walks_that_do_not_stray_far() {
        let reach = |walk: [f32; 2]| extent(&Walks { title: "", real: &REAL, walks: &[vec![walk]] })[1];
        assert_eq!(reach([0.0, 0.0]), 1.4);
        assert!(reach([3.0, 0.0]) > 2.0);
        assert_eq!(reach([1e7, 0.0]), 1.4);
        assert_eq!(extent(&Walks { title: "", real: &[], walks: &[] }), [-1.0, 1.0, -1.0, 1.0]);
    }
}
