//! Cholesky factors of matrices that may lack rank.

use ganatomy_game::nearest::in_parts;

/// Columns that are eliminated before the rest of the matrix is brought up to date.
const PANEL: usize = 48;

/// `F` of full row rank with `F^T F = A`, of a symmetric matrix without negative eigenvalues.
///
/// The largest diagonal element left is eliminated first, until none is above rounding (LAPACK's `dpstrf`; Higham 2002,
/// section 10.3): so noise where the rank ends does not become rows, whose square roots would be large.
///
/// # Shapes
/// - a: `[dims, dims]`; output: `[rank, dims]`
pub(crate) fn factor(mut a: Vec<f64>, dims: usize, threads: usize) -> Vec<f64> {
    let mut left: Vec<f64> = a.iter().step_by(dims + 1).copied().collect();
    let end = left.iter().copied().fold(0.0, f64::max) * dims as f64 * f64::EPSILON;
    let mut gone = vec![false; dims];
    let mut rows: Vec<f64> = Vec::new();
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
            rows.extend(eliminated(&a[pivot * dims..][..dims], &rows[start..], pivot, &gone, left[pivot]));
            let last = &rows[rows.len() - dims..];
            left.iter_mut().zip(last).for_each(|(left, x)| *left -= x * x);
        }
        if rows.len() < start + PANEL * dims {
            return rows;
        }
        update(&mut a, &rows[start..], &gone, threads);
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

/// `A - P^T P` in the rows that are still open.
fn update(a: &mut [f64], panel: &[f64], gone: &[bool], threads: usize) {
    let dims = gone.len();
    let mut open: Vec<(usize, &mut [f64])> =
        a.chunks_exact_mut(dims).enumerate().filter(|(i, _)| !gone[*i]).collect();
    in_parts(&mut open, threads, |_, open| {
        for (i, line) in open {
            // Four rows of the panel at a time, so that the line is read and written seldom.
            for four in panel.chunks_exact(4 * dims) {
                let (p, rest) = four.split_at(dims);
                let (q, rest) = rest.split_at(dims);
                let (r, s) = rest.split_at(dims);
                let (x, y, z, w) = (p[*i], q[*i], r[*i], s[*i]);
                let terms = p.iter().zip(q).zip(r.iter().zip(s));
                for (to, ((p, q), (r, s))) in line.iter_mut().zip(terms) {
                    *to -= (x * p + y * q) + (z * r + w * s);
                }
            }
        }
    });
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
        let one = factor(a.clone(), dims, 1);
        assert_eq!(one.len(), rank * dims);
        assert_eq!(one, factor(a.clone(), dims, 2));
        let worst = (0..dims * dims).map(|k| (at(&one, k / dims, k % dims) - a[k]).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-11, "off by {worst:e}");
    }

    #[test]
    fn factors_have_the_rank_of_the_matrix_and_multiply_to_it() {
        check(300, 130, 130);
        check(97, 130, 97);
        check(1, 5, 1);
        assert_eq!(factor(vec![0.0; 9], 3, 1), [0.0; 0]);
    }
}
