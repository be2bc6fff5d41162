//! Fewer points that draw the same line.

/// Keeps the first, least, greatest and last point of every column of the chart.
pub(crate) fn envelope(points: &[(u64, f64)], columns: usize) -> Vec<(u64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    if points.len() <= columns * 4 {
        return points.to_vec();
    }
    let span = u128::from(last.0.saturating_sub(first.0)) + 1;
    let column = |p: &(u64, f64)| u128::from(p.0.saturating_sub(first.0)) * columns.max(1) as u128 / span;
    points.chunk_by(|a, b| column(a) == column(b)).flat_map(corners).collect()
}

/// The points of one column that its line needs, in order.
fn corners(column: &[(u64, f64)]) -> Vec<(u64, f64)> {
    let indices = 0..column.len();
    let by_value = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
    let least = indices.clone().min_by(by_value).unwrap_or(0);
    let greatest = indices.max_by(by_value).unwrap_or(0);
    let mut kept = vec![0, least, greatest, column.len().saturating_sub(1)];
    // A gap must stay a gap.
    kept.extend(column.iter().position(|p| !p.1.is_finite()));
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|i| column[i]).collect()
}

/// The mean of the readings around each point, in a window of a twentieth of the series around it.
///
/// Geometric if `log`; points that cannot be drawn stay gaps and are not counted.
pub(crate) fn running_mean(points: &[(u64, f64)], log: bool) -> Vec<(u64, f64)> {
    let value = |v: f64| if log { v.ln() } else { v };
    let reach = (points.len() / 40).max(1);
    // Prefix sums give every window in constant time.
    let mut sums = vec![(0.0, 0usize)];
    for (_, v) in points {
        let (sum, count) = sums[sums.len() - 1];
        let v = value(*v);
        sums.push(if v.is_finite() { (sum + v, count + 1) } else { (sum, count) });
    }
    let mean = |i: usize| {
        let (low, high) = (i.saturating_sub(reach), (i + reach + 1).min(points.len()));
        let mean = (sums[high].0 - sums[low].0) / (sums[high].1 - sums[low].1) as f64;
        if log { mean.exp() } else { mean }
    };
    let stride = (points.len() / 1200).max(1);
    let smooth = points.iter().enumerate().step_by(stride);
    smooth.map(|(i, (step, v))| (*step, if value(*v).is_finite() { mean(i) } else { f64::NAN })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(u64, f64)], columns: usize, expected: &[(u64, f64)]) {
        assert_eq!(envelope(points, columns), expected);
    }

    #[test]
    fn envelope_keeps_extremes() {
        check(&[], 10, &[]);
        check(&[(0, 1.0), (1, 2.0)], 10, &[(0, 1.0), (1, 2.0)]);
        let points = [(0, 1.0), (1, 5.0), (2, -5.0), (3, 1.0), (4, 2.0), (5, 2.0)];
        check(&points, 1, &[(0, 1.0), (1, 5.0), (2, -5.0), (5, 2.0)]);
    }

    #[test]
    fn running_mean_of_a_line_is_the_line() {
        let points: Vec<(u64, f64)> = (0..400).map(|s| (s, s as f64)).collect();
        let smooth = running_mean(&points, false);
        assert!((smooth[200].1 - 200.0).abs() < 1e-9, "found {}", smooth[200].1);
        let powers: Vec<(u64, f64)> = (0..400).map(|s| (s, 1.05f64.powi(s as i32))).collect();
        let smooth = running_mean(&powers, true);
        assert!((smooth[200].1 / powers[200].1 - 1.0).abs() < 1e-9);
    }
}
