//! Kernels that move elements: pad, concatenate, gather, scatter-add, argmax and argmin; and what is cut like them: nearness, and the
//! random numbers of several members.

use std::ops::Range;

use super::frame::{Frame, Place};
use super::native::Native;
use super::nearness::Nearness;
use super::random::RandomOf;
use super::share::share;
use crate::op::gather::row_at;
use crate::op::{Op, Reduction};
use crate::shape::Shape;
use crate::trace::{Node, NodeId};

const TASK_ELEMENTS: usize = 1 << 14;
const MAX_TASKS: usize = 16;
/// Elements moved in the time that a random number takes.
const RANDOM_WORK: usize = 8;
/// Operations of a pair of columns beside those of its dimensions, of which the exponential is most.
const PAIR_WORK: usize = 16;

/// An operand: where it is and its shape.
#[derive(Clone, Debug)]
struct Source {
    from: Place,
    offset: usize,
    shape: Shape,
}

impl Source {
    /// Is the operand where element `at` of the output is?
    fn lies_at(&self, out: Place, at: usize) -> bool {
        match (self.from, out) {
            (Place::Arena(from), Place::Arena(out)) => from + self.offset == out + at,
            _ => false,
        }
    }
}

/// Are the operands of a concatenation one after another in the output?
fn stacked(axis: usize, shape: &Shape) -> bool {
    shape[..axis].iter().all(|&n| n == 1)
}

/// A moving kernel, ready to run.
#[derive(Clone, Debug)]
pub(super) struct Movement {
    op: Op,
    sources: Vec<Source>,
    shape: Shape,
    out: Place,
    /// What is divided among tasks: output rows, or elements if operands are stacked.
    units: usize,
    pub n_tasks: usize,
}

impl Movement {
    /// Plans a node; `operand` returns where its operands are.
    pub fn new(nodes: &[Node], id: NodeId, out: Place, operand: &dyn Fn(NodeId) -> (Place, usize)) -> Self {
        let node = &nodes[id];
        let source = |&input: &NodeId| {
            let (from, offset) = operand(input);
            Source { from, offset, shape: nodes[input].shape.clone() }
        };
        let units = match &node.op {
            Op::Concat(axis) if stacked(*axis, &node.shape) => node.shape.numel(),
            Op::Concat(axis) => node.shape[..*axis].iter().product(),
            Op::ArgReduce(..) => node.shape.numel(),
            // A vector is one row, which cannot be divided.
            Op::Pad(_) if node.shape.len() < 2 => 1,
            _ => node.shape.first().copied().unwrap_or(1),
        };
        let wanted = (work(nodes, node) / TASK_ELEMENTS).clamp(1, MAX_TASKS);
        let sources = node.inputs.iter().map(source).collect();
        let n_tasks = wanted.min(units).max(1);
        Movement { op: node.op.clone(), sources, shape: node.shape.clone(), out, units, n_tasks }
    }

    /// Runs a task.
    ///
    /// # Safety
    /// The frame is of the program this kernel was planned for.
    pub unsafe fn run<E: Native>(&self, frame: &Frame<E>, task: usize) {
        let (start, end) = share(self.units, self.n_tasks, task);
        // SAFETY: operands and output are live, apart (an operand that lies in the output is not read),
        // and of their planned lengths; tasks write disjoint units of the output.
        unsafe {
            let operand = |i: usize| {
                let source = &self.sources[i];
                std::slice::from_raw_parts(
                    frame.at(source.from).add(source.offset).cast_const(),
                    source.shape.numel(),
                )
            };
            let unit = self.shape.numel() / self.units.max(1);
            let out =
                std::slice::from_raw_parts_mut(frame.at(self.out).add(start * unit), (end - start) * unit);
            match &self.op {
                Op::Pad(offset) => self.pad(operand(0), offset, out, start),
                Op::Concat(axis) if stacked(*axis, &self.shape) => self.stack(&operand, out, start),
                Op::Concat(axis) => {
                    for (at, row) in out.chunks_exact_mut(unit.max(1)).enumerate() {
                        self.join(&operand, *axis, row, start + at);
                    }
                }
                Op::Gather => self.gather(operand(0), operand(1), out, start),
                Op::ScatterAdd => scatter(operand(0), operand(1), out, unit, start..end),
                Op::ArgReduce(kind, axis) => self.extremum(*kind, *axis, operand(0), out, start),
                Op::RandomOf(from, purpose, seeds) => {
                    let (from, purpose, seeds) = (*from, *purpose, &seeds[start..end]);
                    frame.level.vectorize(RandomOf { from, purpose, seeds, key: frame.key, out });
                }
                Op::Nearness => self.nearness(frame, operand(0), None, out, start..end),
                Op::NearnessGrad => self.nearness(frame, operand(0), Some(operand(1)), out, start..end),
                _ => {}
            }
        }
    }

