//! The relativistic loss on pairs.

use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// `L_D = mean softplus(-(C_real - C_fake))`, `L_G = mean softplus(-(C_fake - C_real))`, item by item
/// (Jolicoeur-Martineau 2019, RSGAN; Sun et al. 2020, RpGAN; Huang et al. 2024, R3GAN).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: only differences count, so D cannot win by moving all logits; every generated item is
/// compared with a real one, which leaves no bad basin where modes stay dropped (Sun et al. 2020).
#[derive(Clone, Copy, Debug, Default)]
pub struct Relativistic;

impl Loss for Relativistic {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        (&scores.fake - &scores.real).softplus().mean_all()
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        (&scores.real - &scores.fake).softplus().mean_all()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        // softplus(-3), softplus(3), and the slope -sigmoid(3).
        check(&Relativistic, 2.0, -1.0, [0.048_587_4, 3.048_587_4, -0.952_574_1]);
        check(&Relativistic, 90.0, -90.0, [0.0, 180.0, -1.0]);
    }
}
