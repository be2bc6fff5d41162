//! The optimistic method.

use super::past_extragradient::{past_rate, slot};
use super::{Play, Scheme};

/// Every player moves along `2 g - p`, where `p` is its last gradient (Daskalakis et al. 2018, eq. 4).
///
/// Declared property: on `xy` with gradient descent the distance shrinks by `sqrt((1 + sqrt(1 - 4 lr^2)) / 2)` a step in the
/// long run, for lr <= 1/2; it converges for lr < 1/sqrt(3).
#[derive(Clone, Copy, Debug)]
pub struct Optimistic;

/// 1 once there is a last gradient.
const BEGUN: &str = "scheme.has_past_gradient";

impl Scheme for Optimistic {
    fn step(&self, play: &mut Play<'_>) {
        let mut field = play.field();
        // The first step has no last gradient, so it is an ordinary one.
        let later = play.memory().get(BEGUN, []);
        play.memory().set(BEGUN, play.trace().full([], 1.0));
        for gradient in field.gradients.values_mut() {
            for (name, g) in &mut gradient.by_parameter {
                let kept = play.memory().get(&slot(name), g.shape());
                let past = later.broadcast(g.shape()).select(&kept, &*g);
                play.memory().set(&slot(name), g.clone());
                *g = &*g * 2.0 - past;
            }
        }
        play.apply_all(&field.gradients);
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        past_rate(lr, beta)
    }
}
