//! The minimax loss.

use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// The zero-sum game of Goodfellow et al. (2014), eq. 1, on logits `C` with `D = sigmoid(C)`:
///
/// `L_D = mean softplus(-C_real) + mean softplus(C_fake)`, `L_G = -mean softplus(C_fake) = mean log(1 - D)`.
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: at the optimal discriminator `-L_D = 2 JS - 2 log 2`; G's gradient vanishes where D
/// is sure that a sample is fake.
#[derive(Clone, Copy, Debug, Default)]
pub struct Minimax;

impl Loss for Minimax {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        cross_entropy(&scores.real, true) + cross_entropy(&scores.fake, false)
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        -cross_entropy(&scores.fake, false)
    }

    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor> {
        Some(cross_entropy(logits, real))
    }

    fn is_zero_sum(&self) -> bool {
        true
    }
}

/// `-mean log D` for items called real, `-mean log(1 - D)` for items called generated.
pub(super) fn cross_entropy(logits: &Tensor, real: bool) -> Tensor {
    if real { (-logits).softplus().mean_all() } else { logits.softplus().mean_all() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        // softplus(-2) + softplus(-1), -softplus(-1), and d L_G / d C_fake = -sigmoid(-1).
        check(&Minimax, 2.0, -1.0, [0.126_928_0 + 0.313_261_7, -0.313_261_7, -0.268_941_4]);
        // Where D is sure, nothing overflows and G's slope is gone.
        check(&Minimax, 90.0, -90.0, [0.0, 0.0, 0.0]);
    }
}
