//! Numbers of bytes for people.

use std::fmt;

/// A number of bytes for people: `3.2 GB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteCount(pub u64);

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
        let bytes = self.0 as f64;
        // 999.96 of a unit would be written as 1000.0 of it.
        match units.into_iter().find(|(size, _)| bytes >= size * 0.999_95) {
            Some((size, unit)) => write!(f, "{:.1} {unit}", bytes / size),
            None => write!(f, "{bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_the_largest_that_fits() {
        let check = |bytes, expected: &str| assert_eq!(ByteCount(bytes).to_string(), expected);
        check(0, "0 bytes");
        check(999, "999 bytes");
        check(1000, "1.0 kB");
        check(999_960, "1.0 MB");
        check(3_249_000_000, "3.2 GB");
        check(u64::MAX, "18.4 EB");
    }
}
