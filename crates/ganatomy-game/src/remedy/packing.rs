//! Packing.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Parts, Remedy, View};
use crate::step::Mode;

/// D judges `m` items of one kind at once, real or generated, set side by side: points end to end, images as more channels
/// (Lin et al. 2018, section 2). A batch makes `batch / m` packs.
///
/// # Shapes
/// - x: `[batch, .., c]`; output: `[batch / m, .., m c]`
///
/// Declared property: D sees products of m distributions, in which a generator with fewer modes is farther from the data
/// (theorem 3).
#[derive(Clone, Copy, Debug)]
pub struct Packing {
    m: usize,
}

impl Packing {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<Packing, SpecError> {
        Ok(Packing { m: fields.count("m", "items in a pack", 2, 1..=1024)? as usize })
    }
}

impl Remedy for Packing {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        if !parts.batch.is_multiple_of(self.m) || parts.batch / self.m < 2 {
            return Err(format!(
                "needs a batch of two or more packs of {}, found batch {}",
                self.m, parts.batch
            ));
        }
        match parts.beside.contains(&"class-conditioning") && parts.projects {
            true => {
                Err("does not go with class-conditioning by projection, which wants one class a logit"
                    .to_owned())
            }
            false => Ok(()),
        }
    }

    fn input(&self, view: &View<'_>, x: Tensor) -> Tensor {
        let m = self.m;
        let (n, item) = (x.shape()[0], x.shape()[1..].to_vec());
        let packed = match view.mode {
            Mode::Train => x.reshape([&[n / m, m], &item[..]].concat()),
            // Outside training, one item is judged as a pack of its copies.
            Mode::Sample => {
                let one = x.reshape([&[n, 1], &item[..]].concat());
                one.broadcast([&[n, m], &item[..]].concat())
            }
        };
        // The pack's axis goes before the last: [n, m, .., c] -> [n, .., m, c].
        let rank = packed.shape().len();
        let order: Vec<usize> = [0].into_iter().chain(2..rank - 1).chain([1, rank - 1]).collect();
        let ordered = packed.permute(&order);
        let mut shape = ordered.shape().to_vec();
        let c = shape.pop().unwrap_or(1);
        let last = shape.len() - 1;
        shape[last] = m * c;
        ordered.reshape(shape)
    }
}
