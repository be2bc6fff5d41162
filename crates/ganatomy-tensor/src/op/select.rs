//! `condition != 0 ? a : b`, elementwise; the condition has no derivative.

use crate::trace::Tensor;

pub(super) fn vjp(condition: &Tensor, g: &Tensor) -> Vec<Option<Tensor>> {
    let zero = g.trace().zeros(g.shape());
    vec![None, Some(condition.select(g, &zero)), Some(condition.select(&zero, g))]
}
