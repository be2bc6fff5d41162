//! Singular values of a matrix.

use ganatomy_game::nearest::in_parts;

/// Below so many numbers, threads cost more than they save.
const WORTH_THREADS: usize = 1 << 16;
/// Turns of the iteration for one value; it needs two, seldom three.
const MOST_TURNS: usize = 60;

/// The sum of all singular values; NaN where a number is not finite.
///
/// Householder reflections from both sides leave two diagonals `d`, `e` (Golub and Kahan 1965). The singular values of those are
/// the positive half of the eigenvalues of the symmetric matrix with zeros on the diagonal and `d_1, e_1, d_2, e_2, ..` beside it,
/// so that small ones are as exact as large ones: to rounding of the largest.
///
/// # Shapes
/// - a: `[rows, columns]`
pub(crate) fn nuclear_norm(a: Vec<f64>, rows: usize, columns: usize, threads: usize) -> f64 {
    if a.iter().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    let beside = match rows >= columns {
        true => bidiagonal(a, rows, columns, threads),
        false => {
            let turned = (0..columns).flat_map(|j| a.iter().skip(j).step_by(columns).copied()).collect();
            bidiagonal(turned, columns, rows, threads)
        }
    };
    let n = beside.len() + 1;
    let found = eigenvalues(vec![0.0; n], beside);
    found.iter().map(|x| x.abs()).sum::<f64>() / 2.0
}

/// The two diagonals, one element of each in turn, of a matrix with no fewer rows than columns.
///
/// Both reflections of a step are taken off in one pass over the matrix, `A - u w^T - z v^T`, together with the product
/// `A^T u` that the next step needs: the matrix is read twice a step and written once.
fn bidiagonal(mut a: Vec<f64>, m: usize, n: usize, threads: usize) -> Vec<f64> {
    let mut beside = Vec::with_capacity(2 * n);
    let (mut u, mut w) = (vec![0.0; m], vec![0.0; n]);
    let (mut z, mut v) = (vec![0.0; m], vec![0.0; n]);
    for k in 0..n {
        // The column is needed first; what was put off is taken off it here, and of the whole in the pass below.
        let put_off = |i: usize| u[i] * w[k] + z[i] * v[k];
        let column: Vec<f64> = (k..m).map(|i| a[i * n + k] - put_off(i)).collect();
        let (next, d) = reflector(&column);
        beside.push(d);
        let mut next_u = vec![0.0; m];
        next_u[k..].copy_from_slice(&next);
        w = pass(&mut a, [m, n, k], (&u, &w), (&z, &v), &next_u, threads);
        u = next_u;
        z = vec![0.0; m];
        v = vec![0.0; n];
        if k + 1 == n {
            break;
        }
        let row: Vec<f64> = (k + 1..n).map(|j| a[k * n + j] - u[k] * w[j]).collect();
        let (next, e) = reflector(&row);
        beside.push(e);
        v[k + 1..].copy_from_slice(&next);
        let along: f64 = w.iter().zip(&v).map(|(w, v)| w * v).sum();
        let worth = if (m - k) * (n - k) < WORTH_THREADS { 1 } else { threads };
        in_parts(&mut z[k..], worth, |first, z| {
            for (i, z) in z.iter_mut().enumerate() {
                let at = k + first + i;
                *z = dot(&a[at * n + k..(at + 1) * n], &v[k..]) - u[at] * along;
            }
        });
    }
    beside
}

/// `A - u w^T - z v^T` in place from row and column k on, and `A^T next` of the result; each thread has columns of its own.
fn pass(
    a: &mut [f64],
    [m, n, k]: [usize; 3],
    (u, w): (&[f64], &[f64]),
    (z, v): (&[f64], &[f64]),
    next: &[f64],
    threads: usize,
) -> Vec<f64> {
    let mut out = vec![0.0; n];
    let parts = if (m - k) * (n - k) < WORTH_THREADS { 1 } else { threads.max(1) };
    let width = (n - k).div_ceil(parts).next_multiple_of(8);
    // The rows, cut into every thread's columns.
    let mut stripes: Vec<Vec<&mut [f64]>> = (0..parts).map(|_| Vec::with_capacity(m - k)).collect();
    for row in a.chunks_exact_mut(n).skip(k) {
        for (stripe, piece) in stripes.iter_mut().zip(row[k..].chunks_mut(width)) {
            stripe.push(piece);
        }
    }
    let mut work: Vec<(Vec<&mut [f64]>, &mut [f64])> =
        stripes.into_iter().zip(out[k..].chunks_mut(width)).collect();
    in_parts(&mut work, parts, |first, work| {
        for (part, (rows, out)) in work.iter_mut().enumerate() {
            let start = k + (first + part) * width;
            let (w, v) = (&w[start..start + out.len()], &v[start..start + out.len()]);
            for (i, row) in rows.iter_mut().enumerate() {
                let (u, z, next) = (u[k + i], z[k + i], next[k + i]);
                let along = w.iter().zip(v);
                for ((x, out), (w, v)) in row.iter_mut().zip(out.iter_mut()).zip(along) {
                    *x -= u * w + z * v;
                    *out += next * *x;
                }
            }
        }
    });
    out
}

/// `h` of length sqrt(2) so that `(1 - h h^T) x` is zero but for its first number, and that number.
fn reflector(x: &[f64]) -> (Vec<f64>, f64) {
    let largest = x.iter().map(|x| x.abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return (vec![0.0; x.len()], 0.0);
    }
    let mut h: Vec<f64> = x.iter().map(|x| x / largest).collect();
    let length = dot(&h, &h).sqrt();
    let first = -h[0].signum() * length;
    h[0] -= first;
    let scale = 1.0 / (length * (length + (h[0] + first).abs())).sqrt();
    h.iter_mut().for_each(|x| *x *= scale);
    (h, first * largest)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
    }
    a_rest.iter().zip(b_rest).fold(sums.iter().sum(), |sum, (a, b)| sum + a * b)
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
        let r = f.hypot(g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
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
        let found = nuclear_norm(a.clone(), rows, columns, 1);
        assert!((found - expected).abs() <= 1e-12 * expected.max(1e-300), "{found} for {expected}");
        assert_eq!(found, nuclear_norm(a, rows, columns, 2));
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
        assert!(nuclear_norm(vec![f64::NAN], 1, 1, 1).is_nan());
    }
}
