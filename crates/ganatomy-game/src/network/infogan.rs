//! The networks of Chen et al. (2016) that Lucic et al. (2018) compare GANs with.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::layer::Window;
use super::{Attention, Layers, Network, NetworkSpec, Norm, Scope, image_shape};

/// Two strided convolutions of `width` and `2 width` channels, and dense layers of `dense` units.
#[derive(Clone, Debug, PartialEq)]
pub struct InfoganSpec {
    width: usize,
    dense: usize,
    layers: Layers,
    attention: Attention,
}

impl InfoganSpec {
    /// Reads the network's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<InfoganSpec, SpecError> {
        let width = fields.count("width", "channels of the first convolution", 64, 1..=1024)?;
        let dense = fields.count("dense", "units of the dense layer", 1024, 1..=16_384)?;
        let layers = Layers::read(fields, "normal", "batch", "leaky-relu")?;
        let attention = Attention::read(fields)?;
        Ok(InfoganSpec { width: width as usize, dense: dense as usize, layers, attention })
    }

    fn network(&self, item: &[usize], generates: bool) -> Result<Infogan, String> {
        let [h, w, c] = image_shape(item, "infogan")?;
        if h % 4 != 0 || w % 4 != 0 {
            return Err(format!(
                "\"infogan\" makes images whose sides are multiples of 4, but the data's are {h}x{w}"
            ));
        }
        Ok(Infogan { spec: self.clone(), quarter: [h / 4, w / 4], channels: c, generates })
    }
}

impl NetworkSpec for InfoganSpec {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(self.network(item, true)?))
    }

    fn discriminator(&self, item: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(self.network(item, false)?))
    }
}

struct Infogan {
    spec: InfoganSpec,
    quarter: [usize; 2],
    channels: usize,
    generates: bool,
}

impl Infogan {
    fn generate(&self, scope: &mut Scope<'_>, z: &Tensor) -> Tensor {
        let (layers, width) = (&self.spec.layers, self.spec.width);
        let [h, w] = self.quarter;
        let dense = layers.dense(scope, "0", z, self.spec.dense);
        let dense = layers.finish(scope, "0", &dense);
        let spread = layers.dense(scope, "1", &dense, 2 * width * h * w);
        let spread = layers.finish(scope, "1", &spread).reshape([z.shape()[0], h, w, 2 * width]);
        let grown = layers.deconv(scope, "2", &spread, Window::HALVING, width);
        let grown = layers.finish(scope, "2", &grown);
        let grown = self.spec.attention.apply(scope, &grown, layers.init);
        layers.deconv(scope, "out", &grown, Window::HALVING, self.channels).tanh()
    }

    fn judge(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let (layers, width, batch) = (&self.spec.layers, self.spec.width, x.shape()[0]);
        let first = layers.conv(scope, "0", x, Window::HALVING, width);
        let first = self.spec.attention.apply(scope, &layers.activation.of(&first), layers.init);
        let second = layers.conv(scope, "1", &first, Window::HALVING, 2 * width);
        let second = layers.finish(scope, "1", &second);
        let flat = second.reshape([batch, second.shape().numel() / batch]);
        let dense = layers.dense(scope, "2", &flat, self.spec.dense);
        let dense = layers.finish(scope, "2", &dense);
        layers.judge(scope, &dense)
    }
}

impl Network for Infogan {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        if self.generates { self.generate(scope, x) } else { self.judge(scope, x) }
    }

    fn mixes_batch(&self) -> bool {
        self.spec.layers.norm == Norm::Batch
    }
}
