//! The f-GAN of the Kullback-Leibler divergence.

use ganatomy_tensor::Tensor;

use super::Divergence;

/// `KL(data || generated)`: `g(v) = v`, `f*(t) = exp(t - 1)`, in the objectives
/// `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, table 2).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: the optimal logit is `1 + log(p / q)`; G is made to cover every mode.
#[derive(Clone, Copy, Debug)]
pub struct Kl;

impl Divergence for Kl {
    fn activation(&self, v: &Tensor) -> Tensor {
        v.clone()
    }
    fn conjugate(&self, v: &Tensor) -> Tensor {
        (v - 1.0).exp()
    }
}

#[cfg(test)]
#[test]
fn the_bound_is_tight() {
    super::check(Kl, |ratio| 1.0 + ratio.ln(), |p, q| p * (p / q).ln());
}
