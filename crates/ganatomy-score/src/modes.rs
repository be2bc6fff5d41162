//! Scores of points against a mixture whose modes are known (Srivastava et al. 2017; Lin et al. 2018).

use ganatomy_data::Modes;

/// What a set of samples captures of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct ModeScores {
    /// Modes nearest to at least one high-quality sample.
    pub n_modes: usize,
    /// The share of samples near a mode: within as many standard deviations as the mixture sets, three for toys.
    pub high_quality_share: f64,
    /// `sum_k p_k ln(p_k K)`, where `p_k` is the share of samples whose nearest mode is `k` of `K`, however far it is.
    pub reverse_kl: f64,
    /// High-quality samples of each mode.
    pub at_modes: Vec<usize>,
    /// Samples whose nearest mode it is, however far.
    pub nearest: Vec<usize>,
}

impl ModeScores {
    /// `KL(samples || data)` of the histogram that has a bin for the high-quality samples of each mode and one for all others,
    /// which hold `real_share / K` and `1 - real_share` of the data.
    ///
    /// By the chain rule it is the divergence of being at a mode, and that of the modes there times the share of samples that
    /// are at one. So a cloud between the modes, which is nearest to all of them alike, is as bad as it looks.
    pub fn quality_kl(&self, real_share: f64) -> f64 {
        let (h, k) = (self.high_quality_share, self.at_modes.len() as f64);
        let term = |p: f64, q: f64| if p > 0.0 { p * (p / q).ln() } else { 0.0 };
        let good = self.at_modes.iter().sum::<usize>().max(1) as f64;
        let at = self.at_modes.iter().map(|&n| term(h * n as f64 / good, real_share / k)).sum::<f64>();
        at + term(1.0 - h, 1.0 - real_share)
    }
}

