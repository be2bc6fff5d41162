//! Implicit maximum likelihood estimation with rejection sampling.

use std::sync::Arc;

use ganatomy_record::{Fields, Range, SpecError};

use super::{Matched, Options, Rule};
use crate::game::{GameSpec, Ingredients, Second};
use crate::step::Game;

/// IMLE that matches only latent points whose samples are still far from all data: those with
///
/// `min_i |x_i - T(z)| < epsilon`
///
/// are left out of the pool, or none if all of them would be. The nearest sample of many is nearer than a typical one, so
/// plain matching trains on other latent points than are sampled later. Rejection leaves those that are already good
/// untrained. Everything else is as in `imle`.
///
/// Declared property: with epsilon zero, this is `imle` bit for bit.
///
/// Reference: Vashist, Peng and Li 2024 (RS-IMLE).
#[derive(Clone, Copy, Debug)]
pub struct RejectionImle {
    options: Options,
    epsilon: f64,
}

impl RejectionImle {
    /// Reads the game's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<RejectionImle, SpecError> {
        let epsilon = "samples nearer than this to any data point are not matched";
        let options = Options::read(fields, 5)?;
        Ok(RejectionImle { options, epsilon: fields.number("epsilon", epsilon, 0.05, Range::at_least(0.0))? })
    }
}

impl Rule for RejectionImle {
    fn rejected_within(&self) -> f32 {
        self.epsilon as f32
    }
}

impl GameSpec for RejectionImle {
    fn second(&self) -> Second {
        Second::Nobody
    }

    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        Ok(Box::new(Matched { generator: parts.generator, options: self.options, rule: Arc::new(*self) }))
    }
}
