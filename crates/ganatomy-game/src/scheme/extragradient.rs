//! The extragradient method.

use super::{Play, Scheme};

/// `z' = z - lr xi(z)`, then `z <- z - lr xi(z')` (Korpelevich 1976; for GANs Gidel et al. 2019, algorithm 2).
///
/// The look ahead uses each player's own update rule, whose slots forget it; `extra-adam` learns from both
/// gradients. Both gradients have a batch of their own.
///
/// Declared property: on `xy` with gradient descent the distance shrinks by exactly `sqrt(1 - lr^2 + lr^4)` a step, for
/// lr < 1.
#[derive(Clone, Copy, Debug)]
pub struct Extragradient;

impl Scheme for Extragradient {
    fn step(&self, play: &mut Play<'_>) {
        let start = play.mark();
        let here = play.field();
        play.apply_all(&here.gradients);
        let ahead = play.field();
        play.rewind(&start, true);
        play.apply_all(&ahead.gradients);
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        (beta == 0.0).then(|| (1.0 - lr.powi(2) + lr.powi(4)).sqrt())
    }
}
