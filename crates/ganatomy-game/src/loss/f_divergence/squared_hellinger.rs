//! The f-GAN of the squared Hellinger distance.

use ganatomy_tensor::Tensor;

use super::Divergence;

/// `H^2 = sum (sqrt p - sqrt q)^2`: `g(v) = 1 - exp(-v)`, `f*(t) = t / (1 - t)`, so that `f*(g(v)) = exp(v) - 1`, in the
/// objectives `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, table 2).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: the optimal logit is `log(p / q) / 2`.
#[derive(Clone, Copy, Debug)]
pub struct SquaredHellinger;

impl Divergence for SquaredHellinger {
    fn activation(&self, v: &Tensor) -> Tensor {
        1.0 - (-v).exp()
    }
    fn conjugate(&self, v: &Tensor) -> Tensor {
        v.exp() - 1.0
    }
}

#[cfg(test)]
#[test]
fn the_bound_is_tight() {
    super::check(SquaredHellinger, |ratio| 0.5 * ratio.ln(), |p, q| (p.sqrt() - q.sqrt()).powi(2));
}
