//! Reductions: an elementwise pass whose chunks are folded as they are made.
//!
//! The input is seen as `[outer, reduced, inner]`. If there are many outer rows, tasks take rows.
//! Else the reduced axis is cut into pieces, whose number depends on the shape alone. Each is folded into a
//! partial result, and these are joined in order, so that the bits do not depend on threads.

use pulp::{Simd, WithSimd};

use super::frame::Frame;
use super::native::Native;
use super::pass::{PassPlan, Scratch, Stretch};
use super::share::share;
use crate::op::Reduction;
use crate::shape::Shape;

/// Work below this many simple operations is one task.
const TASK_WORK: usize = 1 << 15;
const MAX_TASKS: usize = 32;
/// Partial results are joined by one task up to this size.
const JOIN: usize = 1 << 13;

/// How one reduction is cut into tasks.
#[derive(Clone, Debug)]
pub(super) struct ReducePlan {
    kind: Reduction,
    outer: usize,
    reduced: usize,
    inner: usize,
    /// Tasks over outer rows.
    row_tasks: usize,
    /// Pieces of the reduced axis; one if tasks take rows.
    pieces: usize,
}

impl ReducePlan {
    /// A plan from shapes; `weight` is the cost of making one element.
    ///
    /// # Panics
    /// On an empty input, for which no kernel is made: compiling leaves it out.
    pub fn new(kind: Reduction, axes: &[usize], input: &Shape, weight: usize) -> Self {
        // Axes of length one are everywhere: between longer ones that are kept they must not be counted.
        let long = || axes.iter().copied().filter(|&axis| input[axis] != 1);
        let first = long().next().unwrap_or(0);
        let last = long().next_back().map_or(0, |axis| axis + 1);
        let product = |lens: &[usize]| lens.iter().product::<usize>();
        let (outer, reduced, inner) =
            (product(&input[..first]), product(&input[first..last]), product(&input[last..]));
        assert!(outer * reduced * inner > 0, "nothing to reduce: {input} over {axes:?}");
        let wanted = (outer * reduced * inner * weight / TASK_WORK).clamp(1, MAX_TASKS);
        let (row_tasks, pieces) = if outer >= wanted { (wanted, 1) } else { (1, wanted.min(reduced).max(1)) };
        ReducePlan { kind, outer, reduced, inner, row_tasks, pieces }
    }

    /// Elements of workspace for partial results.
    pub fn workspace(&self) -> usize {
        if self.pieces > 1 { self.pieces * self.outer * self.inner } else { 0 }
    }

    /// Task counts of the phases.
    pub fn phases(&self) -> Vec<usize> {
        if self.pieces == 1 {
            return vec![self.row_tasks];
        }
        vec![self.pieces, (self.outer * self.inner).div_ceil(JOIN)]
    }

    /// Runs a task.
    ///
    /// # Safety
    /// `out` and `workspace` are the planned ones, and `pass` makes the reduction's input.
    pub unsafe fn run<E: Native>(
        &self,
        pass: &PassPlan<E>,
        frame: &Frame<E>,
        scratch: &mut Scratch<E>,
        at: (usize, usize),
        out: *mut E,
        workspace: *mut E,
    ) {
        let (phase, task) = at;
        let size = self.outer * self.inner;
        if phase == 1 {
            let (start, end) = share(size, size.div_ceil(JOIN), task);
            // SAFETY: the partial results were made in the phase before; tasks join disjoint ranges.
            return unsafe { self.join(frame, workspace, out, start, end) };
        }
        let row = self.reduced * self.inner;
        let (rows, sums) = if self.pieces == 1 {
            (share(self.outer, self.row_tasks, task), out)
        } else {
            ((0, self.outer), workspace.wrapping_add(task * size))
        };
        let piece = share(self.reduced, self.pieces, task * usize::from(self.pieces > 1));
        // SAFETY: each task folds into rows, or into a partial result, of its own.
        unsafe {
            pass.prepare(frame, scratch);
            let own =
                std::slice::from_raw_parts_mut(sums.add(rows.0 * self.inner), (rows.1 - rows.0) * self.inner);
            own.fill(E::from_f64(self.kind.identity()));
            let whole = (0, self.reduced) == piece;
            let mut fold = |first: usize, values: &[E]| {
                let fold = Fold { plan: self, sums, first, values };
                frame.level.vectorize(fold);
            };
            if whole {
                pass.run(frame, scratch, Stretch::range(rows.0 * row, rows.1 * row), &mut fold);
            } else {
                for start in (rows.0..rows.1).map(|r| r * row) {
                    let (first, last) = (start + piece.0 * self.inner, start + piece.1 * self.inner);
                    pass.run(frame, scratch, Stretch::range(first, last), &mut fold);
                }
            }
        }
    }

