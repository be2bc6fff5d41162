//! The layers that networks are stacked from.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{ConvGeometry, Shape, Tensor};

use super::{Activation, Init, Norm, Scope};

/// How every hidden layer of a network is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layers {
    /// Initial weights.
    pub init: Init,
    /// Normalisation after the weights.
    pub norm: Norm,
    /// Nonlinearity after the normalisation.
    pub activation: Activation,
}

impl Layers {
    /// Reads `init`, `norm` and `activation`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(
        fields: &mut Fields<'_>,
        init: &str,
        norm: &str,
        activation: &str,
    ) -> Result<Layers, SpecError> {
        Ok(Layers {
            init: Init::read(fields, init)?,
            norm: Norm::read(fields, norm)?,
            activation: Activation::read(fields, activation)?,
        })
    }

    /// Normalisation and nonlinearity after a layer's weights.
    pub fn finish(&self, scope: &mut Scope<'_>, name: &str, x: &Tensor) -> Tensor {
        let normal = self.norm.apply(scope, &format!("{name}.norm"), x);
        self.activation.of(&normal)
    }

    /// `x w + b`.
    ///
    /// # Shapes
    /// - x: `[batch, n_in]`; output: `[batch, n_out]`
    pub fn dense(&self, scope: &mut Scope<'_>, name: &str, x: &Tensor, n_out: usize) -> Tensor {
        let w = scope.weight(&format!("{name}.weight"), [x.shape()[1], n_out], self.init);
        x.matmul(&w) + scope.param(&format!("{name}.bias"), [n_out], Init::Constant(0.0))
    }

    /// A discriminator's logits from its last hidden layer; of an encoder, its numbers.
    ///
    /// # Shapes
    /// - h: `[batch, n]`; output: `[batch]`, or `[batch, n_answers]`
    pub fn judge(&self, scope: &mut Scope<'_>, h: &Tensor) -> Tensor {
        let (seen, n) = (scope.hidden(h), scope.n_answers);
        let answers = self.dense(scope, "out", &seen, n);
        match n {
            1 => scope.logits(answers.reshape([h.shape()[0]]), h),
            _ => answers,
        }
    }

    /// Convolution with a square window and a bias a channel.
    ///
    /// # Shapes
    /// - x: `[batch, h, w, c]`; output: `[batch, h', w', n_out]`
    pub fn conv(
        &self,
        scope: &mut Scope<'_>,
        name: &str,
        x: &Tensor,
        window: Window,
        n_out: usize,
    ) -> Tensor {
        let c = x.shape()[3];
        let w = scope.weight(&format!("{name}.weight"), [window.size, window.size, c, n_out], self.init);
        x.conv2d(&w, &window.geometry()) + scope.param(&format!("{name}.bias"), [n_out], Init::Constant(0.0))
    }

    /// Transposed convolution with a square window and a bias a channel.
    ///
    /// # Shapes
    /// - x: `[batch, h, w, c]`; output: `[batch, stride h', stride w', n_out]`, the size whose
    ///   convolution gives `h, w`
    pub fn deconv(
        &self,
        scope: &mut Scope<'_>,
        name: &str,
        x: &Tensor,
        window: Window,
        n_out: usize,
    ) -> Tensor {
        let c = x.shape()[3];
        let grown = |n: usize| (n - 1) * window.stride + window.size - 2 * window.pad;
        let out: Shape = [x.shape()[0], grown(x.shape()[1]), grown(x.shape()[2]), n_out].into();
        let w = scope.weight(&format!("{name}.weight"), [window.size, window.size, n_out, c], self.init);
        let bias = scope.param(&format!("{name}.bias"), [n_out], Init::Constant(0.0));
        x.conv2d_input_grad(&w, &window.geometry(), &out) + bias
    }
}

/// A square window of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Pixels a side.
    pub size: usize,
    /// Pixels between windows.
    pub stride: usize,
    /// Zeros around the image.
    pub pad: usize,
}

impl Window {
    /// The 4x4 window that halves or doubles an image.
    pub const HALVING: Window = Window { size: 4, stride: 2, pad: 1 };
    /// The 4x4 window between one pixel and a 4x4 image.
    pub const WHOLE: Window = Window { size: 4, stride: 1, pad: 0 };

    fn geometry(self) -> ConvGeometry {
        ConvGeometry::strided(self.stride, self.pad)
    }
}
