//! Fully connected layers.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Layers, Network, NetworkSpec, Norm, Scope};

/// `hidden` layers of the given widths, then a linear one. With `maxout = n` each unit is the largest of n linear
/// pieces instead of an activation (Goodfellow et al. 2013).
///
/// # Shapes
/// - a generator maps `[batch, z_dims]` to `[batch, ..item]`, through a tanh for images
/// - a discriminator maps `[batch, ..item]` to `[batch]`
///
/// Declared property: none of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct MlpSpec {
    hidden: Vec<usize>,
    maxout: usize,
    layers: Layers,
}

impl MlpSpec {
    /// Reads the network's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<MlpSpec, SpecError> {
        let doc = "units of each hidden layer";
        let hidden = fields.counts("hidden", doc, &[128, 128], 0..=32, 1..=16_384)?;
        let hidden = hidden.into_iter().map(|n| n as usize).collect();
        let maxout = "linear pieces of a unit, in place of the activation; 1 for none";
        let maxout = fields.count("maxout", maxout, 1, 1..=64)? as usize;
        Ok(MlpSpec { hidden, maxout, layers: Layers::read(fields, "xavier", "none", "tanh")? })
    }

    fn network(&self, n_out: usize, item: Option<Vec<usize>>) -> Box<dyn Network> {
        Box::new(Mlp { spec: self.clone(), n_out, item })
    }
}

impl NetworkSpec for MlpSpec {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(self.network(item.iter().product(), Some(item.to_vec())))
    }

    fn discriminator(&self, _: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(self.network(1, None))
    }
}

struct Mlp {
    spec: MlpSpec,
    n_out: usize,
    /// The shape of a generated item; a discriminator has none.
    item: Option<Vec<usize>>,
}

impl Network for Mlp {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let (batch, layers) = (x.shape()[0], &self.spec.layers);
        let mut h = x.reshape([batch, x.shape().numel() / batch]);
        for (i, &width) in self.spec.hidden.iter().enumerate() {
            let (name, pieces) = (i.to_string(), self.spec.maxout);
            let linear = layers.dense(scope, &name, &h, width * pieces);
            h = match pieces {
                1 => layers.finish(scope, &name, &linear),
                _ => layers.norm.apply(
                    scope,
                    &format!("{name}.norm"),
                    &linear.reshape([batch, width, pieces]).max(&[2]),
                ),
            };
        }
        match &self.item {
            None => layers.judge(scope, &h),
            Some(item) => {
                let out = layers.dense(scope, "out", &h, self.n_out);
                let shape: Vec<usize> = [batch].iter().chain(item).copied().collect();
                // Pixels lie in [-1, 1]; points may lie anywhere.
                if item.len() == 3 { out.tanh().reshape(shape) } else { out.reshape(shape) }
            }
        }
    }

    fn mixes_batch(&self) -> bool {
        self.spec.layers.norm == Norm::Batch
    }
}
