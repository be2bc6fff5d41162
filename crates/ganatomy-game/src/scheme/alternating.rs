//! Alternating moves.

use ganatomy_record::{Fields, SpecError};

use super::{Play, Scheme};
use crate::game::Who;

/// `d_steps` moves of D, then `g_steps` of G, each with a fresh batch and on the newest parameters.
///
/// Declared property: on the bilinear game with gradient descent the orbit is bounded for lr < 2, and
/// `x^2 + lr x y + y^2` is conserved.
#[derive(Clone, Copy, Debug)]
pub struct Alternating {
    d_steps: u64,
    g_steps: u64,
}

impl Alternating {
    /// Reads the scheme's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<Alternating, SpecError> {
        Ok(Alternating {
            d_steps: fields.count("d_steps", "moves of the discriminator in a step", 1, 1..=1000)?,
            g_steps: fields.count("g_steps", "moves of the generator in a step", 1, 1..=1000)?,
        })
    }
}

impl Scheme for Alternating {
    fn step(&self, play: &mut Play<'_>) {
        for (who, n) in [(Who::Discriminator, self.d_steps), (Who::Generator, self.g_steps)] {
            for _ in 0..n {
                let gradient = play.gradient(who);
                play.apply(who, &gradient);
            }
        }
    }
}
