//! The uniform average.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::Average;

/// `a <- a + (p - a) / n`, where `n` counts the steps since `from` (averaging in Gidel et al. 2019, section 3.1).
///
/// Declared property: in bilinear games the average of alternating or simultaneous gradient descent with falling steps
/// converges where the last iterate does not.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    from_steps: u64,
}

impl Uniform {
    /// Reads the average's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Uniform, SpecError> {
        let from_steps =
            fields.count("from_steps", "steps before the average begins", 0, 0..=1_000_000_000)?;
        Ok(Uniform { from_steps })
    }
}

impl Average for Uniform {
    fn share(&self, steps_done: &Tensor) -> Tensor {
        let counted = steps_done + (1.0 - self.from_steps as f64);
        // Before it begins, the average is the newest parameters.
        1.0 / counted.maximum(&steps_done.trace().full([], 1.0))
    }
}
