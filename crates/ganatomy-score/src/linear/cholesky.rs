//! Cholesky factors of matrices that may lack rank.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use crate::error::ScoreError;

/// Columns that are eliminated before the rest of the matrix is brought up to date.
const PANEL: usize = 48;
/// What is left of a diagonal element that is eliminated.
const GONE: f64 = f64::NEG_INFINITY;

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
    let mut rows: Vec<f64> = Vec::new();
    let mut rest = Rest::new(a, (0..dims).collect(), cpu)?;
    loop {
        let n = left.len();
        let mut panel: Vec<f64> = Vec::with_capacity(PANEL * n);
        while panel.len() < PANEL * n {
            // Of equals the first.
            let open = (0..n).filter(|&i| left[i] > end);
            let Some(pivot) = open.reduce(|best, i| if left[i] > left[best] { i } else { best }) else {
                break;
            };
            let diagonal = std::mem::replace(&mut left[pivot], GONE);
            let line = &rest.store.get("a")?.values()[pivot * n..][..n];
            panel.extend(eliminated(line, &panel, pivot, &left, diagonal));
            let last = &panel[panel.len() - n..];
            left.iter_mut().zip(last).for_each(|(left, x)| *left -= x * x);
        }
        for line in panel.chunks_exact(n) {
            let start = rows.len();
            rows.resize(start + dims, 0.0);
            rest.places.iter().zip(line).for_each(|(place, x)| rows[start + place] = *x);
        }
        if panel.len() < PANEL * n {
            return Ok(rows);
        }
        rest.take_off(&panel, cpu)?;
        rest = rest.without(&mut left, cpu)?;
    }
}

/// The row of the factor that a pivot makes, with the panel's rows before it taken off.
fn eliminated(line: &[f64], panel: &[f64], pivot: usize, left: &[f64], diagonal: f64) -> Vec<f64> {
    let (n, mut row) = (line.len(), line.to_vec());
    // Four rows at a time, so that the row is read and written seldom.
    let fours = panel.chunks_exact(4 * n);
    for before in fours.remainder().chunks_exact(n) {
        let share = before[pivot];
        row.iter_mut().zip(before).for_each(|(x, b)| *x -= share * b);
    }
    for four in fours {
        let ((a, b), (c, d)) = (four[..2 * n].split_at(n), four[2 * n..].split_at(n));
        let [x, y, z, w] = [a, b, c, d].map(|before| before[pivot]);
        for (to, ((a, b), (c, d))) in row.iter_mut().zip(a.iter().zip(b).zip(c.iter().zip(d))) {
            *to -= (x * a + y * b) + (z * c + w * d);
        }
    }
    let root = diagonal.sqrt();
    row.iter_mut().zip(left).for_each(|(x, left)| *x = if *left == GONE { 0.0 } else { *x / root });
    row[pivot] = root;
    row
}

/// What is left of the matrix; of rows and columns that are eliminated it is never read.
struct Rest {
    /// Which rows and columns of the whole it still has.
    places: Vec<usize>,
    store: Store<f64>,
    program: Bound<f64>,
}

impl Rest {
    fn new(a: Vec<f64>, places: Vec<usize>, cpu: &Cpu) -> Result<Rest, ScoreError> {
        let n = places.len();
        let trace = Trace::new();
        let panel = trace.input("panel", [PANEL, n]);
        let rest = trace.input("a", [n, n]) - panel.product(&panel, true, false);
        let mut store = Store::new();
        store.insert("a", [n, n], a)?;
        store.insert("panel", [PANEL, n], vec![0.0; PANEL * n])?;
        let program = Program::compile(&trace, &[("a", &rest)])?.bind(cpu, &mut store)?;
        Ok(Rest { places, store, program })
    }

    /// `A - P^T P`.
    fn take_off(&mut self, panel: &[f64], cpu: &Cpu) -> Result<(), ScoreError> {
        self.store.get_mut("panel")?.values_mut().copy_from_slice(panel);
        Ok(self.program.run(cpu, &mut self.store, Key::default())?)
    }

    /// The same without what is gone, once that is a quarter of it; what is left of the diagonal is cut alike.
    fn without(self, left: &mut Vec<f64>, cpu: &Cpu) -> Result<Rest, ScoreError> {
        let n = self.places.len();
        let open: Vec<usize> = (0..n).filter(|&i| left[i] != GONE).collect();
        if open.len() < PANEL || 4 * open.len() > 3 * n {
            return Ok(self);
        }
        let a = self.store.get("a")?.values();
        let rows = open.iter().map(|i| &a[i * n..][..n]);
        let kept = rows.flat_map(|row| open.iter().map(|&j| row[j])).collect();
        *left = open.iter().map(|&i| left[i]).collect();
        Rest::new(kept, open.into_iter().map(|i| self.places[i]).collect(), cpu)
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
