//! Singular values of a matrix.

use ganatomy_tensor::Cpu;

use super::band::{band, two_diagonals};
use super::quotient::sum_of_values;
use crate::error::ScoreError;

/// The sum of all singular values; NaN where a number is not finite.
///
/// Householder reflections from both sides leave a band, and of it two diagonals (Golub and Kahan 1965), whose values come out one by one.
/// No square of the matrix is taken, so that small values are as exact as large ones: to rounding of the largest.
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
    Ok(sum_of_values(&two_diagonals(band)) * largest)
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
