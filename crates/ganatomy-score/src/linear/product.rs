//! Matrix products in double precision.

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

/// `sum_i x_i x_i^T` of many rows, a block at a time.
///
/// # Shapes
/// - `rows(start, out)` writes the block that begins at row `start`: `[BLOCK, dims]`, zeros beyond the last
/// - output: `[dims, dims]`
pub(crate) fn inner(
    cpu: &Cpu,
    n: usize,
    dims: usize,
    mut rows: impl FnMut(usize, &mut [f64]),
) -> Result<Vec<f64>, ScoreError> {
    let trace = Trace::new();
    let (x, sum) = (trace.input("x", [BLOCK, dims]), trace.input("sum", [dims, dims]));
    let program = Program::compile(&trace, &[("sum", &(&sum + x.product(&x, true, false)))])?;
    let mut store = Store::<f64>::new();
    store.insert("x", [BLOCK, dims], vec![0.0; BLOCK * dims])?;
    store.insert("sum", [dims, dims], vec![0.0; dims * dims])?;
    let mut bound = program.bind(cpu, &mut store)?;
    for start in (0..n).step_by(BLOCK) {
        rows(start, store.get_mut("x")?.values_mut());
        bound.run(cpu, &mut store, Key::default())?;
    }
    Ok(store.get("sum")?.values().to_vec())
}

/// Rows of a block.
pub(crate) const BLOCK: usize = 512;
