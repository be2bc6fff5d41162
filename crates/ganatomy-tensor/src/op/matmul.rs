//! Batched matrix product with either side read transposed; closed under differentiation.

use crate::shape::{Shape, ShapeRule};

/// `[.., m, k] x [.., k, n] -> [.., m, n]`, each side as it is after transposition.
pub(crate) fn shape(a: &Shape, b: &Shape, left: bool, right: bool) -> ShapeRule {
    if a.len() < 2 || b.len() < 2 {
        return Err("both operands need at least two axes".into());
    }
    let (batch_a, mat_a) = a.split_at(a.len() - 2);
    let (batch_b, mat_b) = b.split_at(b.len() - 2);
    let (m, k_a) = if left { (mat_a[1], mat_a[0]) } else { (mat_a[0], mat_a[1]) };
    let (k_b, n) = if right { (mat_b[1], mat_b[0]) } else { (mat_b[0], mat_b[1]) };
    if batch_a != batch_b {
        return Err("the leading (batch) axes differ".into());
    }
    if k_a != k_b {
        return Err(format!("the inner lengths differ: {k_a} and {k_b}"));
    }
    Ok(batch_a.iter().copied().chain([m, n]).collect())
}
