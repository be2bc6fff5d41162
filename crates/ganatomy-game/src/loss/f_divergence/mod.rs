//! f-GANs: the variational form of any f-divergence.

mod jensen_shannon;
mod kl;
mod pearson;
mod reverse_kl;
mod squared_hellinger;

pub use jensen_shannon::JensenShannon;
pub use kl::Kl;
pub use pearson::Pearson;
pub use reverse_kl::ReverseKl;
pub use squared_hellinger::SquaredHellinger;

use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// An f-divergence by its variational form (Nowozin et al. 2016, table 2 and 6).
pub trait Divergence: Send + Sync {
    /// `g(v)`: the output activation, which maps any logit into the domain of the conjugate.
    fn activation(&self, v: &Tensor) -> Tensor;

    /// `f*(g(v))`: the convex conjugate after the activation, written so that nothing overflows early.
    fn conjugate(&self, v: &Tensor) -> Tensor;
}

/// `L_D = -mean g(C_real) + mean f*(g(C_fake))`, `L_G = -mean f*(g(C_fake))` (Nowozin et al. 2016, eq. 6).
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: over all discriminators, `max -L_D` is the divergence `D_f(data || generated)`.
#[derive(Clone, Copy, Debug)]
pub struct FDivergence<D>(pub D);

impl<D: Divergence> Loss for FDivergence<D> {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        self.0.conjugate(&scores.fake).mean_all() - self.0.activation(&scores.real).mean_all()
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        -self.0.conjugate(&scores.fake).mean_all()
    }

    fn is_zero_sum(&self) -> bool {
        true
    }
}

/// A divergence at its optimal discriminator, against its closed form between two distributions on two points.
#[cfg(test)]
pub(super) fn check(divergence: impl Divergence, optimum: fn(f64) -> f64, closed: fn(f64, f64) -> f64) {
    use ganatomy_tensor::{Trace, interpret};
    let (p, q) = ([0.3, 0.7], [0.6, 0.4]);
    let trace = Trace::new();
    let ratios: Vec<f64> = p.iter().zip(&q).map(|(p, q)| optimum(p / q)).collect();
    let v = trace.literal([2], &ratios);
    let (p_known, q_known) = (trace.literal([2], &p), trace.literal([2], &q));
    let bound =
        (divergence.activation(&v) * p_known).sum_all() - (divergence.conjugate(&v) * q_known).sum_all();
    let found = interpret::<f64>(&[&bound], &Default::default(), Default::default()).unwrap()[0][0];
    let truth: f64 = p.iter().zip(&q).map(|(&p, &q)| closed(p, q)).sum();
    assert!((found - truth).abs() < 1e-12, "the bound is {found}, the divergence {truth}");
}
