//! `triangles`: convex polygons drawn smoothly, images of a known manifold.

use std::f32::consts::TAU;

use ganatomy_record::{Fields, Range, SpecError};

use crate::keyed::{Keyed, purpose};
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset};

/// Dark convex polygons on light paper, triangles unless asked otherwise.
///
/// The corners lie on a circle of diameter `scale` times the side of the paper. The arcs between them are
/// `min_segment_angle_degrees` each, and the rest of the circle is dealt out evenly at random; the whole is turned by
/// any angle and moved so that the mean of its corners is the middle of the paper. A triangle of the default scale is
/// always whole; polygons of more corners, or larger ones, may be cut off by the edge of the paper.
///
/// ```text
///   +1 +1 +1 +1 +1 +1
///   +1 +1 .4 +1 +1 +1      a pixel is the share of its subpixel x subpixel points that are paper,
///   +1 .7 -1 .1 +1 +1      from -1, all polygon, to 1, all paper
///   +1 -.2 -1 -1 -.3 .9
///   +1 .9 .8 .7 .9 +1
/// ```
///
/// Reference: Lucic et al. 2018, section 5.2 ("convex polygons"), whose defaults these are. Their code turns a
/// polygon by at most 6.28 degrees, as it converts to radians twice; here it is turned by any angle, as their text says.
#[derive(Clone, Debug, PartialEq)]
pub struct TrianglesSpec {
    /// Height and width; default 28 pixels, from 8 to 256.
    pub size: u64,
    /// Corners of a polygon; default 3, from 3 to 8.
    pub n_vertices: u64,
    /// The shortest arc between two corners; default 20 degrees, from 0 to 45.
    pub min_segment_angle_degrees: f64,
    /// Diameter of the circle through the corners, as a share of `size`; default 0.75, from 0.1 to 1.
    pub scale: f64,
    /// Points along a side of a pixel that are tested; default 8, from 1 to 32.
    pub subpixel: u64,
}

impl TrianglesSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<TrianglesSpec, SpecError> {
        // Eight arcs of 45 degrees are the whole circle.
        let (angle, angles) = ("shortest arc between two corners, degrees", Range::between(0.0, 45.0));
        let scale = "diameter of the circle through the corners, as a share of the size";
        let subpixel = "points a side of a pixel that are looked at";
        Ok(TrianglesSpec {
            size: fields.count("size", "height and width of an image, pixels", 28, 8..=256)?,
            n_vertices: fields.count("n_vertices", "corners of a polygon", 3, 3..=MAX_VERTICES as u64)?,
            min_segment_angle_degrees: fields.number("min_segment_angle_degrees", angle, 20.0, angles)?,
            scale: fields.number("scale", scale, 0.75, Range::between(0.1, 1.0))?,
            subpixel: fields.count("subpixel", subpixel, 8, 1..=32)?,
        })
    }
}

impl DataSpec for TrianglesSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let size = self.size as usize;
        Ok(Box::new(Triangles { shape: [size, size, 1], spec: self.clone() }))
    }
}

const MAX_VERTICES: usize = 8;
const TRIANGLES: u64 = purpose("triangles");

type Point = [f32; 2];

#[derive(Debug)]
struct Triangles {
    shape: [usize; 3],
    spec: TrianglesSpec,
}

impl Dataset for Triangles {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        labels.fill(0);
        let size = self.shape[0];
        for (i, image) in out.chunks_exact_mut(size * size).enumerate() {
            let mut stream = Keyed::new(&[key.seed, TRIANGLES, key.step, key.draw, i as u64]);
            let mut corners = [[0.0; 2]; MAX_VERTICES];
            let corners = &mut corners[..self.spec.n_vertices as usize];
            self.spec.place(corners, &mut stream);
            draw(corners, size, self.spec.subpixel as usize, image);
        }
    }

    fn fingerprint(&self) -> String {
        let spec = &self.spec;
        let (angle, scale) = (spec.min_segment_angle_degrees, spec.scale);
        format!("triangles-1-{}-{}-{angle}-{scale}-{}", spec.size, spec.n_vertices, spec.subpixel)
    }
}

