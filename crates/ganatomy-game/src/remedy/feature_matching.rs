//! Feature matching.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Remedy, Uses};
use crate::step::{Scene, Who};

/// G minimises `|mean f(x) - mean f(G(z))|^2` instead of its loss, where `f` is D's last hidden layer; with `mix` above 0
/// it minimises `mix` times its loss besides (Salimans et al. 2016, section 3.1).
///
/// # Shapes
/// - f: `[batch, n]`
///
/// Declared property: G aims at equal means, not at deceiving D: it stops where the means agree.
#[derive(Clone, Copy, Debug)]
pub struct FeatureMatching {
    mix: f64,
}

impl FeatureMatching {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<FeatureMatching, SpecError> {
        let mix = fields.number("mix", "weight of the loss that stays", 0.0, Range::at_least(0.0))?;
        Ok(FeatureMatching { mix })
    }
}

impl Remedy for FeatureMatching {
    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn uses(&self, who: Who) -> Uses {
        Uses { hidden: who == Who::DISCRIMINATOR, ..Uses::default() }
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        match (scene.who, &scene.features) {
            (Who::GENERATOR, Some([real, fake])) => {
                let apart = (real.mean(&[0]) - fake.mean(&[0])).square().sum_all();
                if self.mix > 0.0 { apart + loss * self.mix } else { apart }
            }
            _ => loss,
        }
    }
}