/// Scores samples.
///
/// # Shapes
/// - samples: `[n, dims]`, row-major
pub fn score(samples: &[f32], modes: &Modes) -> ModeScores {
    let dims = modes.centres.first().map_or(1, Vec::len).max(1);
    let n_modes = modes.centres.len();
    let (mut nearest, mut good) = (vec![0usize; n_modes], vec![0usize; n_modes]);
    let limit = (modes.high_quality_stds * modes.std).powi(2);
    for point in samples.chunks_exact(dims) {
        let distance =
            |centre: &Vec<f32>| centre.iter().zip(point).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        let distances = modes.centres.iter().map(distance).enumerate();
        // A sample that is NaN is near no mode, and counts as a bad one.
        let best = distances.filter(|(_, d)| d.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((mode, squared)) = best {
            nearest[mode] += 1;
            good[mode] += usize::from(squared < limit);
        }
    }
    let total = (samples.len() / dims).max(1) as f64;
    ModeScores {
        n_modes: good.iter().filter(|&&count| count > 0).count(),
        high_quality_share: good.iter().sum::<usize>() as f64 / total,
        reverse_kl: reverse_kl(&nearest, &vec![1.0 / n_modes as f64; n_modes]),
        at_modes: good,
        nearest,
    }
}

/// `KL(generated || truth) = sum_k p_k ln(p_k / q_k)` of a histogram; NaN when it is empty.
pub fn reverse_kl(counts: &[usize], truth: &[f64]) -> f64 {
    let total = counts.iter().sum::<usize>() as f64;
    if total == 0.0 {
        return f64::NAN;
    }
    let share = |&count: &usize| count as f64 / total;
    let term = |(p, q): (f64, &f64)| if p > 0.0 { p * (p / q).ln() } else { 0.0 };
    counts.iter().map(share).zip(truth).map(term).sum()
}

#[cfg(test)]
mod tests {
    use ganatomy_data::keyed::Keyed;
    use ganatomy_data::{BatchKey, Dataset};

    use super::*;
    use crate::testing::build;

    fn ring(std: f32) -> Modes {
        let centre = |i: usize| {
            let angle = i as f32 / 8.0 * std::f32::consts::TAU;
            vec![2.0 * angle.cos(), 2.0 * angle.sin()]
        };
        Modes::new((0..8).map(centre).collect(), std)
    }

    fn from_modes(modes: &Modes, n: usize, which: impl Fn(usize) -> usize) -> Vec<f32> {
        let mut random = Keyed::new(&[1]);
        let mut point = |i: usize| {
            let centre = &modes.centres[which(i)];
            [centre[0] + modes.std * random.normal(), centre[1] + modes.std * random.normal()]
        };
        (0..n).flat_map(&mut point).collect()
    }

    #[test]
    fn a_perfect_sampler_has_the_share_of_three_deviations() {
        let modes = ring(0.02);
        let found = score(&from_modes(&modes, 80_000, |i| i % 8), &modes);
        assert_eq!(found.n_modes, 8);
        // P(chi2 with two degrees of freedom < 9) = 1 - e^-4.5 = 0.98889.
        assert!((found.high_quality_share - 0.988_89).abs() < 0.002, "{found:?}");
        assert!(found.reverse_kl.abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn the_mixture_sets_what_is_near() {
        let modes = Modes { high_quality_stds: 10.0, ..ring(0.02) };
        let at = |stds: f32| score(&[2.0 + stds * 0.02, 0.0], &modes).n_modes;
        assert_eq!([at(0.0), at(9.9), at(10.1)], [1, 1, 0]);
    }

    #[test]
    fn a_collapsed_sampler_is_seen() {
        let modes = ring(0.02);
        let found = score(&from_modes(&modes, 4000, |i| i % 2), &modes);
        assert_eq!(found.n_modes, 2);
        assert!((found.reverse_kl - 4.0f64.ln()).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn evenly_bad_samples_are_bad_by_quality_kl_alone() {
        let modes = ring(0.02);
        let real_share: f64 = 1.0 - (-4.5f64).exp();
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.03, "{found}, {expected}");
        let perfect = score(&from_modes(&modes, 80_000, |i| i % 8), &modes);
        near(perfect.quality_kl(real_share), 0.0);
        // A cloud on a smaller ring: as even as the data, and at no mode.
        let cloud: Vec<f32> = modes.centres.iter().flatten().map(|x| 0.3 * x).collect();
        let cloud = score(&cloud.repeat(100), &modes);
        assert_eq!((cloud.n_modes, cloud.reverse_kl), (0, 0.0));
        near(cloud.quality_kl(real_share), 4.5);
        // Seven modes at a quality of 0.7 %, the rest between them.
        let mut few = from_modes(&modes, 7, |i| i);
        few.extend(modes.centres.iter().flatten().map(|x| 0.3 * x).cycle().take(2 * 993));
        let few = score(&few, &modes);
        assert!(few.reverse_kl < 0.02 && few.n_modes >= 5, "{few:?}");
        assert!(few.quality_kl(real_share) > 4.0, "{few:?}");
        // One mode alone, perfectly.
        let one = score(&from_modes(&modes, 80_000, |_| 3), &modes);
        near(one.quality_kl(real_share), real_share * 8f64.ln());
    }

    #[test]
    fn samples_that_are_nan_count_as_bad() {
        let found = score(&[f32::NAN, 0.0, 2.0, 0.0], &ring(0.02));
        assert_eq!((found.n_modes, found.high_quality_share), (1, 0.5));
        assert!(score(&[f32::NAN; 2], &ring(0.02)).reverse_kl.is_nan());
    }

    fn draw(set: &dyn Dataset, n: usize) -> Vec<f32> {
        let mut out = vec![f32::NAN; n * set.item_shape()[0]];
        set.fill(BatchKey { seed: 1, step: 2, draw: 0 }, &mut out, &mut vec![7; n]);
        out
    }

    #[test]
    fn real_samples_of_subspaces_have_every_mode_and_are_of_high_quality() {
        let set = build("subspaces", "");
        let modes = set.modes().unwrap();
        assert_eq!((set.item_shape(), modes.centres.len(), modes.std), (&[1200][..], 10, 0.1));
        let samples = draw(&*set, 2500);
        let found = score(&samples, modes);
        // P(chi of 700 dimensions < sqrt(800)) = 0.9951.
        assert!(found.n_modes == 10 && (found.high_quality_share - 0.9951).abs() < 0.005, "{found:?}");
        // 2 n KL is chi squared of 9 degrees of freedom.
        assert!(found.reverse_kl < 40.0 / 5000.0, "{found:?}");
        // Eleven standard deviations off the subspace are too many, by the paper's own ten all are.
        let strict = build("subspaces", "high_quality_stds = 10");
        assert_eq!(score(&samples, strict.modes().unwrap()).n_modes, 0);
    }

    #[test]
    fn an_epoch_of_ten_points_has_every_mode() {
        let set = build("ten-points", "");
        let found = score(&draw(&*set, 10), set.modes().unwrap());
        assert_eq!((found.n_modes, found.high_quality_share), (10, 1.0));
        assert!(found.reverse_kl.abs() < 1e-9);
    }
}
