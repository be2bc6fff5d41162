//! A deliberately plain executor: one loop an op, no fusion, no threads; the compiled program must agree.

use std::collections::BTreeMap;

use crate::element::Element;
use crate::op::gather::row_at;
use crate::op::{Distribution, Op, Reduction};
use crate::philox::{self, Key};
use crate::shape::Shape;
use crate::trace::{Graph, Node, NodeId, Tensor, TraceError};

mod convolve;
mod sum;

#[cfg(test)]
pub(crate) use convolve::each_run;
use sum::Sum;

/// The values of `outputs`, computed node by node in the order of tracing.
///
/// # Errors
/// The first mistake made while tracing; outputs of several traces; an input without values, or with more or fewer
/// than its shape holds.
pub fn interpret<E: Element>(
    outputs: &[&Tensor],
    inputs: &BTreeMap<String, Vec<E>>,
    key: Key,
) -> Result<Vec<Vec<E>>, TraceError> {
    let Some(first) = outputs.first() else {
        return Ok(Vec::new());
    };
    let graph = first.trace().graph();
    if let Some(error) = graph.error {
        return Err(error);
    }
    if let Some(at) = outputs.iter().position(|output| !output.trace().is(first.trace())) {
        return Err(TraceError::Foreign { name: format!("number {at}") });
    }
    let last = outputs.iter().map(|output| output.id).max().unwrap_or(0);
    let needed = needed(&graph.nodes, outputs.iter().map(|output| output.id));
    let mut values: Vec<Vec<E>> = Vec::with_capacity(last + 1);
    for (id, needed) in needed.into_iter().enumerate().take(last + 1) {
        if let Op::Input(name) = &graph.nodes[id].op {
            let (shape, found) = (&graph.nodes[id].shape, inputs.get(name).map(Vec::len));
            if found != Some(shape.numel()) && needed {
                return Err(TraceError::Given { name: name.clone(), shape: shape.clone(), found });
            }
        }
        // What the outputs do not need may lack its inputs.
        values.push(if needed { evaluate(&graph, id, &values, inputs, key) } else { Vec::new() });
    }
    Ok(outputs.iter().map(|output| values[output.id].clone()).collect())
}

/// Which nodes these depend on, themselves included.
pub(crate) fn needed(nodes: &[Node], ends: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
    let mut needed = vec![false; nodes.len()];
    ends.into_iter().for_each(|end| needed[end] = true);
    for id in (0..nodes.len()).rev() {
        if needed[id] {
            nodes[id].inputs.iter().for_each(|&input| needed[input] = true);
        }
    }
    needed
}

pub(crate) fn evaluate<E: Element>(
    graph: &Graph,
    id: usize,
    values: &[Vec<E>],
    inputs: &BTreeMap<String, Vec<E>>,
    key: Key,
) -> Vec<E> {
    let node = &graph.nodes[id];
    let n = node.shape.numel();
    let arg = |i: usize| &values[node.inputs[i]];
    let shape = |i: usize| &graph.nodes[node.inputs[i]].shape;
    let round = E::from_f64;
    match &node.op {
        Op::Input(name) => inputs.get(name).cloned().unwrap_or_default(),
        Op::Constant(value) => vec![round(value.0); n],
        Op::Literal(table) => table.iter().map(|value| round(value.0)).collect(),
        Op::Unary(f) => arg(0).iter().map(|x| round(f.of(x.to_f64()))).collect(),
        Op::Binary(f) => (0..n).map(|i| round(f.of(arg(0)[i].to_f64(), arg(1)[i].to_f64()))).collect(),
        Op::Select => (0..n).map(|i| if arg(0)[i] != E::ZERO { arg(1)[i] } else { arg(2)[i] }).collect(),
        Op::MatMul { left_transposed, right_transposed } => {
            matmul(arg(0), shape(0), *left_transposed, arg(1), *right_transposed, &node.shape)
        }
        Op::Conv(pass, geometry) => {
            convolve::run(*pass, geometry, [arg(0), arg(1)], [shape(0), shape(1)], &node.shape)
        }
        Op::Reduce(kind, axes) => reduce(*kind, axes, arg(0), shape(0), n),
        Op::ArgReduce(kind, axis) => arg_reduce(*kind, *axis, arg(0), shape(0)),
        Op::Reshape | Op::StopGradient | Op::Normalize(_) | Op::Nearness | Op::NearnessGrad => arg(0).clone(),
        Op::Gather | Op::ScatterAdd => indexed(graph, node, values),
        Op::Random(from, purpose) => (0..n).map(|i| round(draw(*from, *purpose, key, i))).collect(),
        Op::RandomOf(from, purpose, seeds) => {
            let (each, own) = (n / seeds.len().max(1), |seed: &u64| Key { seed: key.seed ^ seed, ..key });
            let of = |seed| (0..each).map(move |i| round(draw(*from, *purpose, own(seed), i)));
            seeds.iter().flat_map(of).collect()
        }
        Op::Permute(_) | Op::Broadcast | Op::Slice(_) | Op::Pad(_) | Op::Concat(_) => {
            moved(graph, node, |i| values[node.inputs[i]].as_slice(), E::ZERO)
        }
    }
}

