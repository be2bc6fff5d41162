//! Two-dimensional convolution and its two adjoints: three linear maps, closed under differentiation.

use crate::shape::{Shape, ShapeRule};

/// Which of the three maps that one convolution defines.
///
/// Images are `[n, h, w, c]`, weights `[kh, kw, c_in / groups, c_out]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvPass {
    /// `(x, w) -> y`
    Forward,
    /// `(dy, w) -> dx`: the transposed convolution
    InputGrad,
    /// `(x, dy) -> dw`
    WeightGrad,
}

impl ConvPass {
    #[cfg(test)]
    pub(crate) const ALL: [ConvPass; 3] = [ConvPass::Forward, ConvPass::InputGrad, ConvPass::WeightGrad];

    /// The operation's name.
    pub fn name(self) -> &'static str {
        match self {
            ConvPass::Forward => "conv2d",
            ConvPass::InputGrad => "conv2d_input_grad",
            ConvPass::WeightGrad => "conv2d_weight_grad",
        }
    }
}

/// Stride, padding, dilation (height, width) and the number of channel groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConvGeometry {
    /// Steps of the window, in pixels.
    pub stride: [usize; 2],
    /// Zeros on each side, in pixels.
    pub pad: [usize; 2],
    /// Distance between taps, in pixels.
    pub dilation: [usize; 2],
    /// Channel groups that do not see each other.
    pub groups: usize,
}

impl Default for ConvGeometry {
    fn default() -> Self {
        ConvGeometry { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 }
    }
}

impl ConvGeometry {
    /// A square window moved by `stride` with `pad` zeros on each side.
    pub fn strided(stride: usize, pad: usize) -> Self {
        ConvGeometry { stride: [stride; 2], pad: [pad; 2], ..Self::default() }
    }

    /// Output length along an axis: `(in + 2 pad - dilation (k - 1) - 1) / stride + 1`.
    ///
    /// `None` if the window is empty or larger than the padded image.
    pub fn out_len(&self, axis: usize, len: usize, kernel: usize) -> Option<usize> {
        let (dilation, pad, stride) = (self.dilation.get(axis)?, self.pad.get(axis)?, self.stride.get(axis)?);
        let reach = dilation.checked_mul(kernel.checked_sub(1)?)?.checked_add(1)?;
        let room = pad.checked_mul(2)?.checked_add(len)?.checked_sub(reach)?;
        room.checked_div(*stride)?.checked_add(1)
    }
}

/// The longest stride, padding or dilation.
const MAX_STEP: usize = 1 << 24;
/// The most multiply-adds of a convolution.
const MAX_TERMS: usize = 1 << 60;

/// The shape of `y` for images `x` and weights `w`.
pub(crate) fn forward_shape(x: &Shape, w: &Shape, geometry: &ConvGeometry) -> ShapeRule {
    let ([n, h, wide, c_in], [kh, kw, c_group, c_out]) = (&x[..], &w[..]) else {
        return Err("images are [n, h, w, c] and weights [kh, kw, c_in / groups, c_out]".into());
    };
    let groups = geometry.groups;
    if geometry.stride.contains(&0) || geometry.dilation.contains(&0) || groups == 0 {
        return Err("stride, dilation and groups must be at least 1".into());
    }
    let lengths = [geometry.stride, geometry.pad, geometry.dilation];
    if lengths.as_flattened().iter().any(|&length| length > MAX_STEP) {
        return Err(format!("stride, padding and dilation must be at most {MAX_STEP}"));
    }
    if c_in % groups != 0 || c_out % groups != 0 || c_in / groups != *c_group {
        return Err(format!("{c_in} channels in {groups} groups do not fit the weights"));
    }
    let lens = (geometry.out_len(0, *h, *kh), geometry.out_len(1, *wide, *kw));
    let (Some(out_h), Some(out_w)) = lens else {
        return Err("the window is empty or larger than the padded image".into());
    };
    let y = Shape::from([*n, out_h, out_w, *c_out]);
    // A product of more could not be counted, let alone computed.
    if y.fits() && w.fits() && y.numel().saturating_mul(kh * kw * c_group) > MAX_TERMS {
        return Err(format!("there are more than {MAX_TERMS} products"));
    }
    Ok(y)
}
