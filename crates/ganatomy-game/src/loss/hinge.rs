//! The hinge loss.

use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// `L_D = mean max(0, 1 - C_real) + mean max(0, 1 + C_fake)`, `L_G = -mean C_fake`
/// (Lim and Ye 2017; Miyato et al. 2018, eq. 16 and 17).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: items on the right side of the margin give D no gradient; G's slope is -1 everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hinge;

impl Loss for Hinge {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        margin(&scores.real, true) + margin(&scores.fake, false)
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        -scores.fake.mean_all()
    }

    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor> {
        Some(margin(logits, real))
    }
}

fn margin(logits: &Tensor, real: bool) -> Tensor {
    let short = if real { 1.0 - logits } else { 1.0 + logits };
    short.relu().mean_all()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        check(&Hinge, 2.0, -3.0, [0.0, 3.0, -1.0]);
        check(&Hinge, 0.5, 0.25, [0.5 + 1.25, -0.25, -1.0]);
    }
}