/// Ops that move elements to other places; `arg` has the operands.
pub(crate) fn moved<'a, T: Copy + 'a>(
    graph: &Graph,
    node: &Node,
    arg: impl Fn(usize) -> &'a [T],
    zero: T,
) -> Vec<T> {
    let shape = |i: usize| &graph.nodes[node.inputs[i]].shape;
    let picked = |strides: &[usize], start: usize| {
        let from = arg(0);
        places(&node.shape, strides, start).map(|at| from[at]).collect()
    };
    let mut out = Vec::new();
    let mut put = |part: &[T], of: &Shape, start: usize| {
        out.resize(node.shape.numel(), zero);
        let strides = node.shape.strides();
        places(of, &strides, start).zip(part).for_each(|(at, &x)| out[at] = x);
    };
    match &node.op {
        Op::Permute(order) => {
            let from = shape(0).strides();
            return picked(&order.iter().map(|&axis| from[axis]).collect::<Vec<_>>(), 0);
        }
        Op::Broadcast => return picked(&stretched_strides(shape(0), &node.shape), 0),
        Op::Slice(start) => {
            let strides = shape(0).strides();
            return picked(&strides, offset(start, &strides));
        }
        Op::Pad(start) => put(arg(0), shape(0), offset(start, &node.shape.strides())),
        Op::Concat(axis) => {
            let (stride, mut start) = (node.shape.strides()[*axis], 0);
            for i in 0..node.inputs.len() {
                put(arg(i), shape(i), start * stride);
                start += shape(i)[*axis];
            }
        }
        _ => return arg(0).to_vec(),
    }
    out
}

/// Rows picked, and rows added up, by index.
fn indexed<E: Element>(graph: &Graph, node: &Node, values: &[Vec<E>]) -> Vec<E> {
    let n = node.shape.numel();
    let arg = |i: usize| &values[node.inputs[i]];
    let shape = |i: usize| &graph.nodes[node.inputs[i]].shape;
    match &node.op {
        Op::Gather => {
            let row = n / node.shape[0].max(1);
            let place = |i: &E| row_at(i.to_f64(), shape(0)[0]);
            let nan = E::from_f64(f64::NAN);
            let values = |i: &E| {
                let at = place(i);
                (0..row).map(move |j| at.map_or(nan, |at| arg(0)[at * row + j]))
            };
            arg(1).iter().flat_map(values).collect()
        }
        _ => {
            let row = n / node.shape[0].max(1);
            let mut out = vec![E::ZERO; n];
            for (i, to) in arg(1).iter().enumerate() {
                let Some(to) = row_at(to.to_f64(), node.shape[0]) else { continue };
                for j in 0..row {
                    out[to * row + j] += arg(0)[i * row + j];
                }
            }
            out
        }
    }
}

fn offset(start: &[usize], strides: &[usize]) -> usize {
    start.iter().zip(strides).map(|(s, t)| s * t).sum()
}

fn stretched_strides(from: &Shape, to: &Shape) -> Vec<usize> {
    let (missing, strides) = (to.len() - from.len(), from.strides());
    let stride =
        |axis: usize| if axis < missing || from[axis - missing] == 1 { 0 } else { strides[axis - missing] };
    (0..to.len()).map(stride).collect()
}

/// The places of a box's elements in row-major order.
pub(crate) fn places<'a>(
    shape: &'a [usize],
    strides: &'a [usize],
    start: usize,
) -> impl Iterator<Item = usize> + 'a {
    let n = if shape.contains(&0) { 0 } else { shape.iter().product() };
    let (mut index, mut next) = (vec![0; shape.len()], start);
    (0..n).map(move |_| {
        let at = next;
        // As a counter counts: the last axis first.
        for axis in (0..shape.len()).rev() {
            (index[axis], next) = (index[axis] + 1, next + strides[axis]);
            if index[axis] < shape[axis] {
                break;
            }
            (index[axis], next) = (0, next - shape[axis] * strides[axis]);
        }
        at
    })
}

