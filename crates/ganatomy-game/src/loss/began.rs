//! The loss of boundary equilibrium GANs.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Loss, Scores};
use crate::step::Turn;

/// With `L(v) = -C(v)`, the error of an autoencoder on `v`:
///
/// `L_D = L(x) - k L(G(z))`, `L_G = L(G(z))`, and after each move of D
/// `k <- clip(k + lambda (gamma L(x) - L(G(z))), 0, 1)` (Berthelot et al. 2017, section 3.4).
///
/// The paper moves k by the batch of G's move; here it is D's own, and a step in which G moves n times moves k once for each
/// of D's moves.
///
/// It leaves the readings `loss/k` and `loss/convergence`, `M = L(x) + |gamma L(x) - L(G(z))|`.
///
/// # Shapes
/// - logits: `[batch]`, minus the mean absolute error of each item; both objectives: `[]`
///
/// Declared property: at equilibrium `L(G(z)) = gamma L(x)`; M falls as samples get better, unlike the losses.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    gamma: f64,
    lambda: f64,
}

/// Where `k` is kept.
const K: &str = "loss.k";

impl Began {
    /// Reads the loss's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Began, SpecError> {
        let gamma = "how far generated errors lie below real ones: less is sharper, more is more diverse";
        Ok(Began {
            gamma: fields.number("gamma", gamma, 0.5, Range::between(0.0, 1.0))?,
            lambda: fields.number("lambda", "pace of k", 1e-3, Range::positive())?,
        })
    }

    fn k(turn: &Turn<'_>) -> Tensor {
        turn.memory.get(K, [])
    }
}

impl Loss for Began {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        let (turn, real, fake) = (scores.turn, -scores.real.mean_all(), -scores.fake.mean_all());
        let k = Began::k(turn);
        let loss = &real - &k * &fake;
        let gap = real.stop_gradient() * self.gamma - fake.stop_gradient();
        let (zero, one) = (turn.trace.zeros([]), turn.trace.full([], 1.0));
        let moved = (&k + &gap * self.lambda).maximum(&zero).minimum(&one);
        turn.memory.report("loss/k", moved.clone());
        turn.memory.report("loss/convergence", real.stop_gradient() + gap.abs());
        turn.memory.set(K, moved);
        loss
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        -scores.fake.mean_all()
    }

    fn wants_autoencoder(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        // k is 0 at first: D only learns to reconstruct real items.
        check(&Began { gamma: 0.5, lambda: 1e-3 }, -2.0, -1.0, [2.0, 1.0, -1.0]);
    }
}
