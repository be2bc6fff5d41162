//! The relativistic loss on averages.

use ganatomy_tensor::Tensor;

use super::minimax::cross_entropy;
use super::{Loss, Scores};

/// `L_D = (BCE(C_real - mean C_fake, 1) + BCE(C_fake - mean C_real, 0)) / 2`, and `L_G` with the labels
/// exchanged (Jolicoeur-Martineau 2019, RaGAN, eq. 12 and 13).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: adding a number to all logits changes nothing; G's gradient comes from real items too.
#[derive(Clone, Copy, Debug, Default)]
pub struct RelativisticAverage;

impl RelativisticAverage {
    fn compared(scores: &Scores<'_>, real: bool) -> Tensor {
        let above = &scores.real - scores.fake.mean_all();
        let below = &scores.fake - scores.real.mean_all();
        (cross_entropy(&above, real) + cross_entropy(&below, !real)) * 0.5
    }
}

impl Loss for RelativisticAverage {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        RelativisticAverage::compared(scores, true)
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        RelativisticAverage::compared(scores, false)
    }

    fn averages_logits(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        check(&RelativisticAverage, 2.0, -1.0, [0.048_587_4, 3.048_587_4, -0.952_574_1]);
    }
}
