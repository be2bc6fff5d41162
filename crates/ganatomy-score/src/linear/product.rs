//! Matrix products in double precision.

use std::ops::Range;

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

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
pub(crate) struct Products {
    stripes: Vec<Range<usize>>,
    store: Store<f64>,
    program: Bound<f64>,
}

impl Products {
    /// Of no rows yet.
    pub fn new(dims: usize, cpu: &Cpu) -> Result<Products, ScoreError> {
        let stripes = stripes(dims);
        let trace = Trace::new();
        let mut store = Store::<f64>::new();
        let mut parts = Vec::new();
        for (i, columns) in stripes.iter().enumerate() {
            let shape = [BLOCK, columns.len()];
            parts.push(trace.input(&stripe(i), shape));
            store.insert(&stripe(i), shape, vec![0.0; shape[0] * shape[1]])?;
        }
        let mut sums = Vec::new();
        for (i, j) in pairs(&stripes) {
            let shape = [stripes[i].len(), stripes[j].len()];
            let sum = trace.input(&pair(i, j), shape) + parts[i].product(&parts[j], true, false);
            sums.push((pair(i, j), sum));
            store.insert(&pair(i, j), shape, vec![0.0; shape[0] * shape[1]])?;
        }
        let outputs: Vec<_> = sums.iter().map(|(name, sum)| (name.as_str(), sum)).collect();
        let program = Program::compile(&trace, &outputs)?.bind(cpu, &mut store)?;
        Ok(Products { stripes, store, program })
    }

    /// Adds the products of a block of rows.
    ///
    /// # Shapes
    /// - `rows(columns, out)` writes these columns of the block: `[BLOCK, columns]`, zeros beyond the last row
    pub fn add(
        &mut self,
        cpu: &Cpu,
        mut rows: impl FnMut(Range<usize>, &mut [f64]),
    ) -> Result<(), ScoreError> {
        for (i, columns) in self.stripes.iter().enumerate() {
            rows(columns.clone(), self.store.get_mut(&stripe(i))?.values_mut());
        }
        Ok(self.program.run(cpu, &mut self.store, Key::default())?)
    }

    /// The sums since they were last taken, one stripe beside another; then they are zero again.
    pub fn take(&mut self) -> Result<Vec<f64>, ScoreError> {
        let mut all = Vec::new();
        for (i, j) in pairs(&self.stripes) {
            let sums = self.store.get_mut(&pair(i, j))?.values_mut();
            all.extend_from_slice(sums);
            sums.fill(0.0);
        }
        Ok(all)
    }
}

/// The whole matrix of what [`Products::take`] answers.
///
/// # Shapes
/// - output: `[dims, dims]`
pub(crate) fn whole(sums: &[f64], dims: usize) -> Vec<f64> {
    let stripes = stripes(dims);
    let (mut all, mut rest) = (vec![0.0; dims * dims], sums);
    for (i, j) in pairs(&stripes) {
        let (part, after) = rest.split_at(stripes[i].len() * stripes[j].len());
        for (row, line) in stripes[i].clone().zip(part.chunks_exact(stripes[j].len())) {
            all[row * dims..][stripes[j].clone()].copy_from_slice(line);
            line.iter().zip(stripes[j].clone()).for_each(|(x, column)| all[column * dims + row] = *x);
        }
        rest = after;
    }
    all
}

/// Numbers that [`Products::take`] answers.
pub(crate) fn n_sums(dims: usize) -> usize {
    let stripes = stripes(dims);
    pairs(&stripes).map(|(i, j)| stripes[i].len() * stripes[j].len()).sum()
}

fn stripes(dims: usize) -> Vec<Range<usize>> {
    (0..dims).step_by(STRIPE).map(|at| at..(at + STRIPE).min(dims)).collect()
}

fn pairs(stripes: &[Range<usize>]) -> impl Iterator<Item = (usize, usize)> + use<> {
    let n = stripes.len();
    (0..n).flat_map(move |i| (i..n).map(move |j| (i, j)))
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
