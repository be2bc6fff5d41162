//! Standardisation over axes, marked so that its derivative is the short closed form.

use crate::trace::Tensor;

/// With `y = (x - mean) inv` and `inv = 1 / sqrt(var + eps)`:
/// `dx = inv (g - mean(g) - y mean(g y))`.
///
/// The operands are `(y, x, inv)`; the node passes `y` through. All terms are graph again, so the
/// second derivative is exact too.
pub(super) fn vjp(axes: &[usize], inputs: &[Tensor], y: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    let inv = &inputs[2];
    let centred = g - g.mean_kept(axes) - y * (g * y).mean_kept(axes);
    vec![None, Some(inv * centred), None]
}
