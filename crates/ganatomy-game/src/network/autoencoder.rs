//! A discriminator that reconstructs items.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Layers, Network, NetworkSpec, Norm, Scope};

/// The logit of an item is minus the mean absolute error of its reconstruction, `-mean |v - decode(encode(v))|`: fully
/// connected layers of `hidden` units down to a code of `code` numbers, and back in the opposite order (Berthelot et al.
/// 2017, section 3.5, there with convolutions; Zhao et al. 2017 for autoencoders as discriminators).
///
/// # Shapes
/// - v: `[batch, ..item]`; output: `[batch]`
///
/// Declared property: logits are at most 0; items on the learned manifold have the highest.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoencoderSpec {
    hidden: Vec<usize>,
    code: usize,
    layers: Layers,
}

impl AutoencoderSpec {
    /// Reads the network's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<AutoencoderSpec, SpecError> {
        let hidden = fields.counts(
            "hidden",
            "units of each hidden layer of the encoder",
            &[128],
            0..=32,
            1..=16_384,
        )?;
        let code = fields.count("code", "numbers in the code", 64, 1..=16_384)? as usize;
        let hidden = hidden.into_iter().map(|n| n as usize).collect();
        Ok(AutoencoderSpec { hidden, code, layers: Layers::read(fields, "xavier", "none", "tanh")? })
    }
}

impl NetworkSpec for AutoencoderSpec {
    fn generator(&self, _: usize, _: &[usize]) -> Result<Box<dyn Network>, String> {
        Err("\"autoencoder\" judges items and makes none; \"mlp\" fits".to_owned())
    }

    fn discriminator(&self, _: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(Autoencoder { spec: self.clone() }))
    }
}

struct Autoencoder {
    spec: AutoencoderSpec,
}

impl Network for Autoencoder {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let AutoencoderSpec { hidden, code, layers } = &self.spec;
        let (batch, n) = (x.shape()[0], x.shape().numel() / x.shape()[0]);
        let item = x.reshape([batch, n]);
        let mut h = item.clone();
        for (i, &width) in hidden.iter().enumerate() {
            let linear = layers.dense(scope, &format!("encoder.{i}"), &h, width);
            h = layers.finish(scope, &format!("encoder.{i}"), &linear);
        }
        let code = layers.dense(scope, "code", &h, *code);
        // What remedies add to the features goes into the decoder beside the code.
        h = scope.hidden(&code);
        for (i, &width) in hidden.iter().rev().enumerate() {
            let linear = layers.dense(scope, &format!("decoder.{i}"), &h, width);
            h = layers.finish(scope, &format!("decoder.{i}"), &linear);
        }
        let rebuilt = layers.dense(scope, "out", &h, n);
        let logits = -(item - rebuilt).abs().mean(&[1]);
        scope.logits(logits, &code)
    }

    fn mixes_batch(&self) -> bool {
        self.spec.layers.norm == Norm::Batch
    }

    fn is_autoencoder(&self) -> bool {
        true
    }
}
