//! Between which numbers every element of a program must lie, whatever order it is computed in.
//!
//! Interval arithmetic over the traced graph: each operation adds the rounding that a kernel may make, and passes on
//! what its operands may be off. Where an operand's interval crosses a jump or a pole, the result may be anything in
//! between, or anything at all; so a difference found is never one of conditioning.

use std::collections::BTreeMap;

use super::spans::{binary, select, unary};
use super::totals::{Middles, Total};
use crate::cpu::Native;
use crate::interpret::{each_run, evaluate, moved, needed, places, reduced_strides};
use crate::op::gather::row_at;
use crate::op::{ConvPass, Reduction};
use crate::trace::{Graph, Node, NodeId};
use crate::{ConvGeometry, Key, Op, Shape, Tensor};

/// The least and the greatest value of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub lo: f64,
    pub hi: f64,
}

/// What rounding is in an element type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rounding {
    /// Half the distance from one to the next number.
    pub unit: f64,
    /// Beyond this, results may be infinite.
    pub most: f64,
    /// Below this, results may be subnormal, or zero.
    pub least: f64,
}

impl Rounding {
    pub fn of<E: Native>() -> Rounding {
        if size_of::<E>() == 4 {
            Rounding { unit: f64::from(f32::EPSILON) / 2.0, most: 1e36, least: 1e-35 }
        } else {
            Rounding { unit: f64::EPSILON / 2.0, most: 1e290, least: 1e-290 }
        }
    }

    /// A span made wider by so many units of a size.
    pub fn widen(&self, span: Span, units: f64, size: f64) -> Span {
        let by = units * self.unit * size + self.least;
        self.bounded(Span { lo: span.lo - by, hi: span.hi + by })
    }

    /// The span, or anything at all if it has no bounds.
    pub fn bounded(&self, span: Span) -> Span {
        let inside = |x: f64| x.abs() < self.most;
        if inside(span.lo) && inside(span.hi) { span } else { Span::ANY }
    }
}

impl Span {
    pub const ANY: Span = Span { lo: f64::NEG_INFINITY, hi: f64::INFINITY };

    pub fn exactly(x: f64) -> Span {
        if x.is_finite() { Span { lo: x, hi: x } } else { Span::ANY }
    }

