//! Extrapolation from the past.

use std::collections::BTreeMap;

use super::{Gradient, Play, Scheme};
use crate::step::Who;

/// `z' = z - lr p`, then `p <- xi(z')` and `z <- z - lr p` (Popov 1980; for GANs Gidel et al. 2019, algorithm 3): an
/// extragradient step that needs one gradient, because it looks ahead along the last one.
///
/// Declared property: on `xy` with gradient descent the distance shrinks by `sqrt((1 + sqrt(1 - 4 lr^2)) / 2)` a step
/// in the long run, for lr <= 1/2.
#[derive(Clone, Copy, Debug)]
pub struct PastExtragradient;

impl Scheme for PastExtragradient {
    fn step(&self, play: &mut Play<'_>) {
        let start = play.mark();
        // Only names, shapes and gates are used here; the gradients themselves are never computed.
        let shapes = play.field().gradients;
        let past: BTreeMap<Who, Gradient> =
            shapes.iter().map(|(who, g)| (*who, remembered(play, g))).collect();
        play.rewind(&start, false);
        play.apply_all(&past);
        let ahead = play.field();
        play.rewind(&start, true);
        for gradient in ahead.gradients.values() {
            for (name, g) in &gradient.by_parameter {
                play.memory().set(&slot(name), g.clone());
            }
        }
        play.apply_all(&ahead.gradients);
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        past_rate(lr, beta)
    }
}

/// The rate that both forms of the past method share on `xy`.
pub(super) fn past_rate(lr: f64, beta: f64) -> Option<f64> {
    // z^2 - (1 + 2 i lr) z + i lr = 0
    (beta == 0.0).then(|| super::roots::largest(&[[1.0, 0.0], [-1.0, -2.0 * lr], [0.0, lr]]))
}

/// Where a parameter's last gradient is kept.
pub(super) fn slot(name: &str) -> String {
    format!("scheme.past.{name}")
}

fn remembered(play: &Play<'_>, gradient: &Gradient) -> Gradient {
    let mut past = gradient.still();
    for (name, g) in &mut past.by_parameter {
        *g = play.memory().get(&slot(name), g.shape());
    }
    past
}