fn matmul<E: Element>(a: &[E], a_shape: &Shape, left: bool, b: &[E], right: bool, out: &Shape) -> Vec<E> {
    let rank = out.len();
    let (m, n) = (out[rank - 2], out[rank - 1]);
    let k = if left { a_shape[rank - 2] } else { a_shape[rank - 1] };
    let at_a = |batch: usize, i: usize, p: usize| batch * m * k + if left { p * m + i } else { i * k + p };
    let at_b = |batch: usize, p: usize, j: usize| batch * k * n + if right { j * k + p } else { p * n + j };
    let (mut sums, mut row) = (vec![Sum::default(); out.numel()], vec![E::ZERO; n]);
    for batch in 0..out[..rank - 2].iter().product() {
        for p in 0..k {
            row.iter_mut().enumerate().for_each(|(j, x)| *x = b[at_b(batch, p, j)]);
            for i in 0..m {
                convolve::add(&mut sums[(batch * m + i) * n..][..n], a[at_a(batch, i, p)], &row);
            }
        }
    }
    sums.into_iter().map(|sum| E::from_f64(sum.value())).collect()
}

/// Strides in the result of a reduction, of the axes of its operand.
pub(crate) fn reduced_strides(shape: &Shape, axes: &[usize]) -> Vec<usize> {
    let kept = shape.without(axes).strides();
    let mut target = vec![0; shape.len()];
    for (kept_axis, axis) in (0..shape.len()).filter(|axis| !axes.contains(axis)).enumerate() {
        target[axis] = kept[kept_axis];
    }
    target
}

fn reduce<E: Element>(kind: Reduction, axes: &[usize], x: &[E], shape: &Shape, n: usize) -> Vec<E> {
    let target = reduced_strides(shape, axes);
    let mut sums = vec![Sum::default(); if kind == Reduction::Sum { n } else { 0 }];
    let mut out = vec![kind.identity(); n];
    for (at, x) in places(shape, &target, 0).zip(x) {
        let x = x.to_f64();
        out[at] = match kind {
            Reduction::Sum => {
                sums[at] = sums[at].with(x);
                sums[at].value()
            }
            _ if x.is_nan() || out[at].is_nan() => f64::NAN,
            Reduction::Max => out[at].max(x),
            Reduction::Min => out[at].min(x),
        };
    }
    out.into_iter().map(E::from_f64).collect()
}

fn arg_reduce<E: Element>(kind: Reduction, axis: usize, x: &[E], shape: &Shape) -> Vec<E> {
    let inner: usize = shape[axis + 1..].iter().product();
    let len = shape[axis];
    let better = |a: E, b: E| if kind == Reduction::Max { a > b } else { a < b };
    let outer = x.len() / (inner * len).max(1);
    let place = |index: usize| {
        let at = |r: usize| x[(index / inner * len + r) * inner + index % inner];
        let best = (1..len).fold(0, |best, r| if better(at(r), at(best)) { r } else { best });
        E::from_f64(best as f64)
    };
    (0..outer * inner).map(place).collect()
}

/// The number at place `i` of a random tensor, from the words that the kernels use too.
fn draw(from: Distribution, purpose: u64, key: Key, i: usize) -> f64 {
    let word = |lane: usize| {
        let (block, within) = (i / 256, i % 64);
        f64::from(philox::block(key, purpose, (block * 64 + within) as u64)[lane])
    };
    let lane = i % 256 / 64;
    match from {
        Distribution::Uniform => (word(lane) / 256.0).floor() / f64::from(1u32 << 24),
        Distribution::Integer(n) => (word(lane) * f64::from(n) / 4_294_967_296.0).floor(),
        Distribution::Normal => {
            let (first, second) = (word(lane & !1), word(lane | 1));
            let radius = (-2.0 * (((first / 512.0).floor() + 0.5) / f64::from(1u32 << 23)).ln()).sqrt();
            let angle = std::f64::consts::TAU * ((second / 256.0).floor() / f64::from(1u32 << 24));
            radius * if lane.is_multiple_of(2) { angle.cos() } else { angle.sin() }
        }
    }
}
