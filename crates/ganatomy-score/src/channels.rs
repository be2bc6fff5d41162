//! Scores of images whose every channel shows one class: stacked digits (Srivastava et al. 2017; Lin et al. 2018).

use ganatomy_tensor::Cpu;

use super::classifier::{Classifier, ClassifierError};
use super::modes::reverse_kl;

/// What a set of samples captures of all combinations of the channels' classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelScores {
    /// Combinations that at least one sample shows.
    pub n_modes: usize,
    /// `sum_i p_i ln(p_i / q_i)`: `p_i` the share of samples of combination `i`, `q_i` the product of its classes' shares.
    ///
    /// Of n perfect samples of K modes it is about `(K - 1) / 2n`; the papers have `q_i = 1 / 1000` instead.
    pub reverse_kl: f64,
}

/// The combination that each sample shows: its channels' classes as the digits of one number.
///
/// # Shapes
/// - samples: `[n, .., n_channels]`, of which the classifier takes `[n, .., 1]`; output: `n`
///
/// # Errors
/// The classifier's tensors do not fit.
pub fn combinations(
    classifier: &mut Classifier,
    cpu: &Cpu,
    samples: &[f32],
    n_channels: usize,
) -> Result<Vec<usize>, ClassifierError> {
    let classes = (0..n_channels).map(|c| {
        let channel: Vec<f32> = samples.iter().skip(c).step_by(n_channels).copied().collect();
        classifier.classes(cpu, &channel)
    });
    let classes = classes.collect::<Result<Vec<_>, _>>()?;
    Ok(numbered(&classes, classifier.n_classes()))
}

/// The number whose digits are the classes of an item's channels, the first channel the highest digit.
fn numbered(classes: &[Vec<usize>], base: usize) -> Vec<usize> {
    let mut numbers = vec![0; classes.first().map_or(0, Vec::len)];
    for channel in classes {
        numbers.iter_mut().zip(channel).for_each(|(number, class)| *number = *number * base + class);
    }
    numbers
}

/// Scores how often each combination was seen, given the shares of one channel's classes in the data.
///
/// # Shapes
/// - counts: `shares.len()` to the power of the number of channels
pub fn score(counts: &[usize], shares: &[f64]) -> ChannelScores {
    let mut truth = vec![1.0];
    while !shares.is_empty() && truth.len() < counts.len() {
        truth = truth.iter().flat_map(|p| shares.iter().map(move |share| p * share)).collect();
    }
    ChannelScores {
        n_modes: counts.iter().filter(|&&count| count > 0).count(),
        reverse_kl: reverse_kl(counts, &truth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::build;
    use ganatomy_data::BatchKey;

    #[test]
    fn real_samples_have_every_mode_and_the_bias_of_their_number() {
        const N: usize = 25_600;
        let set = build("stacked-mnist", "digits = \"glyphs\"\nsize = 8");
        let (mut items, mut labels, mut counts) = (vec![0.0; 192 * N], vec![0; N], vec![0; 1000]);
        set.fill(BatchKey { seed: 1, step: 0, draw: 0 }, &mut items, &mut labels);
        labels.iter().for_each(|&label| counts[label as usize] += 1);
        let found = score(&counts, &[0.1; 10]);
        assert_eq!(found.n_modes, 1000);
        // 2 n KL is chi squared of 999 degrees of freedom: 0.0195 +- 0.0009.
        let bias = 999.0 / (2 * N) as f64;
        assert!((found.reverse_kl - bias).abs() < 0.004, "{found:?}, expected {bias}");
    }

    #[test]
    fn channels_are_digits_the_first_the_highest() {
        assert_eq!(numbered(&[vec![1, 0], vec![2, 9], vec![3, 7]], 10), [123, 97]);
    }

    #[test]
    fn a_collapse_in_one_channel_is_seen() {
        // Two classes of shares 1/4 and 3/4, two channels, of which the first shows class 1 alone.
        let found = score(&[0, 0, 250, 750], &[0.25, 0.75]);
        assert_eq!(found.n_modes, 2);
        assert!((found.reverse_kl - (4.0f64 / 3.0).ln()).abs() < 1e-12, "{found:?}");
        let perfect = score(&[625, 1875, 1875, 5625], &[0.25, 0.75]);
        assert!(perfect.n_modes == 4 && perfect.reverse_kl.abs() < 1e-12, "{perfect:?}");
        assert!(score(&[0; 4], &[0.25, 0.75]).reverse_kl.is_nan());
    }
}
