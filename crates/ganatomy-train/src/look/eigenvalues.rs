//! Eigenvalues of a game's Jacobian.

use nalgebra::DMatrix;
use nalgebra::linalg::Schur;

/// Sweeps for each row before giving up; a handful is usual.
const SWEEPS_PER_ROW: usize = 60;

/// A matrix whose eigenvalues cannot be found.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EigenError {
    /// Rows of another length than their number.
    #[error("eigenvalues are those of a square matrix: row {row} of {rows} has {columns} numbers")]
    Square {
        /// Which row.
        row: usize,
        /// How many rows there are.
        rows: usize,
        /// How long the row is.
        columns: usize,
    },
    /// A number that is not finite.
    #[error("row {row}, column {column} of the matrix is {value}")]
    Finite {
        /// Which row.
        row: usize,
        /// Which column.
        column: usize,
        /// What stands there.
        value: f64,
    },
    /// The iteration does not come to an end.
    #[error("the eigenvalues of the {rows} rows were not found in {sweeps} sweeps")]
    Sweeps {
        /// How many rows there are.
        rows: usize,
        /// The limit.
        sweeps: usize,
    },
}

/// The eigenvalues `[re, im]` of a real matrix, sorted by their real and then by their imaginary part (as far as rounding lets real parts be equal).
///
/// By the real Schur decomposition `M = Q T Q^T` (Golub and Van Loan 2013, section 7.5), whose blocks on the diagonal are the
/// eigenvalues, or pairs of them.
///
/// # Shapes
/// - matrix: n rows of n numbers; output: n
///
/// # Errors
/// A matrix that is not square or not finite, or an iteration that does not end.
pub fn eigenvalues(matrix: &[Vec<f64>]) -> Result<Vec<[f64; 2]>, EigenError> {
    let n = matrix.len();
    for (row, values) in matrix.iter().enumerate() {
        if values.len() != n {
            return Err(EigenError::Square { row, rows: n, columns: values.len() });
        }
        if let Some(column) = values.iter().position(|x| !x.is_finite()) {
            return Err(EigenError::Finite { row, column, value: values[column] });
        }
    }
    let m = DMatrix::from_fn(n, n, |i, j| matrix[i][j]);
    let sweeps = SWEEPS_PER_ROW * n.max(1);
    let find = |m| Schur::try_new(m, f64::EPSILON, sweeps);
    // Shifts that come back to where they were make no progress (on a cyclic permutation, for instance): mirrored, the
    // same matrix has other shifts.
    let schur =
        find(m.clone()).or_else(|| find(mirrored(m))).ok_or(EigenError::Sweeps { rows: n, sweeps })?;
    let mut all = on_diagonal(&schur.unpack().1);
    all.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    Ok(all)
}

/// `P M P` for the reflection `P = I - 2 v v^T / v^T v`, which changes no eigenvalue.
fn mirrored(m: DMatrix<f64>) -> DMatrix<f64> {
    let n = m.nrows();
    let v = DMatrix::from_fn(n, 1, |i, _| 1.0 + ((i + 1) as f64 * 0.618_034).fract());
    let p = DMatrix::identity(n, n) - (&v * v.transpose()) * (2.0 / v.norm_squared());
    &p * m * &p
}

/// The eigenvalues of a matrix that is triangular but for blocks of two.
fn on_diagonal(t: &DMatrix<f64>) -> Vec<[f64; 2]> {
    let (n, mut i, mut all) = (t.nrows(), 0, Vec::with_capacity(t.nrows()));
    while i < n {
        if i + 1 == n || t[(i + 1, i)] == 0.0 {
            all.push([t[(i, i)], 0.0]);
            i += 1;
            continue;
        }
        let (middle, half) = ((t[(i, i)] + t[(i + 1, i + 1)]) / 2.0, (t[(i, i)] - t[(i + 1, i + 1)]) / 2.0);
        let square = half * half + t[(i, i + 1)] * t[(i + 1, i)];
        let root = square.abs().sqrt();
        // A pair of equal real eigenvalues may be left in a block by rounding.
        all.extend(match square < 0.0 {
            true => [[middle, -root], [middle, root]],
            false => [[middle - root, 0.0], [middle + root, 0.0]],
        });
        i += 2;
    }
    all
}

#[cfg(test)]
mod tests {
    use ganatomy_record::RunSpec;

    use super::*;
    use crate::small::SmallPlan;

