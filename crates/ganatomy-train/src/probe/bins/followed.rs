//! Samples of the same latent points at every reading: whether they stay, go, or swing.

use ganatomy_data::keyed::Keyed;
use ganatomy_game::game::Noise;

/// Latent points that are followed.
pub(super) const N_FOLLOWED: usize = 128;
/// Along which their middle is told.
const DIRECTIONS: usize = 2;

/// What is read of them.
pub(super) const NAMES: [&str; 3] = ["centre/0", "centre/1", "spread"];

/// The latent points, the same for every run whose points are drawn alike.
pub(super) fn latent(noise: &Noise) -> Vec<f32> {
    let mut random = Keyed::new(&[0xf0, noise.z_dims as u64]);
    (0..N_FOLLOWED * noise.z_dims).map(|_| noise.draw_one(&mut random)).collect()
}

/// Where items lie on average, and how wide they are.
#[derive(Debug)]
pub(super) struct Place {
    centre: Vec<f64>,
    /// The root mean square distance from the centre.
    width: f64,
    /// Unit vectors; of points of one number the second is zero.
    axes: [Vec<f64>; DIRECTIONS],
}

impl Place {
    /// The place of the data.
    pub fn new(real: &[f32], dims: usize) -> Place {
        let centre = mean(real, dims);
        Place { width: width(real, &centre), axes: [0, 1].map(|i| axis(i, dims)), centre }
    }

    /// How far the middle of samples is from that of the data along two directions, and how wide samples are, in widths of the data.
    /// Nothing beside data that are all alike, or of samples that are not finite.
    pub fn beside(&self, samples: &[f32]) -> Option<[f64; 3]> {
        let centre = mean(samples, self.centre.len());
        let along = |axis: &[f64]| -> f64 {
            centre.iter().zip(&self.centre).zip(axis).map(|((a, b), axis)| (a - b) * axis).sum()
        };
        let [first, second] = &self.axes;
        let found = [along(first), along(second), width(samples, &centre)];
        let found = found.map(|value| value / self.width);
        (self.width > 0.0 && found.iter().all(|value| value.is_finite())).then_some(found)
    }
}

/// The axes of a plane, or random directions of more numbers.
fn axis(i: usize, dims: usize) -> Vec<f64> {
    if dims <= DIRECTIONS {
        return (0..dims).map(|place| f64::from(u8::from(place == i))).collect();
    }
    let mut random = Keyed::new(&[0xf1, i as u64]);
    let axis: Vec<f64> = (0..dims).map(|_| f64::from(random.normal())).collect();
    let length = axis.iter().map(|x| x * x).sum::<f64>().sqrt();
    axis.into_iter().map(|x| x / length).collect()
}

fn mean(items: &[f32], dims: usize) -> Vec<f64> {
    let n = (items.len() / dims) as f64;
    (0..dims).map(|i| items.iter().skip(i).step_by(dims).map(|x| f64::from(*x)).sum::<f64>() / n).collect()
}

fn width(items: &[f32], centre: &[f64]) -> f64 {
    let squares = items.iter().zip(centre.iter().cycle()).map(|(x, c)| (f64::from(*x) - c).powi(2));
    (squares.sum::<f64>() * centre.len() as f64 / items.len() as f64).sqrt()
}
