//! Consensus optimisation.

use ganatomy_record::{Fields, Range, SpecError};

use super::{Play, Scheme};

/// Simultaneous moves along `xi + gamma H^T xi`, that is, `xi + gamma d(|xi|^2 / 2)` (Mescheder et al. 2017, algorithm 2).
///
/// Declared property: on `xy` with gradient descent the factor is exactly `sqrt((1 - lr gamma)^2 + lr^2)` a step.
#[derive(Clone, Copy, Debug)]
pub struct Consensus {
    gamma: f64,
}

impl Consensus {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Consensus, SpecError> {
        let gamma = fields.number("gamma", "weight of the common aim", 10.0, Range::at_least(0.0))?;
        Ok(Consensus { gamma })
    }
}

impl Scheme for Consensus {
    fn step(&self, play: &mut Play<'_>) {
        let field = play.field();
        let xi = field.xi();
        let common = field.transposed_times(&xi);
        let joint = xi.iter().zip(common).map(|(g, c)| g + c * self.gamma).collect();
        play.apply_all(&field.replaced(joint));
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        (beta == 0.0).then(|| (1.0 - lr * self.gamma).hypot(lr))
    }
}
