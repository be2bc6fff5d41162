//! Cholesky factors of matrices that may lack rank.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use crate::error::ScoreError;

/// Columns that are eliminated before the rest of the matrix is brought up to date.
const PANEL: usize = 48;

/// `F` of full row rank with `F^T F = A`, of a symmetric matrix without negative eigenvalues.
///
/// The largest diagonal element left is eliminated first, until none is above rounding (LAPACK's `dpstrf`; Higham 2002,
/// section 10.3): so noise where the rank ends does not become rows, whose square roots would be large.
///
/// # Shapes
/// - a: `[dims, dims]`; output: `[rank, dims]`
pub(crate) fn factor(a: Vec<f64>, dims: usize, cpu: &Cpu) -> Result<Vec<f64>, ScoreError> {
    let mut left: Vec<f64> = a.iter().step_by(dims + 1).copied().collect();
    let end = left.iter().copied().fold(0.0, f64::max) * dims as f64 * f64::EPSILON;
    let mut gone = vec![false; dims];
    let mut rows: Vec<f64> = Vec::new();
    let mut rest = Rest::new(a, dims, cpu)?;
    loop {
        let start = rows.len();
        while rows.len() < start + PANEL * dims && rows.len() < dims * dims {
            let open = (0..dims).filter(|&i| !gone[i]);
            let Some(pivot) = open.max_by(|&i, &j| left[i].total_cmp(&left[j]).then(j.cmp(&i))) else {
                break;
            };
            if left[pivot] <= end || left[pivot].is_nan() {
                break;
            }
            gone[pivot] = true;
            let line = &rest.store.get("a")?.values()[pivot * dims..][..dims];
            rows.extend(eliminated(line, &rows[start..], pivot, &gone, left[pivot]));
            let last = &rows[rows.len() - dims..];
            left.iter_mut().zip(last).for_each(|(left, x)| *left -= x * x);
        }
        if rows.len() < start + PANEL * dims {
            return Ok(rows);
        }
        rest.take_off(&rows[start..], cpu)?;
    }
}

/// The row of the factor that a pivot makes, with the panel's rows before it taken off.
fn eliminated(line: &[f64], panel: &[f64], pivot: usize, gone: &[bool], diagonal: f64) -> Vec<f64> {
    let mut row = line.to_vec();
    for before in panel.chunks_exact(line.len()) {
        let share = before[pivot];
        row.iter_mut().zip(before).for_each(|(x, b)| *x -= share * b);
    }
    let root = diagonal.sqrt();
    row.iter_mut().zip(gone).for_each(|(x, gone)| *x = if *gone { 0.0 } else { *x / root });
    row[pivot] = root;
    row
}

/// What is left of the matrix; of rows and columns that are eliminated it is never read.
struct Rest {
    store: Store<f64>,
    program: Bound<f64>,
}

impl Rest {
    fn new(a: Vec<f64>, dims: usize, cpu: &Cpu) -> Result<Rest, ScoreError> {
        let trace = Trace::new();
        let panel = trace.input("panel", [PANEL, dims]);
        let rest = trace.input("a", [dims, dims]) - panel.product(&panel, true, false);
        let mut store = Store::new();
        store.insert("a", [dims, dims], a)?;
        store.insert("panel", [PANEL, dims], vec![0.0; PANEL * dims])?;
        let program = Program::compile(&trace, &[("a", &rest)])?.bind(cpu, &mut store)?;
        Ok(Rest { store, program })
    }

    /// `A - P^T P`.
    fn take_off(&mut self, panel: &[f64], cpu: &Cpu) -> Result<(), ScoreError> {
        self.store.get_mut("panel")?.values_mut().copy_from_slice(panel);
        Ok(self.program.run(cpu, &mut self.store, Key::default())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    fn check(n: usize, dims: usize, rank: usize) {
        let x = made(7, n, dims);
        let at = |a: &[f64], i: usize, j: usize| a.chunks_exact(dims).map(|row| row[i] * row[j]).sum::<f64>();
        let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let a: Vec<f64> = (0..dims * dims).map(|k| at(&x, k / dims, k % dims)).collect();
        let one = factor(a.clone(), dims, &Cpu::new(1)).unwrap();
        assert_eq!(one.len(), rank * dims);
        assert_eq!(one, factor(a.clone(), dims, &Cpu::new(2)).unwrap());
        let worst = (0..dims * dims).map(|k| (at(&one, k / dims, k % dims) - a[k]).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-11, "off by {worst:e}");
    }

    #[test]
    fn factors_have_the_rank_of_the_matrix_and_multiply_to_it() {
        check(300, 130, 130);
        check(97, 130, 97);
        check(1, 5, 1);
        assert_eq!(factor(vec![0.0; 9], 3, &Cpu::new(1)).unwrap(), [0.0; 0]);
    }
}
