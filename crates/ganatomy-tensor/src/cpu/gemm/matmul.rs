//! A batch of dense products, as parts for the engine.

use super::layout::{Layout, Lines, Steps};
use super::micro::Micro;
use super::operand::{Left, Right, RowMap, Source};
use super::part::Part;
use super::product::Gemm;
use crate::cpu::level::Level;
use crate::cpu::spec::MatMulSpec;

impl<E: Micro> Gemm<E> {
    /// Plans a batch of dense products.
    pub fn matmul(spec: &MatMulSpec, level: Level) -> Gemm<E> {
        let layout = layout(&spec.merged());
        Gemm::plan(layout, spec.batch * spec.m * spec.n, level)
    }
}

impl MatMulSpec {
    /// The same product with the batch seen as rows, where `B` is common to all entries.
    fn merged(&self) -> MatMulSpec {
        let merges = self.a_batched && !self.b_batched && !self.a_transposed;
        if merges { MatMulSpec { batch: 1, m: self.batch * self.m, ..*self } } else { *self }
    }

    fn steps(&self) -> Steps {
        Steps {
            a: if self.a_batched { self.m * self.k } else { 0 },
            b: if self.b_batched { self.k * self.n } else { 0 },
            c: self.m * self.n,
        }
    }
}

fn layout(spec: &MatMulSpec) -> Layout {
    let exchanged = spec.m == 1 && spec.n > 1;
    let part = if exchanged { exchanged_part(spec) } else { part(spec) };
    let mut steps = spec.steps();
    if exchanged {
        (steps.a, steps.b) = (steps.b, steps.a);
    }
    Layout {
        lines: vec![Lines::single()],
        n_lines: part.m,
        parts: vec![part],
        instances: spec.batch,
        steps,
        side_by_side: false,
        line_rows: 1,
        ld: spec.n,
        long_rows: false,
        exchanged,
        scatter: None,
    }
}

fn part(spec: &MatMulSpec) -> Part {
    let MatMulSpec { m, n, k, .. } = *spec;
    let slabs = spec.a_transposed;
    let right = if spec.b_transposed && k > 1 {
        Right::Columns { ld: k, segment: k, offsets: vec![0] }
    } else {
        Right::Rows { ld: n }
    };
    let left = Left { source: Source::Dense { ld: if slabs { m } else { k } }, slabs };
    Part { left, right, m, n, k, rows: RowMap::dense(n) }
}

/// One row times a matrix is that matrix, transposed, times one column.
fn exchanged_part(spec: &MatMulSpec) -> Part {
    let slabs = !spec.b_transposed;
    let left = Left { source: Source::Dense { ld: if slabs { spec.n } else { spec.k } }, slabs };
    Part { left, right: Right::Rows { ld: 1 }, m: spec.n, n: 1, k: spec.k, rows: RowMap::dense(1) }
}
