//! Singular values of a matrix.

use ganatomy_tensor::Cpu;

use super::band::{band, two_diagonals};
use crate::error::ScoreError;

/// Turns of the iteration for one value; it needs two, seldom three.
const MOST_TURNS: usize = 60;

/// The sum of all singular values; NaN where a number is not finite.
///
/// Householder reflections from both sides leave a band, and of it two diagonals `d`, `e` (Golub and Kahan 1965). The singular values of
/// those are the positive half of the eigenvalues of the symmetric matrix with zeros on the diagonal and `d_1, e_1, d_2, e_2, ..` beside
/// it, so that small ones are as exact as large ones: to rounding of the largest.
///
/// # Shapes
/// - a: `[rows, columns]`
pub(crate) fn nuclear_norm(
    mut a: Vec<f64>,
    rows: usize,
    columns: usize,
    cpu: &Cpu,
) -> Result<f64, ScoreError> {
    if a.iter().any(|x| !x.is_finite()) {
        return Ok(f64::NAN);
    }
    // Squares of numbers up to one do not overflow, and those that vanish do not count.
    let largest = a.iter().map(|x| x.abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return Ok(0.0);
    }
    a.iter_mut().for_each(|x| *x /= largest);
    let band = match rows >= columns {
        true => band(a, rows, columns, cpu)?,
        false => {
            let turned = (0..columns).flat_map(|j| a.iter().skip(j).step_by(columns).copied()).collect();
            band(turned, columns, rows, cpu)?
        }
    };
    let beside = two_diagonals(band);
    let found = eigenvalues(vec![0.0; beside.len() + 1], beside);
    Ok(found.iter().map(|x| x.abs()).sum::<f64>() / 2.0 * largest)
}

/// Eigenvalues of a symmetric tridiagonal matrix, in no order, by QL steps with implicit shifts (EISPACK's `imtql1`).
fn eigenvalues(mut d: Vec<f64>, beside: Vec<f64>) -> Vec<f64> {
    let n = d.len();
    let mut e = beside;
    e.push(0.0);
    for l in 0..n {
        for _ in 0..MOST_TURNS {
            let small = |i: &usize| e[*i].abs() <= f64::EPSILON * (d[*i].abs() + d[*i + 1].abs());
            let m = (l..n - 1).find(small).unwrap_or(n - 1);
            if m == l {
                break;
            }
            turn(&mut d, &mut e, l, m);
        }
    }
    d
}

/// One step from row m down to row l.
fn turn(d: &mut [f64], e: &mut [f64], l: usize, m: usize) {
    let mut g = (d[l + 1] - d[l]) / (2.0 * e[l]);
    g = d[m] - d[l] + e[l] / (g + g.hypot(1.0).copysign(g));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = (f * f + g * g).sqrt();
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        let over = 1.0 / r;
        (s, c) = (f * over, g * over);
        g = d[i + 1] - p;
        let r = (d[i] - g) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    fn check(a: Vec<f64>, rows: usize, columns: usize, expected: f64) {
        let of = |threads| nuclear_norm(a.clone(), rows, columns, &Cpu::new(threads)).unwrap();
        let found = of(1);
        assert!((found - expected).abs() <= 1e-12 * expected.max(1e-300), "{found} for {expected}");
        assert_eq!(found, of(2));
    }

    #[test]
    fn the_sum_of_singular_values_is_numpys() {
        check(vec![3.0], 1, 1, 3.0);
        check(vec![0.0; 6], 2, 3, 0.0);
        check(vec![3.0, 0.0, 0.0, 4.0], 2, 2, 7.0);
        check(vec![1.0, 1.0, 1.0, 1.0], 2, 2, 2.0);
        let made = |n, d| made(3, n, d).into_iter().map(f64::from).collect::<Vec<f64>>();
        // numpy.linalg.svd(made(3, n, d).astype(float), compute_uv=False).sum(), numpy 2.4.6.
        check(made(40, 23), 40, 23, 65.79380007801615);
        check(made(23, 40), 23, 40, 66.81023370069967);
        // Large enough for threads.
        check(made(300, 280), 300, 280, 2092.146450458838);
        assert!(nuclear_norm(vec![f64::NAN], 1, 1, &Cpu::new(1)).unwrap().is_nan());
    }
}
