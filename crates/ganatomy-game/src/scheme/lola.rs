//! Learning with awareness of the opponent's learning.

use std::collections::BTreeMap;

use ganatomy_record::{Fields, Range, SpecError};

use super::{Play, Scheme};
use crate::step::Players;

/// Each player minimises its loss where the others have made one step of length `alpha` along their own gradients; all
/// move simultaneously. With `shape` it also minimises through that step, and so shapes it (LOLA, Foerster
/// et al. 2018); without, the others' step is taken as given (LookAhead, Letcher et al. 2019).
///
/// Declared property: on `xy` with gradient descent the factor is exactly `sqrt((1 - 2 lr alpha)^2 + lr^2)` a step, and
/// `sqrt((1 - lr alpha)^2 + lr^2)` without shaping.
#[derive(Clone, Copy, Debug)]
pub struct Lola {
    alpha: f64,
    shape: bool,
}

impl Lola {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Lola, SpecError> {
        let alpha = "length of the step expected of the others";
        Ok(Lola {
            alpha: fields.number("alpha", alpha, 1.0, Range::at_least(0.0))?,
            shape: fields.flag("shape", "minimise through the others' step as well", true)?,
        })
    }
}

impl Scheme for Lola {
    fn step(&self, play: &mut Play<'_>) {
        let before = play.memory().written();
        let field = play.field();
        // The field only predicts the opponents' steps, so what its turns wrote is taken back.
        play.memory().rewind(before);
        let mut gradients = BTreeMap::new();
        for who in play.order() {
            let mut expected: Players = field.leaves.clone();
            for (other, gradient) in field.gradients.iter().filter(|(other, _)| **other != who) {
                let values = expected.of_mut(*other);
                for (name, g) in &gradient.by_parameter {
                    let g = if self.shape { g.clone() } else { g.stop_gradient() };
                    if let Some(p) = values.get_mut(name) {
                        *p = &*p - g * self.alpha;
                    }
                }
            }
            let objective = play.objective(&field.batch, &expected, who);
            gradients.insert(who, play.slope(&field.batch, &expected, who, objective));
        }
        play.apply_all(&gradients);
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        let pull = if self.shape { 2.0 } else { 1.0 };
        (beta == 0.0).then(|| (1.0 - pull * lr * self.alpha).hypot(lr))
    }
}
