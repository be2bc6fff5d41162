//! Roots of small polynomials, for the rates that theory declares.

type Complex = [f64; 2];

fn times(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

fn over(a: Complex, b: Complex) -> Complex {
    let size = b[0] * b[0] + b[1] * b[1];
    let [re, im] = times(a, [b[0], -b[1]]);
    [re / size, im / size]
}

/// The largest modulus among the roots of a polynomial with leading coefficient 1, by the iteration of
/// Durand and Kerner.
pub(crate) fn largest(polynomial: &[Complex]) -> f64 {
    let degree = polynomial.len() - 1;
    let value = |z: Complex| {
        polynomial.iter().fold([0.0, 0.0], |sum, c| {
            let [re, im] = times(sum, z);
            [re + c[0], im + c[1]]
        })
    };
    // The usual start: powers of a number that is neither real nor of modulus one.
    let mut roots = vec![[1.0, 0.0]; degree];
    for i in 1..degree {
        roots[i] = times(roots[i - 1], [0.4, 0.9]);
    }
    for _ in 0..500 {
        for i in 0..degree {
            let others = (0..degree).filter(|j| *j != i);
            let apart = others.fold([1.0, 0.0], |product, j| {
                times(product, [roots[i][0] - roots[j][0], roots[i][1] - roots[j][1]])
            });
            let [re, im] = over(value(roots[i]), apart);
            if re.is_finite() && im.is_finite() {
                roots[i] = [roots[i][0] - re, roots[i][1] - im];
            }
        }
    }
    roots.iter().map(|[re, im]| re.hypot(*im)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(polynomial: &[f64], expected: f64) {
        let found = largest(&polynomial.iter().map(|c| [*c, 0.0]).collect::<Vec<_>>());
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn roots_of_known_polynomials() {
        check(&[1.0, -5.0, 6.0], 3.0);
        check(&[1.0, 0.0, 4.0], 2.0);
        check(&[1.0, -6.0, 11.0, -6.0], 3.0);
    }
}
