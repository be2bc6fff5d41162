//! Implicit maximum likelihood estimation.

use std::sync::Arc;

use ganatomy_record::{Fields, SpecError};

use super::{Matched, Options, Rule};
use crate::game::{GameSpec, Ingredients, Second};
use crate::step::Game;

/// Every data point pulls the sample that is nearest to it, so that none is left out:
///
/// `L_G = mean |x - T(z + s n)|^2`, `z = argmin |x - T(z_j)|^2` over a pool of fresh `z_j`, `n ~ N(0, I)`,
///
/// the pool `pool_factor` times as large as the data, a new one every `staleness` epochs, s = `latent_noise`. There
/// is no discriminator. (A GAN asks that every sample be near the data; this asks that the data be near a sample.)
/// All moves of a step share its batch.
///
/// # Shapes
/// - x: `[batch, ..item]`, z: `[batch, z_dims]`; the square is summed over an item
///
/// In few dimensions a large pool has a sample near any point by chance, and then nothing draws the rest to the data: of the
/// ring's samples, 0.5 % are of high quality with the usual pool of ten a point, 60 % with one for sixteen points.
///
/// Declared property: all modes of the ring are captured, with every seed.
///
/// Reference: Li and Malik 2018; the defaults are those of its code.
#[derive(Clone, Copy, Debug)]
pub struct Imle {
    options: Options,
}

impl Imle {
    /// Reads the game's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Imle, SpecError> {
        Ok(Imle { options: Options::read(fields, 5)? })
    }
}

impl Rule for Imle {}

impl GameSpec for Imle {
    fn second(&self) -> Second {
        Second::Nobody
    }

    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        Ok(Box::new(Matched { generator: parts.generator, options: self.options, rule: Arc::new(*self) }))
    }
}