    /// Eigenvalues against known ones, in whatever order rounding has left them.
    fn compare(mut found: Vec<[f64; 2]>, expected: &[[f64; 2]]) {
        assert_eq!(found.len(), expected.len());
        for b in expected {
            let distance = |a: &[f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
            let nearest =
                (0..found.len()).min_by(|&i, &j| distance(&found[i]).total_cmp(&distance(&found[j])));
            let error = distance(&found.swap_remove(nearest.unwrap()));
            assert!(error < 1e-7, "{b:?} is missed by {error}");
        }
    }

    fn check(matrix: &[&[f64]], expected: &[[f64; 2]]) {
        let rows: Vec<Vec<f64>> = matrix.iter().map(|row| row.to_vec()).collect();
        compare(eigenvalues(&rows).unwrap(), expected);
    }

    #[test]
    fn known_matrices_have_their_eigenvalues() {
        check(&[], &[]);
        check(&[&[3.0]], &[[3.0, 0.0]]);
        check(&[&[0.0, 1.0], &[-1.0, 0.0]], &[[0.0, -1.0], [0.0, 1.0]]);
        check(&[&[2.0, 1.0], &[0.0, 2.0]], &[[2.0, 0.0], [2.0, 0.0]]);
        check(&[&[0.0; 3], &[0.0; 3], &[0.0; 3]], &[[0.0, 0.0]; 3]);
        let s = 0.75f64.sqrt();
        let cycle: [&[f64]; 3] = [&[0.0, 0.0, 1.0], &[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0]];
        check(&cycle, &[[-0.5, -s], [-0.5, s], [1.0, 0.0]]);
        let swap: [&[f64]; 4] =
            [&[0.0, 0.0, 1.0, 0.0], &[0.0, 0.0, 0.0, 1.0], &[-1.0, 0.0, 0.0, 0.0], &[0.0, -1.0, 0.0, 0.0]];
        check(&swap, &[[0.0, -1.0], [0.0, -1.0], [0.0, 1.0], [0.0, 1.0]]);
    }

    #[test]
    fn a_long_cycle_has_the_roots_of_unity() {
        let n = 24;
        let cycle: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(u8::from((j + 1) % n == i))).collect()).collect();
        let angle = |k: usize| std::f64::consts::TAU * k as f64 / n as f64;
        let roots: Vec<[f64; 2]> = (0..n).map(|k| [angle(k).cos(), angle(k).sin()]).collect();
        compare(eigenvalues(&cycle).unwrap(), &roots);
    }

    /// How the players of a small game move near its equilibrium.
    fn check_motion(spec: &str, expected: &[[f64; 2]]) {
        let plan = SmallPlan::new(&RunSpec::parse(spec, "test").unwrap()).unwrap();
        let rows = plan.jacobian(plan.equilibrium()).unwrap();
        let against = |row: &Vec<f64>| row.iter().map(|x| -x).collect();
        compare(eigenvalues(&rows.iter().map(against).collect::<Vec<_>>()).unwrap(), expected);
    }

    #[test]
    fn small_games_have_the_eigenvalues_of_theory() {
        check_motion("game.kind = \"bilinear\"", &[[0.0, -1.0], [0.0, 1.0]]);
        let three = [[0.0, -2.0], [0.0, -2.0], [0.0, -2.0], [0.0, 2.0], [0.0, 2.0], [0.0, 2.0]];
        check_motion("[game]\nkind = \"bilinear\"\ndims = 3\nscale = 2.0", &three);
        check_motion("game.kind = \"quadratic\"", &[[-1.0, -10.0], [-1.0, 10.0]]);
        check_motion("game.kind = \"dirac\"", &[[0.0, -0.5], [0.0, 0.5]]);
        // -gamma / 2 +- sqrt(gamma^2 / 4 - f'(0)^2) with f'(0) = 1/2 (Mescheder et al. 2018, lemma 3.2).
        for gamma in [0.3, 0.9, 1.0, 1.5, 4.0f64] {
            let square = gamma * gamma / 4.0 - 0.25;
            let (middle, root) = (-gamma / 2.0, square.abs().sqrt());
            let expected = match square < 0.0 {
                true => [[middle, -root], [middle, root]],
                false => [[middle - root, 0.0], [middle + root, 0.0]],
            };
            check_motion(&format!("game.kind = \"dirac\"\nremedies.r1.gamma = {gamma:?}"), &expected);
        }
    }

    #[test]
    fn what_has_no_eigenvalues_is_refused() {
        let error = eigenvalues(&[vec![1.0, 2.0]]).unwrap_err().to_string();
        assert_eq!(error, "eigenvalues are those of a square matrix: row 0 of 1 has 2 numbers");
        let error = eigenvalues(&[vec![f64::NAN]]).unwrap_err().to_string();
        assert_eq!(error, "row 0, column 0 of the matrix is NaN");
    }
}
