//! Scores of images by the classes that a classifier sees in them.

use super::modes::reverse_kl;

/// What a classifier sees in a set of samples.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassScores {
    /// The share of samples of each class.
    pub shares: Vec<f64>,
    /// Classes with at least one sample.
    pub n_classes: usize,
    /// `KL(samples || data)` of the class histograms.
    pub reverse_kl: f64,
    /// `exp(mean_x KL(p(y|x) || p(y)))`, between 1 and the number of classes (Salimans et al. 2016).
    pub classifier_score: f64,
}

/// Scores class probabilities against the data's class shares.
///
/// # Shapes
/// - probabilities: `[n, truth.len()]`, row-major
pub fn score(probabilities: &[f32], truth: &[f64]) -> ClassScores {
    let k = truth.len().max(1);
    let n = (probabilities.len() / k).max(1) as f64;
    let (mut counts, mut marginal) = (vec![0usize; k], vec![0.0; k]);
    for row in probabilities.chunks_exact(k) {
        let best = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
        counts[best] += 1;
        row.iter().zip(&mut marginal).for_each(|(p, m)| *m += f64::from(*p) / n);
    }
    let term = |p: f64, m: f64| if p > 0.0 { p * (p / m).ln() } else { 0.0 };
    let information =
        |row: &[f32]| row.iter().zip(&marginal).map(|(p, m)| term(f64::from(*p), *m)).sum::<f64>();
    let mean = probabilities.chunks_exact(k).map(information).sum::<f64>() / n;
    ClassScores {
        shares: counts.iter().map(|&count| count as f64 / n).collect(),
        n_classes: counts.iter().filter(|&&count| count > 0).count(),
        reverse_kl: reverse_kl(&counts, truth),
        classifier_score: mean.exp(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_hot(class: usize) -> [f32; 4] {
        std::array::from_fn(|i| if i == class { 1.0 } else { 0.0 })
    }

    fn check(rows: &[[f32; 4]], n_classes: usize, reverse_kl: f64, classifier_score: f64) {
        let found = score(&rows.concat(), &[0.25; 4]);
        assert_eq!(found.n_classes, n_classes);
        assert!((found.reverse_kl - reverse_kl).abs() < 1e-9, "{found:?}");
        assert!((found.classifier_score - classifier_score).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn scores_lie_between_one_class_and_all() {
        check(&[one_hot(0), one_hot(1), one_hot(2), one_hot(3)], 4, 0.0, 4.0);
        check(&[one_hot(2); 4], 1, 4.0f64.ln(), 1.0);
        check(&[one_hot(0), one_hot(0), one_hot(3), one_hot(3)], 2, 2.0f64.ln(), 2.0);
        // A classifier that is always unsure gives the lowest score, however many classes it names.
        check(&[[0.25; 4]; 3], 1, 4.0f64.ln(), 1.0);
    }
}
