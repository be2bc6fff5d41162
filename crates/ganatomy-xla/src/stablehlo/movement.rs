//! Elements brought to other places.

use super::text::{Body, list};

/// The same elements in the same order under another shape.
pub(super) fn reshape(body: &mut Body, x: &str, from: &[usize], to: &[usize]) -> String {
    let (from, to) = (body.of(from), body.of(to));
    body.turned("reshape", x, "", &from, &to)
}

/// The axes in another order.
pub(super) fn permute(body: &mut Body, x: &str, order: &[usize], from: &[usize], to: &[usize]) -> String {
    let (from, to) = (body.of(from), body.of(to));
    body.turned("transpose", x, &format!(", dims = [{}]", list(order)), &from, &to)
}

/// Axes of length one stretched, and new leading axes.
pub(super) fn broadcast(body: &mut Body, x: &str, from: &[usize], to: &[usize]) -> String {
    let axes = to.len() - from.len()..to.len();
    let (from, to) = (body.of(from), body.of(to));
    body.turned("broadcast_in_dim", x, &format!(", dims = [{}]", list(axes)), &from, &to)
}

/// A box cut out.
pub(super) fn slice(body: &mut Body, x: &str, start: &[usize], from: &[usize], to: &[usize]) -> String {
    let ranges = start.iter().zip(to).map(|(start, n)| format!("{start}:{}", start + n));
    let (ranges, from, to) = (format!(" [{}]", list(ranges)), body.of(from), body.of(to));
    body.turned("slice", x, &ranges, &from, &to)
}

/// Zeros put around.
pub(super) fn pad(body: &mut Body, x: &str, start: &[usize], from: &[usize], to: &[usize]) -> String {
    let zero = body.full(&[], 0.0);
    let high = start.iter().zip(from).zip(to).map(|((start, n), whole)| whole - start - n);
    let (low, high, inside) = (list(start), list(high), list(start.iter().map(|_| 0)));
    let (from, scalar, to) = (body.of(from), body.of(&[]), body.of(to));
    body.line(format!(
        "stablehlo.pad {x}, {zero}, low = [{low}], high = [{high}], interior = [{inside}] : ({from}, {scalar}) -> {to}"
    ))
}

/// Tensors joined along an axis.
pub(super) fn concat(
    body: &mut Body,
    parts: &[&str],
    shapes: &[&[usize]],
    axis: usize,
    to: &[usize],
) -> String {
    let (parts, to) = (list(parts), body.of(to));
    let from = list(shapes.iter().map(|shape| body.of(shape)));
    body.line(format!("stablehlo.concatenate {parts}, dim = {axis} : ({from}) -> {to}"))
}
