//! Two time scales.

use ganatomy_record::{Fields, Range, SpecError};

use super::Remedy;
use crate::step::Who;

/// D's learning rate is `ratio` times that of its update (Heusel et al. 2017, TTUR, section 2). Two learning rates in the
/// spec do the same.
///
/// Declared property: with step sizes that fall at different rates, D stays near its best answer and the pair converges
/// to a local Nash equilibrium (theorem 1).
#[derive(Clone, Copy, Debug)]
pub struct TwoTimeScales {
    ratio: f64,
}

impl TwoTimeScales {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<TwoTimeScales, SpecError> {
        let doc = "factor of the discriminator's learning rate";
        Ok(TwoTimeScales { ratio: fields.number("ratio", doc, 4.0, Range::positive())? })
    }
}

impl Remedy for TwoTimeScales {
    fn lr_factor(&self, who: Who) -> f64 {
        if who == Who::DISCRIMINATOR { self.ratio } else { 1.0 }
    }
}
