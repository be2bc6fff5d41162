//! Matrix products, convolutions, and rows by index.

use crate::op::{ConvGeometry, ConvPass, Op, conv, gather, matmul};
use crate::shape::Shape;
use crate::trace::Tensor;

impl Tensor {
    /// Matrix product over the last two axes.
    ///
    /// # Shapes
    /// - self: `[.., m, k]`, other: `[.., k, n]`
    /// - output: `[.., m, n]`
    pub fn matmul(&self, other: &Tensor) -> Tensor {
        self.product(other, false, false)
    }

    /// Matrix product with either side read transposed.
    pub fn product(&self, other: &Tensor, left_transposed: bool, right_transposed: bool) -> Tensor {
        match matmul::shape(self.shape(), other.shape(), left_transposed, right_transposed) {
            Ok(shape) => {
                self.trace().push(Op::MatMul { left_transposed, right_transposed }, &[self, other], shape)
            }
            Err(reason) => self.mistake("matmul", &[other], reason, self.shape().clone()),
        }
    }

    /// Convolution of images with weights.
    ///
    /// # Shapes
    /// - self: `[n, h, w, c_in]`, weights: `[kh, kw, c_in / groups, c_out]`
    /// - output: `[n, out_h, out_w, c_out]`
    pub fn conv2d(&self, weights: &Tensor, geometry: &ConvGeometry) -> Tensor {
        self.convolve(ConvPass::Forward, weights, geometry, [self.shape(), weights.shape()], None)
    }

    /// Transposed convolution: the adjoint of [`Tensor::conv2d`] by its images.
    ///
    /// # Shapes
    /// - self: `[n, out_h, out_w, c_out]`, weights: `[kh, kw, c_in / groups, c_out]`
    /// - output: `images`, that is `[n, h, w, c_in]`
    pub fn conv2d_input_grad(&self, weights: &Tensor, geometry: &ConvGeometry, images: &Shape) -> Tensor {
        self.convolve(ConvPass::InputGrad, weights, geometry, [images, weights.shape()], Some(images))
    }

    /// The adjoint of [`Tensor::conv2d`] by its weights.
    ///
    /// # Shapes
    /// - self: `[n, h, w, c_in]`, cotangent: `[n, out_h, out_w, c_out]`
    /// - output: `weights`, that is `[kh, kw, c_in / groups, c_out]`
    pub fn conv2d_weight_grad(&self, cotangent: &Tensor, geometry: &ConvGeometry, weights: &Shape) -> Tensor {
        self.convolve(ConvPass::WeightGrad, cotangent, geometry, [self.shape(), weights], Some(weights))
    }

    /// `x_w` are the shapes of images and weights of the convolution that the pass belongs to.
    fn convolve(
        &self,
        pass: ConvPass,
        other: &Tensor,
        geometry: &ConvGeometry,
        x_w: [&Shape; 2],
        out: Option<&Shape>,
    ) -> Tensor {
        let cotangent = match pass {
            ConvPass::Forward => None,
            ConvPass::InputGrad => Some(self.shape()),
            ConvPass::WeightGrad => Some(other.shape()),
        };
        let rule = conv::forward_shape(x_w[0], x_w[1], geometry).and_then(|y| match cotangent {
            Some(found) if *found != y => Err(format!("the convolution's output has shape {y}")),
            _ => Ok(y),
        });
        match rule {
            Ok(y) => {
                let shape = out.cloned().unwrap_or(y);
                self.trace().push(Op::Conv(pass, *geometry), &[self, other], shape)
            }
            Err(reason) => {
                let meant = out.unwrap_or(self.shape()).clone();
                self.mistake(pass.name(), &[other], reason, meant)
            }
        }
    }

    /// Rows of this table, by index; an index that is NaN, negative or beyond the table gives a row of NaN.
    ///
    /// # Shapes
    /// - self: `[rows, ..]`, index: `[n]` of whole numbers; output: `[n, ..]`
    pub fn gather(&self, index: &Tensor) -> Tensor {
        match gather::gather_shape(self.shape(), index.shape()) {
            Ok(shape) => self.trace().push(Op::Gather, &[self, index], shape),
            Err(reason) => self.mistake("gather", &[index], reason, self.shape().clone()),
        }
    }

    /// These rows added into a table of `n_rows` zeros, by index; a row whose index is NaN, negative or beyond the
    /// table is dropped.
    ///
    /// # Shapes
    /// - self: `[n, ..]`, index: `[n]` of whole numbers; output: `[n_rows, ..]`
    pub fn scatter_add(&self, index: &Tensor, n_rows: usize) -> Tensor {
        match gather::scatter_shape(self.shape(), index.shape(), n_rows) {
            Ok(shape) => self.trace().push(Op::ScatterAdd, &[self, index], shape),
            Err(reason) => self.mistake("scatter_add", &[index], reason, self.shape().clone()),
        }
    }
}