    unsafe fn join<E: Native>(
        &self,
        frame: &Frame<E>,
        partial: *const E,
        out: *mut E,
        start: usize,
        end: usize,
    ) {
        let (size, n) = (self.outer * self.inner, end - start);
        // SAFETY: the caller's promise; `out` and the workspace are apart.
        unsafe {
            let out = std::slice::from_raw_parts_mut(out.add(start), n);
            out.copy_from_slice(std::slice::from_raw_parts(partial.add(start), n));
            for piece in 1..self.pieces {
                let part = std::slice::from_raw_parts(partial.add(piece * size + start), n);
                frame.level.vectorize(Join { kind: self.kind, out: &mut *out, part });
            }
        }
    }
}

/// Joins partial results element by element.
struct Join<'a, E> {
    kind: Reduction,
    out: &'a mut [E],
    part: &'a [E],
}

impl<E: Native> WithSimd for Join<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        join_into(self.kind, self.out, self.part);
    }
}

/// Folds a chunk that starts at element `first` into the results of its rows.
struct Fold<'a, E> {
    plan: &'a ReducePlan,
    sums: *mut E,
    first: usize,
    values: &'a [E],
}

impl<E: Native> WithSimd for Fold<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Fold { plan, sums, mut first, mut values } = self;
        let unit = if plan.inner == 1 { plan.reduced } else { plan.inner };
        while !values.is_empty() {
            let run = (unit - first % unit).min(values.len());
            let (head, tail) = values.split_at(run);
            // SAFETY: the chunk lies in the rows of this task, whose results no other task touches.
            unsafe {
                if plan.inner == 1 {
                    let sum = &mut *sums.add(first / plan.reduced);
                    *sum = combine(plan.kind, *sum, fold_run(plan.kind, head));
                } else {
                    let row = first / (plan.reduced * plan.inner) * plan.inner;
                    let at = sums.add(row + first % plan.inner);
                    join_into(plan.kind, std::slice::from_raw_parts_mut(at, run), head);
                }
            }
            first += run;
            values = tail;
        }
    }
}

#[inline(always)]
fn combine<E: Native>(kind: Reduction, a: E, b: E) -> E {
    // A NaN fails every comparison and is kept by the sum.
    match kind {
        Reduction::Sum => a + b,
        Reduction::Max if a >= b => a,
        Reduction::Max if b > a => b,
        Reduction::Min if a <= b => a,
        Reduction::Min if b < a => b,
        Reduction::Max | Reduction::Min => a + b,
    }
}

#[inline(always)]
fn join_into<E: Native>(kind: Reduction, out: &mut [E], part: &[E]) {
    match kind {
        Reduction::Sum => out.iter_mut().zip(part).for_each(|(a, b)| *a += *b),
        _ => out.iter_mut().zip(part).for_each(|(a, b)| *a = combine(kind, *a, *b)),
    }
}

/// One number from a run, by sixteen strided accumulators joined in order.
#[inline(always)]
fn fold_run<E: Native>(kind: Reduction, values: &[E]) -> E {
    const LANES: usize = 16;
    let start = E::from_f64(kind.identity());
    let mut lanes = [start; LANES];
    let blocks = values.chunks_exact(LANES);
    let rest = blocks.remainder();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane = combine(kind, *lane, *value);
        }
    }
    let joined =
        if values.len() < LANES { start } else { lanes.into_iter().fold(start, |a, b| combine(kind, a, b)) };
    rest.iter().fold(joined, |a, b| combine(kind, a, *b))
}
