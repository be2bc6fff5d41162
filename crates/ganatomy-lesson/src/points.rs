//! Clouds of points in the plane: how far they are apart, and as charts.

use ganatomy_data::keyed::Keyed;
use ganatomy_view::figure::{Chart, Hue, Scale, Shape};

use super::Words;

/// Row-major pairs as points.
pub fn points(values: &[f32]) -> Vec<[f64; 2]> {
    values.chunks_exact(2).map(|p| [f64::from(p[0]), f64::from(p[1])]).collect()
}

/// The sliced Wasserstein distance of two clouds of the same size: the mean over directions of the distance between their
/// projections (Bonneel et al. 2015). The directions are the same for every call.
///
/// # Shapes
/// - a, b: `[n, dims]`, row-major; NaN where they differ in length
pub fn sliced_wasserstein(a: &[f32], b: &[f32], dims: usize) -> f64 {
    const N_DIRECTIONS: usize = 64;
    if a.len() != b.len() || a.is_empty() {
        return f64::NAN;
    }
    let mut random = Keyed::new(&[7, dims as u64]);
    let mut direction = || {
        let towards: Vec<f32> = (0..dims).map(|_| random.normal()).collect();
        let length = towards.iter().map(|x| x * x).sum::<f32>().sqrt();
        towards.into_iter().map(|x| x / length).collect::<Vec<f32>>()
    };
    let shadow = |cloud: &[f32], direction: &[f32]| {
        let along = |item: &[f32]| item.iter().zip(direction).map(|(x, d)| x * d).sum::<f32>();
        let mut along: Vec<f32> = cloud.chunks_exact(dims).map(along).collect();
        along.sort_by(f32::total_cmp);
        along
    };
    let mut one = || {
        let direction = direction();
        let pairs = shadow(a, &direction).into_iter().zip(shadow(b, &direction));
        pairs.map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() * dims as f64 / a.len() as f64
    };
    (0..N_DIRECTIONS).map(|_| one()).sum::<f64>() / N_DIRECTIONS as f64
}

/// Real and generated points of a square plane.
pub fn cloud(title: impl Into<Words>, real: &[[f64; 2]], fake: &[[f64; 2]], reach: f64) -> Chart {
    let axis = |name: &'static str| Scale::of(name).within(-reach, reach);
    Chart::new(axis("x₁"), axis("x₂"))
        .titled(title)
        .with(("data", "데이터"), Hue::Real, Shape::Dots(real.to_vec(), 2.5))
        .with(("generated", "생성된 표본"), Hue::Fake, Shape::Dots(fake.to_vec(), 1.6))
        .squared()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_its_mean_projection() {
        let a: Vec<f32> = (0..100).map(|i| (i * i % 17) as f32).collect();
        let b: Vec<f32> = a.chunks_exact(2).flat_map(|p| [p[0] + 3.0, p[1]]).collect();
        // The mean of |cos| over all directions is 2 / pi.
        let found = sliced_wasserstein(&a, &b, 2);
        assert!((found - 6.0 / std::f64::consts::PI).abs() < 0.2, "{found}");
        assert_eq!(sliced_wasserstein(&a, &a, 2), 0.0);
        assert!(sliced_wasserstein(&a, &b[2..], 2).is_nan());
    }
}