impl TrianglesSpec {
    /// Sets the corners, in pixels, counter-clockwise in a frame whose y points down.
    fn place(&self, corners: &mut [Point], stream: &mut Keyed) {
        let n = corners.len() as f32;
        // Exponential numbers over their sum are even on the simplex; 1 - u is in (0, 1], so none is infinite.
        let mut gaps = [0.0f32; MAX_VERTICES];
        let gaps = &mut gaps[..corners.len()];
        gaps.iter_mut().for_each(|gap| *gap = -(1.0 - stream.uniform()).ln());
        let (least, sum) = ((self.min_segment_angle_degrees as f32).to_radians(), gaps.iter().sum::<f32>());
        let free = (TAU - n * least) / sum.max(f32::MIN_POSITIVE);
        let (middle, radius) = (0.5 * self.size as f32, 0.5 * (self.scale * self.size as f64) as f32);
        let mut angle = TAU * stream.uniform();
        for (corner, gap) in corners.iter_mut().zip(gaps) {
            *corner = [radius * angle.cos(), radius * angle.sin()];
            angle += least + free * *gap;
        }
        for axis in [0, 1] {
            let mean = corners.iter().map(|corner| corner[axis]).sum::<f32>() / n;
            corners.iter_mut().for_each(|corner| corner[axis] += middle - mean);
        }
    }
}

/// Draws a convex polygon, row of points by row of points: each row meets it in one interval, or not at all.
fn draw(corners: &[Point], size: usize, subpixel: usize, image: &mut [f32]) {
    image.fill(1.0);
    let (fine, points) = (1.0 / subpixel as f32, size * subpixel);
    let share = 2.0 / (subpixel * subpixel) as f32;
    for row in 0..points {
        let Some([left, right]) = interval(corners, (row as f32 + 0.5) * fine) else {
            continue;
        };
        // The points inside have left <= (i + 1/2) / subpixel < right; a cast from below zero saturates there.
        let first = (left * subpixel as f32 - 0.5).ceil() as usize;
        let end = ((right * subpixel as f32 - 0.5).ceil() as usize).min(points);
        let pixels = &mut image[row / subpixel * size..][..size];
        for (column, pixel) in
            pixels.iter_mut().enumerate().take(end.div_ceil(subpixel)).skip(first / subpixel)
        {
            let (low, high) = (first.max(column * subpixel), end.min((column + 1) * subpixel));
            // Shares that are not powers of two may add up to a little more than the whole.
            *pixel = (*pixel - share * high.saturating_sub(low) as f32).max(-1.0);
        }
    }
}

