//! Virtual batch normalisation.

use ganatomy_record::{Fields, SpecError};

use super::{Parts, Remedy};

/// G's batch normalisation takes an item's statistics not from its batch, but from the item itself and one reference batch of
/// latent points, drawn once (Salimans et al. 2016, section 3.5).
///
/// # Shapes
/// - reference: `[n, z_dims]`
///
/// Declared property: what G makes of a latent point does not depend on the other points of its batch.
#[derive(Clone, Copy, Debug)]
pub struct VirtualBatchNorm {
    n: usize,
}

impl VirtualBatchNorm {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<VirtualBatchNorm, SpecError> {
        let n = fields.count("n_reference", "latent points of the reference batch", 64, 2..=65_536)?;
        Ok(VirtualBatchNorm { n: n as usize })
    }
}

impl Remedy for VirtualBatchNorm {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        match parts.generator_mixes_batch {
            true => Ok(()),
            false => Err("needs batch normalisation in the generator: generator.norm = \"batch\"".to_owned()),
        }
    }

    fn n_reference(&self) -> usize {
        self.n
    }
}
