//! Adversarial losses: what each player minimises, given the discriminator's logits.

mod minimax;
mod non_saturating;

pub use minimax::Minimax;
pub use non_saturating::NonSaturating;

use ganatomy_tensor::Tensor;

use crate::registry::Entry;

/// A pair of objectives. A high logit always means "real", and every player minimises.
///
/// Both functions are given the logits of a real and of a generated batch, and answer a scalar; what
/// they do not use is never computed.
pub trait Loss: Send + Sync {
    /// What the discriminator minimises.
    ///
    /// # Shapes
    /// - logits_real, logits_fake: `[batch]`; output: `[]`
    fn discriminator(&self, logits_real: &Tensor, logits_fake: &Tensor) -> Tensor;

    /// What the generator minimises.
    ///
    /// # Shapes
    /// - as for the discriminator
    fn generator(&self, logits_real: &Tensor, logits_fake: &Tensor) -> Tensor;
}

/// Every loss.
pub const LOSSES: &[Entry<dyn Loss>] = &[
    Entry::new("non-saturating", "G maximises log D(G(z)): its gradient lives where D is sure", |_| {
        Ok(Box::new(NonSaturating))
    }),
    Entry::new("minimax", "the game as first posed: G minimises log(1 - D(G(z)))", |_| Ok(Box::new(Minimax))),
];

#[cfg(test)]
mod testing {
    use std::collections::BTreeMap;

    use ganatomy_tensor::{Trace, cpu::Key, grad, interpret};

    use super::Loss;

    /// Both objectives and the slope of G's by its logit, for constant logits, against known numbers.
    pub(super) fn check(loss: &dyn Loss, real: f64, fake: f64, expected: [f64; 3]) {
        let trace = Trace::new();
        let (logits_real, logits_fake) = (trace.input("real", [4]), trace.input("fake", [4]));
        let of_d = loss.discriminator(&logits_real, &logits_fake);
        let of_g = loss.generator(&logits_real, &logits_fake);
        let slope = grad(&of_g, &[&logits_fake]).remove(0).sum_all();
        let inputs = BTreeMap::from([("real".to_owned(), vec![real; 4]), ("fake".to_owned(), vec![fake; 4])]);
        let found = interpret(&[&of_d, &of_g, &slope], &inputs, Key::default()).unwrap();
        for (found, truth) in found.iter().zip(expected) {
            assert!((found[0] - truth).abs() < 1e-6, "found {found:?}, expected {truth}");
        }
    }
}