/// Where a horizontal line at height `y` enters and leaves a convex polygon.
fn interval(corners: &[Point], y: f32) -> Option<[f32; 2]> {
    let next = corners.iter().cycle().skip(1);
    let mut span: Option<[f32; 2]> = None;
    for (a, b) in corners.iter().zip(next) {
        // An edge holds its upper end and not its lower, so that a line through a corner meets two edges or none.
        if (a[1] <= y) != (b[1] <= y) {
            let x = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            span = Some(span.map_or([x; 2], |[left, right]| [left.min(x), right.max(x)]));
        }
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{build, refused};

    fn images(options: &str, n: usize) -> Vec<f32> {
        let set = build("triangles", options);
        let mut out = vec![f32::NAN; n * set.item_shape().iter().product::<usize>()];
        set.fill(BatchKey { seed: 3, step: 0, draw: 0 }, &mut out, &mut vec![9; n]);
        out
    }

    /// Area that is polygon, in pixels.
    fn ink(image: &[f32]) -> f32 {
        image.iter().map(|x| 0.5 * (1.0 - x)).sum()
    }

    #[test]
    fn a_drawing_has_the_area_of_its_polygon() {
        let triangle: [Point; 3] = [[4.0, 3.0], [20.0, 6.0], [9.0, 25.0]];
        let mut image = vec![0.0; 28 * 28];
        draw(&triangle, 28, 8, &mut image);
        // Half the cross product of two sides: (16 * 22 - 3 * 5) / 2 = 168.5.
        assert!((ink(&image) - 168.5).abs() < 0.5, "{}", ink(&image));
        assert_eq!((image[8 * 28 + 9], image[0]), (-1.0, 1.0));
        // A square on whole pixels is exact, and each edge belongs to one side only.
        draw(&[[2.0, 2.0], [6.0, 2.0], [6.0, 5.0], [2.0, 5.0]], 28, 8, &mut image);
        assert_eq!(ink(&image), 12.0);
        // What is off the paper is left out.
        draw(&[[-9.0, -9.0], [40.0, -9.0], [40.0, 40.0], [-9.0, 40.0]], 28, 8, &mut image);
        assert_eq!(ink(&image), 784.0);
    }

    #[test]
    fn drawing_counts_points_inside() {
        let spec = build_spec();
        let mut corners = [[0.0; 2]; 5];
        for seed in 0..20 {
            spec.place(&mut corners, &mut Keyed::new(&[seed]));
            let mut image = vec![0.0; 28 * 28];
            draw(&corners, 28, 4, &mut image);
            let inside = |x: f32, y: f32| {
                let next = corners.iter().cycle().skip(1);
                let turn = |(a, b): (&Point, &Point)| (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
                corners.iter().zip(next).all(|edge| turn(edge) >= 0.0)
            };
            let points = (0..112 * 112)
                .filter(|i| inside((i % 112) as f32 / 4.0 + 0.125, (i / 112) as f32 / 4.0 + 0.125));
            let count = points.count() as f32 / 16.0;
            assert!((ink(&image) - count).abs() < 0.2, "{} and {count}", ink(&image));
        }
    }

    fn build_spec() -> TrianglesSpec {
        TrianglesSpec { size: 28, n_vertices: 5, min_segment_angle_degrees: 20.0, scale: 0.75, subpixel: 8 }
    }

    #[test]
    fn corners_keep_their_arcs_and_turn_anywhere() {
        let spec = TrianglesSpec { n_vertices: 3, ..build_spec() };
        let mut turns = [0usize; 4];
        for seed in 0..2000 {
            let mut corners = [[0.0; 2]; 3];
            spec.place(&mut corners, &mut Keyed::new(&[seed]));
            for axis in [0, 1] {
                let mean = corners.iter().map(|c| c[axis]).sum::<f32>() / 3.0;
                assert!((mean - 14.0).abs() < 1e-4, "{corners:?}");
            }
            assert!(corners.as_flattened().iter().all(|x| (0.1..27.9).contains(x)), "{corners:?}");
            // The chord of an arc of 20 degrees is 2 r sin(10 degrees).
            let shortest = 2.0 * 10.5 * 10f32.to_radians().sin();
            for (a, b) in [(0, 1), (1, 2), (2, 0)] {
                let [dx, dy] = [0, 1].map(|axis| corners[a][axis] - corners[b][axis]);
                assert!((shortest - 1e-3..21.001).contains(&dx.hypot(dy)), "{corners:?}");
            }
            let [x, y] = corners[0].map(|x| usize::from(x > 14.0));
            turns[2 * y + x] += 1;
        }
        assert!(turns.iter().all(|n| (400..600).contains(n)), "{turns:?}");
    }

    #[test]
    fn triangles_are_whole_and_on_light_paper() {
        for (i, image) in images("", 500).chunks_exact(784).enumerate() {
            assert!(image.iter().all(|x| (-1.0..=1.0).contains(x)), "image {i}");
            // From the sliver of two shortest arcs to the equilateral triangle.
            assert!((1.5..144.0).contains(&ink(image)), "image {i}: {}", ink(image));
        }
    }

    #[test]
    fn options_are_used() {
        let area = |options: &str| ink(&images(options, 200)) / 200.0;
        assert!(area("n_vertices = 8") > area("n_vertices = 4") && area("n_vertices = 4") > area(""));
        assert!((area("scale = 0.375") / area("") - 0.25).abs() < 0.01);
        assert!(area("min_segment_angle_degrees = 45") > area("min_segment_angle_degrees = 0"));
        assert!(images("subpixel = 1", 8).iter().all(|&x| x == 1.0 || x == -1.0));
        assert!(images("subpixel = 7", 8).iter().all(|x| (-1.0..=1.0).contains(x)));
        assert_eq!(images("size = 16", 3).len(), 768);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("triangles", "n_vertices = 9", "n_vertices");
        refused("triangles", "n_vertices = 2", "n_vertices");
        refused("triangles", "scale = 2.0", "scale");
        refused("triangles", "min_segment_angle_degrees = 60", "min_segment_angle_degrees");
        refused("triangles", "subpixel = 0", "subpixel");
    }
}
