//! The f-GAN of the Jensen-Shannon divergence.

use ganatomy_tensor::Tensor;

use super::Divergence;

/// `2 JS = KL(p || m) + KL(q || m)` with `m = (p + q) / 2`: `g(v) = log 2 - softplus(-v)`, `f*(t) = -log(2 - exp t)`, so
/// that `f*(g(v)) = softplus(v) - log 2`, in the objectives
/// `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, table 2).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: the optimal logit is `log(p / q)`; the game is [`Minimax`](super::super::Minimax) up to a constant.
#[derive(Clone, Copy, Debug)]
pub struct JensenShannon;

impl Divergence for JensenShannon {
    fn activation(&self, v: &Tensor) -> Tensor {
        std::f64::consts::LN_2 - (-v).softplus()
    }
    fn conjugate(&self, v: &Tensor) -> Tensor {
        v.softplus() - std::f64::consts::LN_2
    }
}

#[cfg(test)]
#[test]
fn the_bound_is_tight() {
    super::check(JensenShannon, f64::ln, |p, q| {
        let m = 0.5 * (p + q);
        p * (p / m).ln() + q * (q / m).ln()
    });
}