    pub fn is_known(&self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    pub fn size(&self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    /// The span of both.
    pub fn hull(self, other: Span) -> Span {
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The only number in it.
    pub fn only(&self) -> Option<f64> {
        (self.lo == self.hi).then_some(self.lo)
    }

    pub fn holds(&self, x: f64) -> bool {
        !self.is_known() || (self.lo..=self.hi).contains(&x)
    }
}

/// Values of all nodes: as the interpreter has them, and their spans.
pub(super) struct Judge<'a, E> {
    graph: &'a Graph,
    rounding: Rounding,
    values: Vec<Vec<E>>,
    pub spans: Vec<Vec<Span>>,
}

/// The spans of all nodes that the outputs need.
pub(super) fn spans<E: Native>(
    graph: &Graph,
    outputs: &[&Tensor],
    inputs: &BTreeMap<String, Vec<E>>,
    key: Key,
) -> Result<Vec<Vec<Span>>, String> {
    let (values, spans) = (Vec::new(), Vec::new());
    let mut judge = Judge { graph, rounding: Rounding::of::<E>(), values, spans };
    let needed = needed(&graph.nodes, outputs.iter().map(|output| output.id));
    for (id, node) in graph.nodes.iter().enumerate() {
        if !needed[id] {
            judge.values.push(Vec::new());
            judge.spans.push(Vec::new());
            continue;
        }
        let value = evaluate(graph, id, &judge.values, inputs, key);
        let spans = judge.node(node, &value);
        let odd = spans.iter().zip(&value).position(|(span, x)| !x.is_finite_or(span));
        if let Some(at) = odd.or((spans.len() != value.len()).then_some(0)) {
            return Err(format!("the judge is wrong of {} {}: {:?} [{at}]", id, node.op.name(), node.shape));
        }
        judge.values.push(value);
        judge.spans.push(spans);
    }
    Ok(judge.spans)
}

/// Is a value of the interpreter where the judge says?
trait Judged {
    fn is_finite_or(&self, span: &Span) -> bool;
}

impl<E: Native> Judged for E {
    fn is_finite_or(&self, span: &Span) -> bool {
        span.holds(self.to_f64())
    }
}

impl<E: Native> Judge<'_, E> {
    fn node(&self, node: &Node, value: &[E]) -> Vec<Span> {
        let n = node.shape.numel();
        let arg = |i: usize| &self.spans[node.inputs[i]];
        let shape = |i: usize| &self.graph.nodes[node.inputs[i]].shape;
        let given = || value.iter().map(|x| Span::exactly(x.to_f64())).collect::<Vec<_>>();
        let rounded = |units: f64, least: f64| {
            let widen = |s: Span| self.rounding.widen(s, units, s.size().max(least));
            given().into_iter().map(widen).collect()
        };
        match &node.op {
            Op::Input(_) | Op::Literal(_) => given(),
            Op::Constant(value) if E::from_f64(value.0).to_f64() == value.0 => given(),
            Op::Constant(_) => rounded(2.0, 0.0),
            Op::Random(crate::Distribution::Normal, _) | Op::RandomOf(crate::Distribution::Normal, ..) => {
                rounded(64.0, 1.0)
            }
            Op::Random(..) | Op::RandomOf(..) => given(),
            Op::Unary(f) => arg(0).iter().map(|&x| unary(&self.rounding, *f, x)).collect(),
            Op::Binary(f) => {
                let alone = match f {
                    crate::Binary::Eq => self.alone_extreme(node.inputs[1], node.inputs[0]),
                    _ => None,
                };
                let of = |i: usize| match &alone {
                    Some(alone) if alone[i] => Span::exactly(1.0),
                    _ => binary(&self.rounding, *f, arg(0)[i], arg(1)[i]),
                };
                (0..n).map(of).collect()
            }
            Op::Select => (0..n).map(|i| select(arg(0)[i], arg(1)[i], arg(2)[i])).collect(),
            Op::MatMul { left_transposed, right_transposed } => {
                self.matmul([arg(0), arg(1)], shape(0), [*left_transposed, *right_transposed], &node.shape)
            }
            Op::Conv(pass, geometry) => {
                let shapes = match pass {
                    ConvPass::Forward => [shape(0), shape(1), &node.shape],
                    ConvPass::InputGrad => [&node.shape, shape(1), shape(0)],
                    ConvPass::WeightGrad => [shape(0), &node.shape, shape(1)],
                };
                self.convolve(*pass, geometry, [arg(0), arg(1)], shapes, n)
            }
            Op::Reduce(kind, axes) => self.reduce(*kind, axes, arg(0), shape(0), n),
            Op::ArgReduce(kind, axis) => self.position(*kind, *axis, arg(0), shape(0)),
            Op::Reshape | Op::StopGradient | Op::Normalize(_) | Op::Nearness | Op::NearnessGrad => {
                arg(0).clone()
            }
            Op::Gather | Op::ScatterAdd => self.rows(node),
            Op::Permute(_) | Op::Broadcast | Op::Slice(_) | Op::Pad(_) | Op::Concat(_) => self.view(node),
        }
    }

    /// Where a node is the extremum of another, stretched to its shape: which elements are certainly that extremum, as no other
    /// of those it was chosen from can be. Of equals that are computed, any may come out as the largest; and what may be no number
    /// equals nothing, not even itself.
    fn alone_extreme(&self, id: NodeId, of: NodeId) -> Option<Vec<bool>> {
        let nodes = &self.graph.nodes;
        let strip = |mut id: NodeId, ops: fn(&Op) -> bool| {
            while ops(&nodes[id].op) {
                id = nodes[id].inputs[0];
            }
            id
        };
        let reduced = strip(id, |op| matches!(op, Op::Reshape | Op::Broadcast));
        let Op::Reduce(Reduction::Max | Reduction::Min, axes) = &nodes[reduced].op else { return None };
        let from = nodes[reduced].inputs[0];
        if strip(from, |op| *op == Op::Reshape) != strip(of, |op| *op == Op::Reshape) {
            return None;
        }
        let (shape, extremes) = (&nodes[from].shape, &self.spans[reduced]);
        let into: Vec<usize> = places(shape, &reduced_strides(shape, axes), 0).collect();
        let may = |(&at, x): (&usize, &Span)| {
            let y = extremes[at];
            !(x.is_known() && y.is_known() && (x.hi < y.lo || y.hi < x.lo))
        };
        let may: Vec<bool> = into.iter().zip(&self.spans[from]).map(may).collect();
        let mut rivals = vec![0; extremes.len()];
        into.iter().zip(&may).for_each(|(&at, &may)| rivals[at] += usize::from(may));
        let certain = |((&at, x), may): ((&usize, &Span), bool)| may && x.is_known() && rivals[at] == 1;
        Some(into.iter().zip(&self.spans[from]).zip(may).map(certain).collect())
    }

    /// Spans moved as the elements are.
    fn view(&self, node: &Node) -> Vec<Span> {
        moved(self.graph, node, |i| self.spans[node.inputs[i]].as_slice(), Span::exactly(0.0))
    }

    fn matmul(&self, args: [&Vec<Span>; 2], a: &Shape, [left, right]: [bool; 2], out: &Shape) -> Vec<Span> {
        let rank = out.len();
        let (m, n) = (out[rank - 2], out[rank - 1]);
        let k = if left { a[rank - 2] } else { a[rank - 1] };
        let (a, mut sums) = (Middles::of(args[0]), Middles::zeros(out.numel()));
        for batch in 0..out[..rank - 2].iter().product() {
            for p in 0..k {
                let at_b = |j: usize| batch * k * n + if right { j * k + p } else { p * n + j };
                let row = Middles::of((0..n).map(|j| &args[1][at_b(j)]));
                for i in 0..m {
                    let at_a = batch * m * k + if left { p * m + i } else { i * k + p };
                    sums.add_times((batch * m + i) * n, (&a, at_a), (&row, 0), n);
                }
            }
        }
        let units = 2.0 * (4 + k) as f64;
        (0..out.numel()).map(|i| self.rounding.widen(sums.span(i), units, sums.size(i))).collect()
    }

    /// Every output may be off by what the largest terms round to: fewer multiplications mix neighbours.
    fn convolve(
        &self,
        pass: ConvPass,
        geometry: &ConvGeometry,
        args: [&Vec<Span>; 2],
        [x, w, y]: [&Shape; 3],
        n: usize,
    ) -> Vec<Span> {
        if !args.iter().all(|spans| spans.iter().all(Span::is_known)) {
            return vec![Span::ANY; n];
        }
        let (a, b) = (Middles::of(args[0]), Middles::of(args[1]));
        let (mut sums, mut terms) = (Middles::zeros(n), vec![0_usize; n]);
        each_run(geometry, x, w, y, |at_x, at_w, at_y, n| {
            let (into, more) = match pass {
                ConvPass::Forward => (at_y, 1),
                ConvPass::InputGrad => (at_x, n),
                ConvPass::WeightGrad => (at_w, 1),
            };
            // All of a run have as many terms as its first.
            terms[into] += if n > 0 { more } else { return };
            match pass {
                ConvPass::Forward => sums.add_times(into, (&a, at_x), (&b, at_w), n),
                ConvPass::InputGrad => sums.add_products(into, (&a, at_y), (&b, at_w), n),
                ConvPass::WeightGrad => sums.add_times(into, (&a, at_x), (&b, at_y), n),
            }
        });
        let largest = |spans: &[Span]| spans.iter().map(Span::size).fold(0.0, f64::max);
        let most = terms.into_iter().max().unwrap_or(0).max(1) as f64;
        let size = most * largest(args[0]) * largest(args[1]);
        (0..n).map(|i| self.rounding.widen(sums.span(i), 32.0 + most, size)).collect()
    }

    fn reduce(&self, kind: Reduction, axes: &[usize], x: &[Span], shape: &Shape, n: usize) -> Vec<Span> {
        let strides = reduced_strides(shape, axes);
        let into = places(shape, &strides, 0).zip(x);
        if kind == Reduction::Sum {
            let mut sums = vec![Total::default(); n];
            into.for_each(|(at, &x)| sums[at].add(x));
            return sums.into_iter().map(|sum| sum.span(&self.rounding)).collect();
        }
        let mut ends: Vec<Option<Span>> = vec![None; n];
        for (at, &x) in into {
            ends[at] = Some(match ends[at] {
                Some(end) if !end.is_known() || !x.is_known() => Span::ANY,
                Some(end) if kind == Reduction::Max => Span { lo: end.lo.max(x.lo), hi: end.hi.max(x.hi) },
                Some(end) => Span { lo: end.lo.min(x.lo), hi: end.hi.min(x.hi) },
                None => x,
            });
        }
        ends.into_iter().map(|end| end.unwrap_or(Span::ANY)).collect()
    }

    /// The first and the last place that may hold the extremum.
    fn position(&self, kind: Reduction, axis: usize, x: &[Span], shape: &Shape) -> Vec<Span> {
        let (len, inner): (usize, usize) = (shape[axis], shape[axis + 1..].iter().product());
        let place = |out: usize| {
            let group = |i: usize| x[(out / inner * len + i) * inner + out % inner];
            if !(0..len).all(|i| group(i).is_known()) {
                return Span { lo: 0.0, hi: len as f64 - 1.0 };
            }
            let bound = |s: Span| if kind == Reduction::Max { (s.lo, s.hi) } else { (-s.hi, -s.lo) };
            let surest = (0..len).map(|i| bound(group(i)).0).fold(f64::NEG_INFINITY, f64::max);
            let may: Vec<usize> = (0..len).filter(|&i| bound(group(i)).1 >= surest).collect();
            let equal = may.iter().all(|&i| group(i).only().is_some());
            let end = if equal { may[0] } else { may[may.len() - 1] };
            Span { lo: may[0] as f64, hi: end as f64 }
        };
        (0..shape.without(&[axis]).numel()).map(place).collect()
    }

    fn rows(&self, node: &Node) -> Vec<Span> {
        let (from, index) = (&self.spans[node.inputs[0]], &self.spans[node.inputs[1]]);
        let n = node.shape.numel();
        let row = n / node.shape[0].max(1);
        let table =
            if node.op == Op::Gather { self.graph.nodes[node.inputs[0]].shape[0] } else { node.shape[0] };
        let place = |span: &Span| span.only().map(|i| row_at(i, table));
        if node.op == Op::Gather {
            let values = |span: &Span| {
                let at = place(span).flatten();
                (0..row).map(move |j| at.map_or(Span::ANY, |at| from[at * row + j]))
            };
            return index.iter().flat_map(values).collect();
        }
        if !index.iter().all(|span| span.only().is_some()) {
            return vec![Span::ANY; n];
        }
        let mut sums = vec![Total::default(); n];
        for (i, at) in index.iter().enumerate() {
            if let Some(at) = place(at).flatten() {
                (0..row).for_each(|j| sums[at * row + j].add(from[i * row + j]));
            }
        }
        sums.into_iter().map(|sum| sum.span(&self.rounding)).collect()
    }
}

/// The product of two spans; anything if one of them is.
pub(super) fn product(a: Span, b: Span) -> Span {
    if !a.is_known() || !b.is_known() {
        return Span::ANY;
    }
    let all = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
    let end = |f: fn(f64, f64) -> f64| all.into_iter().reduce(f).unwrap_or(0.0);
    Span { lo: end(f64::min), hi: end(f64::max) }
}
