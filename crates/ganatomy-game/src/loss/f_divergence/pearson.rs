//! The f-GAN of Pearson's chi-squared divergence.

use ganatomy_tensor::Tensor;

use super::Divergence;

/// Pearson's `chi^2(data || generated) = sum (q - p)^2 / q`: `g(v) = v`, `f*(t) = t^2 / 4 + t`, in the objectives
/// `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, table 2).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: the optimal logit is `2 (p / q - 1)`.
#[derive(Clone, Copy, Debug)]
pub struct Pearson;

impl Divergence for Pearson {
    fn activation(&self, v: &Tensor) -> Tensor {
        v.clone()
    }
    fn conjugate(&self, v: &Tensor) -> Tensor {
        v.square() * 0.25 + v
    }
}

#[cfg(test)]
#[test]
fn the_bound_is_tight() {
    super::check(Pearson, |ratio| 2.0 * (ratio - 1.0), |p, q| (q - p).powi(2) / q);
}
