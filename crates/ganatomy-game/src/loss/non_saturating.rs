//! The non-saturating loss.

use ganatomy_tensor::Tensor;

use super::minimax::cross_entropy;
use super::{Loss, Minimax, Scores};

/// The heuristic of Goodfellow et al. (2014), section 3: D as in [`Minimax`], and
///
/// `L_G = mean softplus(-C_fake) = -mean log D`.
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: `d L_G / d C_fake = -sigmoid(-C_fake) / batch`, which tends to -1 / batch, not 0,
/// where D is sure that a sample is fake.
#[derive(Clone, Copy, Debug, Default)]
pub struct NonSaturating;

impl Loss for NonSaturating {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        Minimax.discriminator(scores)
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        cross_entropy(&scores.fake, true)
    }

    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor> {
        Some(cross_entropy(logits, real))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        check(&NonSaturating, 2.0, -1.0, [0.126_928_0 + 0.313_261_7, 1.313_261_7, -0.731_058_6]);
        check(&NonSaturating, 90.0, -90.0, [0.0, 90.0, -1.0]);
    }
}
