//! Minibatch standard deviation.

use ganatomy_tensor::Tensor;

use super::{Remedy, Uses};
use crate::step::{Scope, Who};

/// D's last weights also see one number: the standard deviation of each feature over the batch, averaged over features
/// (Karras et al. 2018, section 3).
///
/// # Shapes
/// - f: `[batch, n]`; output: `[batch, n + 1]`
///
/// Declared property: without parameters of its own, it lets D recognise a generated batch that varies too little.
#[derive(Clone, Copy, Debug)]
pub struct MinibatchStddev;

impl Remedy for MinibatchStddev {
    fn mixes_batch(&self, who: Who) -> bool {
        who == Who::DISCRIMINATOR
    }

    fn uses(&self, who: Who) -> Uses {
        Uses { hidden: who == Who::DISCRIMINATOR, ..Uses::default() }
    }

    fn hidden(&self, _scope: &mut Scope<'_>, h: Tensor) -> Tensor {
        let centred = &h - h.mean_kept(&[0]);
        let deviation = (centred.square().mean(&[0]) + 1e-8).sqrt().mean_all();
        h.concat(&[&deviation.reshape([1, 1]).broadcast([h.shape()[0], 1])], 1)
    }
}
