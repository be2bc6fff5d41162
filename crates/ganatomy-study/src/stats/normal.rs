//! The normal distribution's tails.

/// Where the series ends and the continued fraction begins, which is quick only in the tail.
const TAIL: f64 = 3.0;

/// The chance that a standard normal number is further from zero than z, either way: `erfc(|z| / sqrt 2)`.
pub(super) fn both_tails(z: f64) -> f64 {
    let z = z.abs();
    let density = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    if z < TAIL {
        // Abramowitz and Stegun 26.2.11: all terms are positive, so that nothing cancels but at the end.
        let (mut term, mut sum, mut k) = (z, z, 1.0);
        while term > 1e-17 * sum {
            k += 2.0;
            term *= z * z / k;
            sum += term;
        }
        return (1.0 - 2.0 * density * sum).clamp(0.0, 1.0);
    }
    // Abramowitz and Stegun 26.2.14, from behind.
    let fraction = (1..=120).rev().fold(z, |below, k| z + f64::from(k) / below);
    2.0 * density / fraction
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, number, table};
    use super::*;

    #[test]
    fn it_is_scipys() {
        for z in table("survival").keys() {
            let expected = number("survival", z);
            check(z, both_tails(z.parse().unwrap()), expected, 1e-10 * expected);
            check(z, both_tails(-z.parse::<f64>().unwrap()), expected, 1e-10 * expected);
        }
        assert_eq!(both_tails(f64::INFINITY), 0.0);
    }
}
