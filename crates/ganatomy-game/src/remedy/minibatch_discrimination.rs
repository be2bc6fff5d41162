//! Minibatch discrimination.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Remedy, Uses};
use crate::step::{Init, Scope, Who};

/// D's last weights also see, for each item i of its batch, `o_b = sum_j exp(-|M_ib - M_jb|_1)` over the other items
/// j, with `M_i = f(x_i) T` cut into `kernels` rows of `dims` (Salimans et al. 2016, section 3.2).
///
/// # Shapes
/// - f: `[batch, n]`, T: `[n, kernels dims]`, o: `[batch, kernels]`
///
/// Declared property: D recognises a generated batch at once if its items are alike.
#[derive(Clone, Copy, Debug)]
pub struct MinibatchDiscrimination {
    kernels: usize,
    dims: usize,
}

impl MinibatchDiscrimination {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<MinibatchDiscrimination, SpecError> {
        let kernels = fields.count("kernels", "measures of nearness", 16, 1..=4096)? as usize;
        let dims = fields.count("dims", "length of the rows that are compared", 5, 1..=1024)? as usize;
        Ok(MinibatchDiscrimination { kernels, dims })
    }
}

impl Remedy for MinibatchDiscrimination {
    fn mixes_batch(&self, who: Who) -> bool {
        who == Who::DISCRIMINATOR
    }

    fn uses(&self, who: Who) -> Uses {
        Uses { hidden: who == Who::DISCRIMINATOR, ..Uses::default() }
    }

    fn hidden(&self, scope: &mut Scope<'_>, h: Tensor) -> Tensor {
        let [batch, n] = [h.shape()[0], h.shape()[1]];
        let (b, c) = (self.kernels, self.dims);
        let t = scope.weight("nearness.weight", [n, b * c], Init::Normal(0.05));
        // Items lie along the last axis, so that pairs are compared a whole row at a time.
        let m = t.product(&h, true, true).reshape([b, c, batch]);
        let near = m.nearness().transpose();
        // Each item's distance from itself is zero, which adds exp(0) = 1.
        h.concat(&[&(near - 1.0)], 1)
    }
}