    /// Output rows `first..` of a padded tensor.
    fn pad<E: Native>(&self, input: &[E], offset: &[usize], out: &mut [E], first: usize) {
        out.fill(E::ZERO);
        let from = &self.sources[0].shape;
        let run = from.last().copied().unwrap_or(1);
        // Elements of one step along the outermost axis: the stride of the units of tasks.
        let base = first * self.shape.iter().skip(1).product::<usize>();
        let end = base + out.len();
        let lead = from.len().saturating_sub(1);
        for (row, values) in input.chunks_exact(run.max(1)).enumerate() {
            let (mut rest, mut to) = (row, offset.last().copied().unwrap_or(0));
            let mut stride = self.shape.last().copied().unwrap_or(1);
            for axis in (0..lead).rev() {
                to += (rest % from[axis] + offset[axis]) * stride;
                rest /= from[axis];
                stride *= self.shape[axis];
            }
            if (base..end).contains(&to) {
                out[to - base..][..run].copy_from_slice(values);
            }
        }
    }

    /// Elements `first..` of operands stacked in memory; those already in their place stay there.
    fn stack<'a, E: Native>(&self, operand: &dyn Fn(usize) -> &'a [E], out: &mut [E], first: usize) {
        let end = first + out.len();
        let mut at = 0;
        for (i, source) in self.sources.iter().enumerate() {
            let (from, to) = (at.max(first), (at + source.shape.numel()).min(end));
            if from < to && !source.lies_at(self.out, at) {
                out[from - first..to - first].copy_from_slice(&operand(i)[from - at..to - at]);
            }
            at += source.shape.numel();
        }
    }

    /// One row (all axes from the joined one on) of a concatenation.
    fn join<'a, E: Native>(&self, operand: &dyn Fn(usize) -> &'a [E], axis: usize, row: &mut [E], at: usize) {
        let mut rest = row;
        for (i, source) in self.sources.iter().enumerate() {
            let run: usize = source.shape[axis..].iter().product();
            let (part, tail) = rest.split_at_mut(run);
            part.copy_from_slice(&operand(i)[at * run..][..run]);
            rest = tail;
        }
    }

    fn gather<E: Native>(&self, table: &[E], index: &[E], out: &mut [E], first: usize) {
        let n_rows = self.sources[0].shape[0];
        let row = table.len() / n_rows.max(1);
        for (to, i) in out.chunks_exact_mut(row.max(1)).zip(&index[first..]) {
            match row_at(i.to_f64(), n_rows) {
                Some(at) => to.copy_from_slice(&table[at * row..][..row]),
                None => to.fill(E::from_f64(f64::NAN)),
            }
        }
    }

    /// The matrices `own`, or their derivative.
    fn nearness<E: Native>(
        &self,
        frame: &Frame<E>,
        x: &[E],
        g: Option<&[E]>,
        out: &mut [E],
        own: Range<usize>,
    ) {
        let (dims, n) = (self.sources[0].shape[1], self.sources[0].shape[2]);
        let x = &x[own.start * dims * n..own.end * dims * n];
        let g = g.map(|g| &g[own.start * n..own.end * n]);
        frame.level.vectorize(Nearness { x, g, dims, n, out });
    }

    fn extremum<E: Native>(&self, kind: Reduction, axis: usize, input: &[E], out: &mut [E], first: usize) {
        let shape = &self.sources[0].shape;
        let inner: usize = shape[axis + 1..].iter().product();
        let better = |a: E, b: E| if kind == Reduction::Max { a > b } else { a < b };
        for (at, to) in out.iter_mut().enumerate() {
            let (row, column) = ((first + at) / inner, (first + at) % inner);
            let value = |r: usize| input[(row * shape[axis] + r) * inner + column];
            let best =
                (1..shape[axis]).fold(0, |best, r| if better(value(r), value(best)) { r } else { best });
            *to = E::from_f64(best as f64);
        }
    }
}

/// Adds the rows that belong to the output rows `own`, in the order they come.
fn scatter<E: Native>(rows: &[E], index: &[E], out: &mut [E], row: usize, own: Range<usize>) {
    out.fill(E::ZERO);
    for (from, i) in rows.chunks_exact(row.max(1)).zip(index) {
        if let Some(at) = row_at(i.to_f64(), own.end).filter(|&at| at >= own.start) {
            let to = &mut out[(at - own.start) * row..][..row];
            to.iter_mut().zip(from).for_each(|(sum, x)| *sum += *x);
        }
    }
}

/// The work of a kernel, in elements moved.
fn work(nodes: &[Node], node: &Node) -> usize {
    let first = node.inputs.first().map_or(&[][..], |&id| &nodes[id].shape[..]);
    match (&node.op, first) {
        (Op::Nearness | Op::NearnessGrad, [k, dims, n]) => k * n * n * (dims + PAIR_WORK) / 16,
        (Op::RandomOf(..), _) => node.shape.numel() * RANDOM_WORK,
        _ => node.shape.numel(),
    }
}
