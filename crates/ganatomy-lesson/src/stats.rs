//! Means of a few runs, and how sure they are.

/// Two-sided 95 % quantiles of Student's t for 1, 2, 3, .. degrees of freedom; it is below 2.09 beyond.
const T: [f64; 20] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086,
];

/// A mean with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The mean.
    pub mean: f64,
    /// The upper end.
    pub high: f64,
}

/// The mean; NaN without values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation of a sample, with `n - 1`; NaN for fewer than two values.
pub fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    if values.len() < 2 { f64::NAN } else { (squares / (values.len() - 1) as f64).sqrt() }
}

/// The mean of a few runs and Student's 95 % interval around it.
pub fn interval(values: &[f64]) -> Interval {
    let mean = mean(values);
    if values.len() < 2 {
        return Interval { low: mean, mean, high: mean };
    }
    let t = T.get(values.len() - 2).copied().unwrap_or(2.0);
    let half = t * deviation(values) / (values.len() as f64).sqrt();
    Interval { low: mean - half, mean, high: mean + half }
}

/// The value below which a share of the values lies; linear between neighbours.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (low, weight) = (place.floor() as usize, place.fract());
    sorted[low] + weight * (sorted[(low + 1).min(last)] - sorted[low])
}

/// The middle value.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The least value; NaN without values, or if one of them is NaN.
pub fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    extreme(values, f64::min)
}

/// The largest value; NaN without values, or if one of them is NaN.
pub fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    extreme(values, f64::max)
}

/// `f64::min` and `f64::max` skip NaN, which would let a claim about nothing hold.
fn extreme(values: impl IntoIterator<Item = f64>, better: fn(f64, f64) -> f64) -> f64 {
    let pick = |a: f64, b: f64| if a.is_nan() || b.is_nan() { f64::NAN } else { better(a, b) };
    values.into_iter().reduce(pick).unwrap_or(f64::NAN)
}

/// Spearman's rank correlation: 1 where one rises with the other, -1 where it falls; NaN where either is constant or
/// holds NaN.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    if a.iter().chain(b).any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let (a, b) = (ranks(a), ranks(b));
    let (x, y) = (mean(&a), mean(&b));
    let shared: f64 = a.iter().zip(&b).map(|(a, b)| (a - x) * (b - y)).sum();
    shared / ((a.len().max(2) - 1) as f64 * deviation(&a) * deviation(&b))
}

/// The place of each value among all; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let place = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 - 1.0) / 2.0
    };
    values.iter().map(place).collect()
}

/// Slope of the least-squares line through points; NaN for fewer than two.
pub fn slope(points: &[[f64; 2]]) -> f64 {
    let [xs, ys]: [Vec<f64>; 2] = [0, 1].map(|i| points.iter().map(|p| p[i]).collect());
    let (x, y) = (mean(&xs), mean(&ys));
    let up: f64 = points.iter().map(|p| (p[0] - x) * (p[1] - y)).sum();
    up / points.iter().map(|p| (p[0] - x).powi(2)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_students() {
        let Interval { low, mean, high } = interval(&[1.0, 2.0, 3.0]);
        assert_eq!(mean, 2.0);
        assert!((high - 4.484).abs() < 1e-3 && (low + 0.484).abs() < 1e-3, "{low} {high}");
        assert_eq!(interval(&[5.0]), Interval { low: 5.0, mean: 5.0, high: 5.0 });
    }

    #[test]
    fn nan_is_not_skipped() {
        assert_eq!([least([3.0, 1.0, 2.0]), largest([3.0, 1.0])], [1.0, 3.0]);
        assert!(
            [least([1.0, f64::NAN]), largest([f64::NAN, 1.0]), least([]), largest([])]
                .iter()
                .all(|x| x.is_nan())
        );
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(median(&[3.0, 1.0, 2.0, 4.0]), 2.5);
        assert_eq!(quantile(&[1.0, 3.0], 0.25), 1.5);
        assert!(median(&[]).is_nan());
        assert!((rank_correlation(&[1.0, 2.0, 9.0], &[5.0, 6.0, 7.0]) - 1.0).abs() < 1e-12);
        assert!((rank_correlation(&[1.0, 2.0, 2.0, 3.0], &[4.0, 3.0, 3.0, 0.0]) + 1.0).abs() < 1e-12);
        assert!(rank_correlation(&[1.0, f64::NAN, 9.0], &[5.0, 6.0, 7.0]).is_nan());
        assert_eq!(slope(&[[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]]), 2.0);
    }
}
