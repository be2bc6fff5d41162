//! The Wasserstein loss.

use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// `L_D = mean C_fake - mean C_real`, `L_G = -mean C_fake` (Arjovsky et al. 2017, eq. 2 and algorithm 1).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: over critics of slope at most one, `-L_D` is the Wasserstein-1 distance, whose slope
/// does not vanish between distant distributions. The bound on the slope comes from a remedy:
/// weight-clipping, gradient-penalty or spectral-norm.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wasserstein;

impl Loss for Wasserstein {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        scores.fake.mean_all() - scores.real.mean_all()
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        -scores.fake.mean_all()
    }

    fn is_zero_sum(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        check(&Wasserstein, 2.0, -1.0, [-3.0, 1.0, -1.0]);
    }
}
