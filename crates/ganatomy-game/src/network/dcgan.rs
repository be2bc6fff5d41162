//! The deep convolutional networks of Radford et al. (2016) for any power-of-two size.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::layer::Window;
use super::{Attention, Layers, Network, NetworkSpec, Norm, Scope, image_shape};

/// Channels double as images halve, from `width` at half the size to the 4x4 layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DcganSpec {
    width: usize,
    layers: Layers,
    attention: Attention,
}

impl DcganSpec {
    /// Reads the network's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<DcganSpec, SpecError> {
        let width = fields.count("width", "channels of the layer at half the image's size", 64, 1..=1024)?;
        let layers = Layers::read(fields, "normal", "batch", "leaky-relu")?;
        Ok(DcganSpec { width: width as usize, layers, attention: Attention::read(fields)? })
    }

    /// Image size, channels, and how often it is halved until it is 4x4.
    fn measure(item: &[usize]) -> Result<(usize, usize), String> {
        let [h, w, c] = image_shape(item, "dcgan")?;
        if h != w || !h.is_power_of_two() || h < 16 {
            return Err(format!(
                "\"dcgan\" makes square images of 16, 32, 64, .. pixels, but the data's are {h}x{w}; \
                 set data.size, or take \"infogan\""
            ));
        }
        Ok((h.ilog2() as usize - 2, c))
    }
}

impl NetworkSpec for DcganSpec {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        let (halvings, channels) = DcganSpec::measure(item)?;
        Ok(Box::new(Generator { spec: self.clone(), halvings, channels }))
    }

    fn discriminator(&self, item: &[usize]) -> Result<Box<dyn Network>, String> {
        let (halvings, _) = DcganSpec::measure(item)?;
        Ok(Box::new(Discriminator { spec: self.clone(), halvings }))
    }
}

struct Generator {
    spec: DcganSpec,
    halvings: usize,
    channels: usize,
}

impl Network for Generator {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let layers = &self.spec.layers;
        let pixel = x.reshape([x.shape()[0], 1, 1, x.shape()[1]]);
        let channels = |level: usize| self.spec.width << level;
        let first = layers.deconv(scope, "0", &pixel, Window::WHOLE, channels(self.halvings - 1));
        let mut h = layers.finish(scope, "0", &first);
        for level in (0..self.halvings - 1).rev() {
            let name = (self.halvings - 1 - level).to_string();
            let grown = layers.deconv(scope, &name, &h, Window::HALVING, channels(level));
            h = layers.finish(scope, &name, &grown);
            if level == 0 {
                h = self.spec.attention.apply(scope, &h, layers.init);
            }
        }
        layers.deconv(scope, "out", &h, Window::HALVING, self.channels).tanh()
    }

    fn mixes_batch(&self) -> bool {
        self.spec.layers.norm == Norm::Batch
    }
}

struct Discriminator {
    spec: DcganSpec,
    halvings: usize,
}

impl Network for Discriminator {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let layers = &self.spec.layers;
        let mut h = x.clone();
        for level in 0..self.halvings {
            let name = level.to_string();
            let halved = layers.conv(scope, &name, &h, Window::HALVING, self.spec.width << level);
            // The first layer sees the pixels themselves and is not normalised.
            h = match level {
                0 => self.spec.attention.apply(scope, &layers.activation.of(&halved), layers.init),
                _ => layers.finish(scope, &name, &halved),
            };
        }
        // A convolution over the whole remaining image is a matrix product.
        let flat = h.reshape([x.shape()[0], h.shape().numel() / x.shape()[0]]);
        layers.judge(scope, &flat)
    }

    fn mixes_batch(&self) -> bool {
        self.spec.layers.norm == Norm::Batch
    }
}
