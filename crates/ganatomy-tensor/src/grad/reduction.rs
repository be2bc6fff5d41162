//! Derivatives of reductions and of standardisation.

use crate::op::Reduction;
use crate::trace::Tensor;

/// A sum spreads its cotangent; an extremum gives it to the elements that attain it, in equal parts.
pub(super) fn reduce(kind: Reduction, axes: &[usize], x: &Tensor, y: &Tensor, g: &Tensor) -> Option<Tensor> {
    let kept = x.shape().with_ones(axes);
    let spread = |t: &Tensor| t.reshape(&kept).broadcast(x.shape());
    if kind == Reduction::Sum {
        return Some(spread(g));
    }
    let attains = x.eq(spread(y));
    let share = g / attains.sum(axes);
    Some(attains * spread(&share))
}

/// With `y = (x - mean) inv` and `inv = 1 / sqrt(var + eps)`:
/// `dx = inv (g - mean(g) - y mean(g y))`.
///
/// The operands are `(y, x, inv)`; the node passes `y` through. All terms are again nodes of the graph, so the
/// second derivative is exact too.
pub(super) fn normalize(axes: &[usize], inputs: &[Tensor], y: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    let inv = &inputs[2];
    let centred = g - g.mean_kept(axes) - y * (g * y).mean_kept(axes);
    vec![None, Some(inv * centred), None]
}
