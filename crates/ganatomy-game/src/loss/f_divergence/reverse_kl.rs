//! The f-GAN of the reverse Kullback-Leibler divergence.

use ganatomy_tensor::Tensor;

use super::Divergence;

/// `KL(generated || data)`: `g(v) = -exp(-v)`, `f*(t) = -1 - log(-t)`, so that `f*(g(v)) = v - 1`, in the objectives
/// `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, table 2).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: the optimal logit is `log(p / q)`; G is punished for samples where there is no data,
/// not for modes it leaves out.
#[derive(Clone, Copy, Debug)]
pub struct ReverseKl;

impl Divergence for ReverseKl {
    fn activation(&self, v: &Tensor) -> Tensor {
        -(-v).exp()
    }
    fn conjugate(&self, v: &Tensor) -> Tensor {
        v - 1.0
    }
}

#[cfg(test)]
#[test]
fn the_bound_is_tight() {
    super::check(ReverseKl, f64::ln, |p, q| q * (q / p).ln());
}
