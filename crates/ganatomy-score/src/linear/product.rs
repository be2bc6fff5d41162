//! Matrix products in double precision.

use std::ops::Range;

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Cpu, Program, Store, Trace};

use crate::error::ScoreError;

/// `a b^T`.
///
/// # Shapes
/// - a: `[m, dims]`, b: `[n, dims]`; output: `[m, n]`
pub(crate) fn outer(cpu: &Cpu, a: Vec<f64>, b: Vec<f64>, dims: usize) -> Result<Vec<f64>, ScoreError> {
    let (m, n) = (a.len() / dims, b.len() / dims);
    let trace = Trace::new();
    let (left, right) = (trace.input("a", [m, dims]), trace.input("b", [n, dims]));
    let program = Program::compile(&trace, &[("c", &left.product(&right, false, true))])?;
    let mut store = Store::<f64>::new();
    store.insert("a", [m, dims], a)?;
    store.insert("b", [n, dims], b)?;
    program.bind(cpu, &mut store)?.run(cpu, &mut store, Key::default())?;
    Ok(store.get("c")?.values().to_vec())
}

/// `sum_i x_i x_i^T` of many rows, a block at a time; of a symmetric matrix only the stripes of one half are made.
///
/// # Shapes
/// - `rows(start, columns, out)` writes these columns of the block that begins at row `start`: `[BLOCK, columns]`, zeros beyond the last
/// - output: `[dims, dims]`
pub(crate) fn inner(
    cpu: &Cpu,
    n: usize,
    dims: usize,
    mut rows: impl FnMut(usize, Range<usize>, &mut [f64]),
) -> Result<Vec<f64>, ScoreError> {
    let stripes: Vec<Range<usize>> =
        (0..dims).step_by(STRIPE).map(|at| at..(at + STRIPE).min(dims)).collect();
    let pairs = (0..stripes.len()).flat_map(|i| (i..stripes.len()).map(move |j| (i, j)));
    let trace = Trace::new();
    let mut store = Store::<f64>::new();
    let mut parts = Vec::new();
    for (i, columns) in stripes.iter().enumerate() {
        let shape = [BLOCK, columns.len()];
        parts.push(trace.input(&stripe(i), shape));
        store.insert(&stripe(i), shape, vec![0.0; shape[0] * shape[1]])?;
    }
    let mut sums = Vec::new();
    for (i, j) in pairs.clone() {
        let shape = [stripes[i].len(), stripes[j].len()];
        let sum = trace.input(&pair(i, j), shape) + parts[i].product(&parts[j], true, false);
        sums.push((pair(i, j), sum));
        store.insert(&pair(i, j), shape, vec![0.0; shape[0] * shape[1]])?;
    }
    let outputs: Vec<_> = sums.iter().map(|(name, sum)| (name.as_str(), sum)).collect();
    let mut bound = Program::compile(&trace, &outputs)?.bind(cpu, &mut store)?;
    for start in (0..n).step_by(BLOCK) {
        for (i, columns) in stripes.iter().enumerate() {
            rows(start, columns.clone(), store.get_mut(&stripe(i))?.values_mut());
        }
        bound.run(cpu, &mut store, Key::default())?;
    }
    let mut all = vec![0.0; dims * dims];
    for (i, j) in pairs {
        let part = store.get(&pair(i, j))?.values();
        for (row, line) in stripes[i].clone().zip(part.chunks_exact(stripes[j].len())) {
            all[row * dims..][stripes[j].clone()].copy_from_slice(line);
            line.iter().zip(stripes[j].clone()).for_each(|(x, column)| all[column * dims + row] = *x);
        }
    }
    Ok(all)
}

fn stripe(i: usize) -> String {
    format!("x.{i}")
}

fn pair(i: usize, j: usize) -> String {
    format!("sum.{i}.{j}")
}

/// Rows of a block.
pub(crate) const BLOCK: usize = 512;
/// Columns of a stripe.
const STRIPE: usize = 512;
