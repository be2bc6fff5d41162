//! Median, interquartile mean and best.

/// What stands in the middle of runs, and on top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centres {
    /// The middle value, or the mean of the two in the middle.
    pub median: f64,
    /// The mean of the middle half.
    pub interquartile_mean: f64,
    /// The largest.
    pub best: f64,
}

/// Median, interquartile mean and best of ascending values; `None` without values.
///
/// The interquartile mean is the 25 % trimmed mean: `floor(n / 4)` values are left out at each end (scipy's `trim_mean(x, 0.25)`; Agarwal
/// et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice", section 4.3).
pub fn centres(ascending: &[f64]) -> Option<Centres> {
    let n = ascending.len();
    let inner = ascending.get(n / 4..n - n / 4)?;
    Some(Centres {
        median: median(ascending)?,
        interquartile_mean: inner.iter().sum::<f64>() / inner.len() as f64,
        best: *ascending.last()?,
    })
}

/// The middle of ascending values; `None` without values.
pub fn median(ascending: &[f64]) -> Option<f64> {
    let n = ascending.len();
    let upper = *ascending.get(n / 2)?;
    // Of an even number it is the mean of two, of which either may be infinite.
    Some(if n % 2 == 1 || ascending[n / 2 - 1] == upper {
        upper
    } else {
        (ascending[n / 2 - 1] + upper) / 2.0
    })
}

/// The value below which a share of ascending values lies, linear between neighbours (numpy's default); `None` without values.
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (low, weight) = (place.floor() as usize, place.fract());
    let (below, above) = (ascending[low], ascending[(low + 1).min(last)]);
    Some(if weight == 0.0 || below == above { below } else { below + weight * (above - below) })
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, number, sorted, table};
    use super::*;

    #[test]
    fn they_are_scipys_and_rliables() {
        for name in table("sets").keys() {
            let found = centres(&sorted("sets", name)).unwrap();
            check(name, found.median, number("median", name), 1e-11);
            check(name, found.interquartile_mean, number("interquartile_mean", name), 1e-11);
        }
    }

    #[test]
    fn few_values_and_none() {
        assert_eq!((centres(&[]), median(&[]), quantile(&[], 0.5)), (None, None, None));
        let one = centres(&[3.0]).unwrap();
        assert_eq!([one.median, one.interquartile_mean, one.best], [3.0; 3]);
        assert_eq!(quantile(&[1.0, 3.0], 0.25), Some(1.5));
        let worst = f64::NEG_INFINITY;
        assert_eq!(median(&[worst, worst]), Some(worst));
    }
}
