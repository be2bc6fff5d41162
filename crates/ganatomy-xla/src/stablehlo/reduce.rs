//! Sums, extremes and their positions.

use ganatomy_tensor::Reduction;

use super::movement::{reshape, slice};
use super::text::{Body, list, tensor};

/// The op of a reduction, and where it starts.
fn parts(kind: Reduction) -> (&'static str, f64) {
    match kind {
        Reduction::Sum => ("add", 0.0),
        Reduction::Max => ("maximum", f64::NEG_INFINITY),
        Reduction::Min => ("minimum", f64::INFINITY),
    }
}

/// A reduction over axes, which disappear. A NaN among the elements makes a NaN of an extreme, which plugins do not promise.
pub(super) fn reduce(
    body: &mut Body,
    kind: Reduction,
    axes: &[usize],
    x: &str,
    from: &[usize],
    to: &[usize],
) -> String {
    let (op, start) = parts(kind);
    let found = fold(body, op, start, axes, x, from, to);
    if kind == Reduction::Sum {
        return found;
    }
    // A NaN alone differs from itself.
    let differs = body.compare("NE", x, x, from);
    let differs = body.convert(&differs, from, "i1", body.float.name());
    let n_nan = fold(body, "add", 0.0, axes, &differs, from, to);
    let (zero, nan) = (body.full(to, 0.0), body.full(to, f64::NAN));
    let has_none = body.compare("EQ", &n_nan, &zero, to);
    body.select(&has_none, &found, &nan, to)
}

fn fold(
    body: &mut Body,
    op: &str,
    start: f64,
    axes: &[usize],
    x: &str,
    from: &[usize],
    to: &[usize],
) -> String {
    let start = body.full(&[], start);
    let (axes, from, scalar, to) = (list(axes), body.of(from), body.of(&[]), body.of(to));
    body.line(format!(
        "stablehlo.reduce({x} init: {start}) applies stablehlo.{op} across dimensions = [{axes}] : ({from}, {scalar}) -> {to}"
    ))
}

/// The position of the first extreme along an axis: the least position at which the element is the extreme.
pub(super) fn arg(
    body: &mut Body,
    kind: Reduction,
    axis: usize,
    x: &str,
    from: &[usize],
    to: &[usize],
) -> String {
    // No comparison with NaN holds, so that it is passed over; but the first position, if it is NaN, is never left.
    let (op, start) = parts(kind);
    let is_number = body.compare("EQ", x, x, from);
    let lost = body.full(from, start);
    let numbers = body.select(&is_number, x, &lost, from);
    let best = fold(body, op, start, &[axis], &numbers, from, to);
    let kept: Vec<usize> = (0..from.len()).filter(|other| *other != axis).collect();
    let (small, large, places) = (body.of(to), body.of(from), tensor(from, "i32"));
    let dims = format!(", dims = [{}]", list(&kept));
    let best = body.turned("broadcast_in_dim", &best, &dims, &small, &large);
    let is_best = body.compare("EQ", x, &best, from);
    let place = body.line(format!("stablehlo.iota dim = {axis} : {places}"));
    let place = body.convert(&place, from, "i32", body.float.name());
    // Where nothing is the extreme, the first position stands.
    let beyond = body.full(from, from[axis] as f64);
    let place = body.select(&is_best, &place, &beyond, from);
    let first = reduce(body, Reduction::Min, &[axis], &place, from, to);
    let (end, zero) = (body.full(to, from[axis] as f64), body.full(to, 0.0));
    let is_there = body.compare("LT", &first, &end, to);
    let found = body.select(&is_there, &first, &zero, to);
    let (mut one, cut) = (from.to_vec(), vec![0; from.len()]);
    one[axis] = 1;
    let head = slice(body, x, &cut, from, &one);
    let head = reshape(body, &head, &one, to);
    let begins = body.compare("EQ", &head, &head, to);
    body.select(&begins, &found, &zero, to)
}
