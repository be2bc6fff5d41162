//! The shapes that a product is planned from: a batch of matrices, or one of a convolution's three products.

/// `C[i] = A[i] B[i]` for every entry `i` of a batch, all dense and row-major.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MatMulSpec {
    /// Entries.
    pub batch: usize,
    /// Rows of `C`.
    pub m: usize,
    /// Columns of `C`.
    pub n: usize,
    /// Columns of `A`, rows of `B`.
    pub k: usize,
    /// `A` is stored as `[k, m]`.
    pub a_transposed: bool,
    /// `B` is stored as `[n, k]`.
    pub b_transposed: bool,
    /// Every entry has its own `A`.
    pub a_batched: bool,
    /// Every entry has its own `B`.
    pub b_batched: bool,
}

/// A 2-D convolution: x `[images, in_h, in_w, c_in]`, w `[k_h, k_w, c_in / groups, c_out]`,
/// y `[images, out_h, out_w, c_out]`, all dense and row-major.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConvSpec {
    /// Images in the batch.
    pub images: usize,
    /// Rows of an input image.
    pub in_h: usize,
    /// Columns of an input image.
    pub in_w: usize,
    /// Input channels.
    pub c_in: usize,
    /// Rows of the kernel.
    pub k_h: usize,
    /// Columns of the kernel.
    pub k_w: usize,
    /// Output channels.
    pub c_out: usize,
    /// Pixels between windows, down and across.
    pub stride: [usize; 2],
    /// Zeros around the image, above and below, left and right.
    pub pad: [usize; 2],
    /// Pixels between taps, down and across.
    pub dilation: [usize; 2],
    /// Groups of channels that do not mix.
    pub groups: usize,
}

/// Which product of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvPass {
    /// (x, w) -> y
    Forward,
    /// (dy, w) -> dx, which is the transposed convolution.
    InputGrad,
    /// (x, dy) -> dw
    WeightGrad,
}

impl ConvSpec {
    /// Rows of an output image.
    pub fn out_h(&self) -> usize {
        windows(self.in_h, self.k_h, self.stride[0], self.pad[0], self.dilation[0])
    }

    /// Columns of an output image.
    pub fn out_w(&self) -> usize {
        windows(self.in_w, self.k_w, self.stride[1], self.pad[1], self.dilation[1])
    }

    /// Elements that a pass writes.
    pub fn result_len(&self, pass: ConvPass) -> usize {
        match pass {
            ConvPass::Forward => self.images * self.out_h() * self.out_w() * self.c_out,
            ConvPass::InputGrad => self.images * self.in_h * self.in_w * self.c_in,
            ConvPass::WeightGrad => self.k_h * self.k_w * self.c_in / self.groups * self.c_out,
        }
    }
}

/// How often a dilated kernel fits into a padded image.
fn windows(size: usize, taps: usize, stride: usize, pad: usize, dilation: usize) -> usize {
    let reach = dilation * (taps - 1) + 1;
    (size + 2 * pad).checked_sub(reach).map_or(0, |room| room / stride + 1)
}
