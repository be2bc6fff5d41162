//! Between which numbers every element of a program must lie, whatever order it is computed in.
//!
//! Interval arithmetic over the traced graph: each operation adds the rounding that a kernel may make, and passes on
//! what its operands may be off. Where an operand's interval crosses a jump or a pole, the result may be anything in
//! between, or anything at all; so a difference found is never one of conditioning.

use std::collections::BTreeMap;

use super::spans::{binary, select, unary};
use crate::cpu::Native;
use crate::interpret::{evaluate, moved};
use crate::op::gather::row_at;
use crate::op::{ConvPass, Reduction};
use crate::trace::{Graph, Node, NodeId};
use crate::{Key, Op, Shape};

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

/// The spans of all nodes.
pub(super) fn spans<E: Native>(
    graph: &Graph,
    inputs: &BTreeMap<String, Vec<E>>,
    key: Key,
) -> Result<Vec<Vec<Span>>, String> {
    let (values, spans) = (Vec::new(), Vec::new());
    let mut judge = Judge { graph, rounding: Rounding::of::<E>(), values, spans };
    for (id, node) in graph.nodes.iter().enumerate() {
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
            Op::Random(crate::Distribution::Normal, _) => rounded(64.0, 1.0),
            Op::Random(..) => given(),
            Op::Unary(f) => arg(0).iter().map(|&x| unary(&self.rounding, *f, x)).collect(),
            Op::Binary(f) => {
                let attained = *f == crate::Binary::Eq && self.is_extremum_of(node.inputs[1], node.inputs[0]);
                let of = |i: usize| {
                    let same = attained && self.values[node.inputs[0]][i] == self.values[node.inputs[1]][i];
                    if same { Span::exactly(1.0) } else { binary(&self.rounding, *f, arg(0)[i], arg(1)[i]) }
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
                self.convolve(
                    *pass,
                    [arg(0), arg(1)],
                    |term| {
                        crate::interpret::each_term(geometry, shapes[0], shapes[1], shapes[2], term);
                    },
                    n,
                )
            }
            Op::Reduce(kind, axes) => self.reduce(*kind, axes, arg(0), shape(0), n),
            Op::ArgReduce(kind, axis) => self.position(*kind, *axis, arg(0), shape(0)),
            Op::Reshape | Op::StopGradient | Op::Normalize(_) => arg(0).clone(),
            Op::Gather | Op::ScatterAdd => self.rows(node),
            Op::Permute(_) | Op::Broadcast | Op::Slice(_) | Op::Pad(_) | Op::Concat(_) => self.view(node),
        }
    }

    /// Is a node the extremum of another, stretched to its shape?
    fn is_extremum_of(&self, id: NodeId, of: NodeId) -> bool {
        let nodes = &self.graph.nodes;
        let strip = |mut id: NodeId, ops: fn(&Op) -> bool| {
            while ops(&nodes[id].op) {
                id = nodes[id].inputs[0];
            }
            id
        };
        let reduced = strip(id, |op| matches!(op, Op::Reshape | Op::Broadcast));
        matches!(nodes[reduced].op, Op::Reduce(Reduction::Max | Reduction::Min, _))
            && strip(nodes[reduced].inputs[0], |op| *op == Op::Reshape) == strip(of, |op| *op == Op::Reshape)
    }

    /// Both ends moved as the elements are.
    fn view(&self, node: &Node) -> Vec<Span> {
        let end = |of: fn(&Span) -> f64| {
            let mut ends: Vec<Vec<f64>> = vec![Vec::new(); self.spans.len()];
            node.inputs.iter().for_each(|&i| ends[i] = self.spans[i].iter().map(of).collect());
            moved(self.graph, node, &ends)
        };
        end(|s| s.lo).into_iter().zip(end(|s| s.hi)).map(|(lo, hi)| Span { lo, hi }).collect()
    }

    fn matmul(&self, args: [&Vec<Span>; 2], a: &Shape, [left, right]: [bool; 2], out: &Shape) -> Vec<Span> {
        let rank = out.len();
        let (m, n) = (out[rank - 2], out[rank - 1]);
        let k = if left { a[rank - 2] } else { a[rank - 1] };
        let element = |index: usize| {
            let (batch, i, j) = (index / (m * n), index / n % m, index % n);
            let terms = (0..k).map(|p| {
                let at_a = batch * m * k + if left { p * m + i } else { i * k + p };
                let at_b = batch * k * n + if right { j * k + p } else { p * n + j };
                product(args[0][at_a], args[1][at_b])
            });
            self.sum(terms)
        };
        (0..out.numel()).map(element).collect()
    }

    /// A sum of terms, in any order.
    fn sum(&self, terms: impl Iterator<Item = Span>) -> Span {
        let (mut sum, mut size, mut n) = (Span::exactly(0.0), 0.0, 4.0);
        for term in terms {
            if !term.is_known() {
                return Span::ANY;
            }
            (sum.lo, sum.hi) = (sum.lo + term.lo, sum.hi + term.hi);
            size += term.size();
            n += 1.0;
        }
        self.rounding.widen(sum, 2.0 * n, size)
    }

    /// Every output may be off by what the largest terms round to: fewer multiplications mix neighbours.
    fn convolve(
        &self,
        pass: ConvPass,
        args: [&Vec<Span>; 2],
        each: impl Fn(&mut dyn FnMut(usize, usize, usize)),
        n: usize,
    ) -> Vec<Span> {
        if !args.iter().all(|spans| spans.iter().all(Span::is_known)) {
            return vec![Span::ANY; n];
        }
        let mut sums = vec![(Span::exactly(0.0), 0.0); n];
        each(&mut |x, w, y| {
            let (into, a, b) = match pass {
                ConvPass::Forward => (y, args[0][x], args[1][w]),
                ConvPass::InputGrad => (x, args[0][y], args[1][w]),
                ConvPass::WeightGrad => (w, args[0][x], args[1][y]),
            };
            let (term, (sum, n)) = (product(a, b), &mut sums[into]);
            (sum.lo, sum.hi, *n) = (sum.lo + term.lo, sum.hi + term.hi, *n + 1.0);
        });
        let largest = |spans: &[Span]| spans.iter().map(Span::size).fold(0.0, f64::max);
        let most = sums.iter().map(|(_, n)| *n).fold(1.0, f64::max);
        let size = most * largest(args[0]) * largest(args[1]);
        sums.into_iter().map(|(sum, _)| self.rounding.widen(sum, 32.0 + most, size)).collect()
    }

    /// The elements of each group that a reduction joins.
    fn groups<'b>(&self, axes: &[usize], x: &'b [Span], shape: &Shape, n: usize) -> Vec<Vec<&'b Span>> {
        let mut groups = vec![Vec::new(); n];
        let (strides, kept) = (shape.strides(), shape.without(axes).strides());
        for (i, x) in x.iter().enumerate() {
            let left = (0..shape.len()).filter(|axis| !axes.contains(axis));
            let at: usize = left.zip(&kept).map(|(axis, k)| i / strides[axis] % shape[axis] * k).sum();
            groups[at].push(x);
        }
        groups
    }

    fn reduce(&self, kind: Reduction, axes: &[usize], x: &[Span], shape: &Shape, n: usize) -> Vec<Span> {
        let joined = |group: Vec<&Span>| match kind {
            Reduction::Sum => self.sum(group.into_iter().copied()),
            _ if !group.iter().all(|s| s.is_known()) => Span::ANY,
            Reduction::Max => group
                .into_iter()
                .copied()
                .reduce(|a, b| Span { lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) })
                .unwrap_or(Span::ANY),
            Reduction::Min => group
                .into_iter()
                .copied()
                .reduce(|a, b| Span { lo: a.lo.min(b.lo), hi: a.hi.min(b.hi) })
                .unwrap_or(Span::ANY),
        };
        self.groups(axes, x, shape, n).into_iter().map(joined).collect()
    }

    /// The first and the last place that may hold the extremum.
    fn position(&self, kind: Reduction, axis: usize, x: &[Span], shape: &Shape) -> Vec<Span> {
        let place = |group: Vec<&Span>| {
            let last = group.len() as f64 - 1.0;
            if !group.iter().all(|s| s.is_known()) {
                return Span { lo: 0.0, hi: last };
            }
            let bound = |s: &&Span| if kind == Reduction::Max { (s.lo, s.hi) } else { (-s.hi, -s.lo) };
            let surest = group.iter().map(|s| bound(s).0).fold(f64::NEG_INFINITY, f64::max);
            let may: Vec<usize> = (0..group.len()).filter(|&i| bound(&group[i]).1 >= surest).collect();
            let equal = may.iter().all(|&i| group[i].only().is_some());
            let end = if equal { may[0] } else { may[may.len() - 1] };
            Span { lo: may[0] as f64, hi: end as f64 }
        };
        self.groups(&[axis], x, shape, shape.without(&[axis]).numel()).into_iter().map(place).collect()
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
        let mut terms: Vec<Vec<Span>> = vec![Vec::new(); n];
        for (i, at) in index.iter().enumerate() {
            if let Some(at) = place(at).flatten() {
                (0..row).for_each(|j| terms[at * row + j].push(from[i * row + j]));
            }
        }
        terms.into_iter().map(|terms| self.sum(terms.into_iter())).collect()
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
