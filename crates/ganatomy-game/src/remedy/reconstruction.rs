//! Reconstruction.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Parts, Remedy};
use crate::step::{Scene, Who, channels};

/// G's loss gains `weight mean |y - G(x, z)|`, where `(x, y)` is a real item and `x` is given to G (Isola et al. 2017,
/// eq. 3 and 4; `weight` is their lambda, 100 as in section 4.1; their code too takes the mean over all numbers of `y`).
/// It leaves the mean as the reading `generator/reconstruction_error`.
///
/// # Shapes
/// - y, G(x, z): `[batch, h, w, c - n_given]`
///
/// Declared property: at a large weight G is a regression on `x`, the median of `y`, and D sharpens what the median blurs.
#[derive(Clone, Copy, Debug)]
pub struct Reconstruction {
    weight: f64,
}

impl Reconstruction {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<Reconstruction, SpecError> {
        let weight = fields.number("weight", "of the mean absolute error", 100.0, Range::at_least(0.0))?;
        Ok(Reconstruction { weight })
    }
}

impl Remedy for Reconstruction {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        match parts.beside.contains(&"image-conditioning") {
            true => Ok(()),
            false => {
                Err("needs image-conditioning, which pairs a sample with an item of the data".to_owned())
            }
        }
    }

    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        if scene.who != Who::GENERATOR {
            return loss;
        }
        let n_given = scene.duel.n_given();
        let made = |x: &Tensor| channels(x, n_given, x.shape()[3] - n_given);
        let error = (made(&scene.items) - made(&scene.samples)).abs().mean_all();
        scene.turn.memory.report("generator/reconstruction_error", error.clone());
        loss + error * self.weight
    }
}
