//! Simultaneous moves.

use super::{Play, Scheme};

/// Every player moves along its gradient, `z <- z - lr xi(z)`, all on one batch.
///
/// Declared property: on `xy` with gradient descent the distance to the equilibrium grows by exactly
/// `sqrt(1 + lr^2)` a step. With momentum `b` the factors `z` solve `(z - 1)(z - b) = i lr z`, and diverge for
/// every `b` (Gidel et al. 2019, theorem 5).
#[derive(Clone, Copy, Debug)]
pub struct Simultaneous;

impl Scheme for Simultaneous {
    fn step(&self, play: &mut Play<'_>) {
        let field = play.field();
        play.apply_all(&field.gradients);
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        // z^2 - (1 + b + i lr) z + b = 0
        Some(super::roots::largest(&[[1.0, 0.0], [-1.0 - beta, -lr], [beta, 0.0]]))
    }
}
