//! Real and generated dots of a chart, which are drawn by turns so that neither hides the other.

use super::marks::{colour, place};
use super::{Hue, Layer, Shape};
use crate::axes::Plot;
use crate::canvas::Canvas;
use crate::dots::{Cloud, turns};

/// The points and the radius of a layer of real or generated dots, and which of the two it is.
fn cloud(layer: &Layer) -> Option<(&[[f64; 2]], f64, Hue)> {
    match (&layer.shape, layer.hue) {
        (Shape::Dots(points, radius), Hue::Real | Hue::Fake) => Some((points, *radius, layer.hue)),
        _ => None,
    }
}

/// True if these layers are clouds of real and of generated dots.
pub(super) fn is_pair(first: &Layer, second: &Layer) -> bool {
    matches!((cloud(first), cloud(second)), (Some(a), Some(b)) if a.2 != b.2)
}

/// Draws two clouds by turns; nothing of layers that are none.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, layers: [&Layer; 2]) {
    let [Some(first), Some(second)] = layers.map(cloud) else { return };
    let both = [first, second];
    let clouds = both.map(|(points, radius, _)| Cloud { radius: radius as f32, n: points.len() });
    for (i, dot) in turns(clouds) {
        let (points, radius, hue) = both[i];
        if let Some(at) = place(plot, points[dot]) {
            canvas.disc(at, radius as f32, colour(hue));
        }
    }
}

/// In how many parts the clouds of an interactive chart take turns.
const PARTS: usize = 6;

/// For a page, which draws a layer at a time: each layer as it is, but clouds of a pair in parts that take turns.
/// The number is that of the layer.
pub(super) fn parts(layers: &[Layer]) -> Vec<(usize, Layer)> {
    let paired = |i: usize| {
        let before = i.checked_sub(1).is_some_and(|before| is_pair(&layers[before], &layers[i]));
        before || layers.get(i + 1).is_some_and(|after| is_pair(&layers[i], after))
    };
    let part = |i: usize, part: usize| {
        let layer = &layers[i];
        match &layer.shape {
            Shape::Dots(points, radius) if paired(i) => {
                let ends = [part, part + 1].map(|k| k * points.len() / PARTS);
                let shape = Shape::Dots(points[ends[0]..ends[1]].to_vec(), *radius);
                Some((i, Layer { shape, ..layer.clone() }))
            }
            _ => (part == 0).then(|| (i, layer.clone())),
        }
    };
    // The first parts stand where their layers do.
    (0..PARTS).flat_map(|k| (0..layers.len()).filter_map(move |i| part(i, k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Chart, Scale};

    fn dots(hue: Hue, n: usize) -> Layer {
        let points = (0..n).map(|i| [i as f64, 0.0]).collect();
        Layer { name: "".into(), hue, shape: Shape::Dots(points, 2.0) }
    }

    #[test]
    fn only_real_beside_generated_is_a_pair() {
        assert!(is_pair(&dots(Hue::Real, 3), &dots(Hue::Fake, 3)));
        assert!(is_pair(&dots(Hue::Fake, 3), &dots(Hue::Real, 3)));
        assert!(!is_pair(&dots(Hue::Real, 3), &dots(Hue::Real, 3)));
        assert!(!is_pair(&dots(Hue::Real, 3), &dots(Hue::Nth(1), 3)));
        let line = Layer { shape: Shape::Line(vec![]), ..dots(Hue::Fake, 3) };
        assert!(!is_pair(&dots(Hue::Real, 3), &line));
    }

    #[test]
    fn parts_hold_every_dot_once_and_take_turns() {
        let layers = [dots(Hue::Nth(0), 5), dots(Hue::Real, 20), dots(Hue::Fake, 7)];
        let parts = parts(&layers);
        let places: Vec<usize> = parts.iter().map(|part| part.0).collect();
        assert_eq!(places, [0, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
        for (i, layer) in layers.iter().enumerate() {
            let found = parts.iter().filter(|part| part.0 == i).flat_map(|(_, part)| match &part.shape {
                Shape::Dots(points, _) => points.clone(),
                _ => Vec::new(),
            });
            let Shape::Dots(points, _) = &layer.shape else { panic!("layer {i} has no dots") };
            assert_eq!(&found.collect::<Vec<_>>(), points);
        }
    }

    #[test]
    fn a_drawing_shows_both_clouds() {
        let same = [dots(Hue::Real, 30), dots(Hue::Fake, 30)];
        let chart = Chart { layers: same.to_vec(), ..Chart::new(Scale::of("x"), Scale::of("y")) };
        let svg = crate::figure::figure_drawing(&crate::figure::Figure::one("", chart)).unwrap().svg();
        let order: Vec<bool> =
            svg.lines().filter(|l| l.starts_with("<circle")).map(|l| l.contains("#0072b2")).collect();
        // The legend has a dot of each, before or after.
        assert!(order.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 59, "{order:?}");
    }
}
