//! Pictures of small games, looked at pixel by pixel and tag by tag.

use super::*;
use crate::Colour;
use crate::colour::LINES;

const FIELD: fn([f64; 2]) -> [f64; 2] = |[x, y]| [y, -x];

fn game<'a>(paths: &'a [Path<'a>], equilibrium: Option<[f64; 2]>) -> Trajectories<'a> {
    let axes = ["x (maximises)", "y (minimises)"];
    let extent = Some([-2.0, 2.0, -2.0, 2.0]);
    Trajectories { title: "lr < 1 & more", axes, paths, field: &FIELD, equilibrium, extent }
}

/// The game min max xy with simultaneous moves, which diverges by a factor of sqrt(1 + lr^2) a step.
fn spiral(steps: usize, lr: f64) -> Vec<[f64; 2]> {
    let next = |[x, y]: &[f64; 2]| Some([x + lr * y, y - lr * x]);
    std::iter::successors(Some([1.0, 0.0]), next).take(steps + 1).collect()
}

/// The columns that a colour is found in, below the legend.
fn columns(picture: &Picture, colour: Colour) -> Option<(usize, usize)> {
    let (width, height) = (picture.width(), picture.height());
    let found = |x: &usize| (62..height).any(|y| picture.at(*x, y) == Some(colour));
    Some(((0..width).find(found)?, (0..width).rfind(found)?))
}

/// Draws paths without an equilibrium, and looks for the first line's colour in the columns expected.
fn check(points: &[[f64; 2]], expected: Option<(usize, usize)>) {
    let paths = [Path { name: "p", points, theory: Some(1.1) }];
    let picture = trajectories(&game(&paths, None)).unwrap().picture().unwrap();
    assert_eq!(columns(&picture, LINES[0]), expected, "of {points:?}");
}

#[test]
fn paths_are_drawn_where_they_run_and_never_outside_the_plane() {
    // The plane is 480 pixels wide from pixel 70 on, which a tick covers, 120 pixels a unit; an end is a disc.
    let middle_of_a_pixel = 0.5 / 120.0;
    check(&[[-1.0, middle_of_a_pixel], [1.0, middle_of_a_pixel]], Some((196, 433)));
    check(&[[-1.0, middle_of_a_pixel], [9.0, middle_of_a_pixel]], Some((196, 549)));
    check(
        &[[-1e200, middle_of_a_pixel], [1.0, middle_of_a_pixel], [f64::INFINITY, f64::NAN]],
        Some((71, 433)),
    );
    check(&[[9.0, 9.0], [8.0, 9.0]], None);
    check(&[[f64::NAN, 0.0]], None);
    check(&[], None);
}

#[test]
fn distances_stand_beside_if_there_is_an_equilibrium() {
    let points = spiral(300, 0.1);
    let paths = [Path { name: "simultaneous", points: &points, theory: Some(1.01f64.sqrt()) }];
    let ends = |equilibrium| {
        let picture = trajectories(&game(&paths, equilibrium)).unwrap().picture().unwrap();
        (picture.width(), columns(&picture, LINES[0]).map(|c| c.1 / 10))
    };
    // The last mark stands over the right edge of the second plot.
    assert_eq!([ends(None), ends(Some([0.0, 0.0]))], [(574, Some(54)), (1086, Some(106))]);
}

#[test]
fn an_empty_plot_of_distances_is_drawn() {
    let everything = [[0.0, 0.0], [f64::NAN, 1.0]];
    for (points, theory) in [(&everything[..], 0.0), (&everything[1..], f64::NAN), (&[], -1.0)] {
        let paths = [Path { name: "p", points, theory: Some(theory) }];
        let what = Trajectories { extent: None, ..game(&paths, Some([0.0, 0.0])) };
        assert!(trajectories(&what).unwrap().picture().is_ok(), "{points:?}");
        assert!(trajectories_film(&what).is_ok(), "{points:?}");
    }
    assert!(matches!(trajectories(&game(&[], None)), Err(ViewError::Empty { .. })));
}

#[test]
fn the_svg_is_well_formed_and_small() {
    let points = spiral(20_000, 0.001);
    let path = |name| Path { name, points: &points, theory: Some(1.000_001) };
    let paths = [path("a <b>"), path("c & d")];
    let svg = trajectories(&game(&paths, Some([0.0, 0.0]))).unwrap().svg();
    assert!(svg.len() < 120_000, "{} bytes", svg.len());
    assert!(svg.contains(">a &lt;b&gt;<") && svg.contains(">lr &lt; 1 &amp; more<"), "{svg}");
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (inside, _) = tag.split_once('>').unwrap();
        let name = inside.split(' ').next().unwrap();
        assert_eq!(inside.matches('"').count() % 2, 0, "quotes of {inside}");
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if inside.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} are left open");
}

#[test]
fn the_film_ends_with_the_picture() {
    let points = spiral(90, 0.1);
    let paths = [Path { name: "p", points: &points, theory: None }];
    let what = game(&paths, Some([0.0, 0.0]));
    let bytes = trajectories_film(&what).unwrap();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut reader = options.read_info(&bytes[..]).unwrap();
    let (width, mut shown, mut n) = (usize::from(reader.width()), Vec::new(), 0);
    let mut first_end = None;
    while let Some(frame) = reader.read_next_frame().unwrap() {
        shown.resize(frame.buffer.len() / 4, [0; 3]);
        let visible = frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] > 0);
        visible.for_each(|(i, pixel)| shown[i] = [pixel[0], pixel[1], pixel[2]]);
        let end = (width * 62..shown.len()).filter(|i| shown[*i] == LINES[0]).map(|i| i % width).max();
        first_end = first_end.or(end);
        n += 1;
    }
    assert_eq!(n, FRAMES);
    assert!(first_end < Some(660), "the first frame has come to column {first_end:?} already");
    let still = trajectories(&what).unwrap().picture().unwrap();
    let ink = |pixels: &[Colour]| pixels.iter().filter(|p| **p == LINES[0]).count();
    let still: Vec<Colour> = still.pixels().chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    let (found, expected) = (ink(&shown), ink(&still));
    assert!(found.abs_diff(expected) * 20 < expected, "{found} pixels of line, in the picture {expected}");
}
