//! How sure a share of runs is.

use super::Interval;

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's interval of the share `k / n` (Wilson 1927; Brown, Cai and DasGupta 2001, equation 4); `None` of nothing.
///
/// `(k + z²/2) / (n + z²) ± z sqrt(k (n - k) / n + z²/4) / (n + z²)`
pub fn wilson(k: usize, n: usize) -> Option<Interval> {
    if n == 0 || k > n {
        return None;
    }
    let (count, total, square) = (k as f64, n as f64, Z * Z);
    let middle = (count + square / 2.0) / (total + square);
    let half = Z / (total + square) * (count * (total - count) / total + square / 4.0).sqrt();
    // Rounding must not leave 0 of n or n of n outside.
    let low = if k == 0 { 0.0 } else { middle - half };
    Some(Interval { low, high: if k == n { 1.0 } else { middle + half } })
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list, table};
    use super::*;

    #[test]
    fn it_is_scipys() {
        for name in table("wilson").keys() {
            let (k, n) = name.split_once("_of_").unwrap();
            let found = wilson(k.parse().unwrap(), n.parse().unwrap()).unwrap();
            let expected = list("wilson", name);
            check(name, found.low, expected[0], 1e-11);
            check(name, found.high, expected[1], 1e-11);
        }
        assert_eq!((wilson(0, 0), wilson(3, 2)), (None, None));
    }
}
