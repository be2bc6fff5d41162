//! Alternating moves.

use ganatomy_record::{Fields, SpecError};

use super::{Play, Scheme};
use crate::step::Who;

/// `d_steps` moves of D, then `g_steps` of G, each with a fresh batch and on the newest parameters.
///
/// In games of other players, each moves once, in turn.
///
/// Declared property: on `xy` with gradient descent, `x^2 + lr x y + y^2` is conserved: the orbit is a closed
/// ellipse for lr < 2. With momentum `b` the factors `z` solve `((z - 1)(z - b))^2 = -lr^2 z^3`: some
/// negative `b` converges and every positive one diverges (Gidel et al. 2019, theorem 6).
#[derive(Clone, Copy, Debug)]
pub struct Alternating {
    d_steps: u64,
    g_steps: u64,
    g_first: bool,
}

impl Alternating {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Alternating, SpecError> {
        Ok(Alternating {
            d_steps: fields.count("d_steps", "moves of the discriminator in a step", 1, 1..=1000)?,
            g_steps: fields.count("g_steps", "moves of the generator in a step", 1, 1..=1000)?,
            g_first: fields.flag("g_first", "let the generator move first", false)?,
        })
    }

    /// One move each.
    pub fn once() -> Alternating {
        Alternating { d_steps: 1, g_steps: 1, g_first: false }
    }

    fn moves(&self, who: Who) -> u64 {
        match who {
            Who::DISCRIMINATOR => self.d_steps,
            Who::GENERATOR => self.g_steps,
            _ => 1,
        }
    }
}

impl Scheme for Alternating {
    fn step(&self, play: &mut Play<'_>) {
        let mut order = play.order();
        if self.g_first {
            order.reverse();
        }
        for who in order {
            for _ in 0..self.moves(who) {
                let gradient = play.gradient(who);
                play.apply(who, &gradient);
            }
        }
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        // ((z - 1)(z - b))^2 + lr^2 z^3 = 0
        let (sum, product) = (1.0 + beta, beta);
        let square =
            [1.0, lr * lr - 2.0 * sum, sum * sum + 2.0 * product, -2.0 * sum * product, product * product];
        Some(super::roots::largest(&square.map(|c| [c, 0.0])))
    }
}
