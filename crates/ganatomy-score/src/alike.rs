//! How alike items are among themselves, where there are no others to compare them with.

use std::iter::zip;

use crate::rows::Rows;

/// An item nearer to another than this share of the mean distance has a twin.
const TWIN: f64 = 0.25;

/// The share of the numbers' variance that lies between items: of items that are all alike 0, of those that have nothing in common
/// about 1. Nothing of fewer than two items, or of numbers that are all the same.
///
/// With `m_j` the mean of the items' number `j`, and `m` that of all numbers: `sum (x_ij - m_j)^2 / sum (x_ij - m)^2`, times
/// `n / (n - 1)`. What is the same in all items, as the black around digits, does not count for variety, and what differs
/// within an item does not either.
pub fn between_share(rows: Rows<'_>) -> Option<f64> {
    let (n, dims) = (rows.len() as f64, rows.dims());
    let mut means = vec![0.0f64; dims];
    for i in 0..rows.len() {
        zip(&mut means, rows.row(i)).for_each(|(mean, x)| *mean += f64::from(*x) / n);
    }
    let mean = means.iter().sum::<f64>() / dims as f64;
    let (mut between, mut all) = (0.0, 0.0);
    for i in 0..rows.len() {
        for (own, x) in zip(&means, rows.row(i)) {
            between += (f64::from(*x) - own).powi(2);
            all += (f64::from(*x) - mean).powi(2);
        }
    }
    (n >= 2.0 && all > 0.0).then(|| (between / all * n / (n - 1.0)).min(1.0))
}

/// The share of items that have a twin: another one within a quarter of the mean distance of two. Nothing of fewer than two items.
pub fn twin_share(rows: Rows<'_>) -> Option<f64> {
    let n = rows.len();
    let far = |i: usize, j: usize| ganatomy_game::nearest::squared(rows.row(i), rows.row(j)).sqrt();
    let mut nearest = vec![f64::INFINITY; n];
    let mut sum = 0.0;
    for (i, j) in (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))) {
        let far = far(i, j);
        sum += far;
        (nearest[i], nearest[j]) = (nearest[i].min(far), nearest[j].min(far));
    }
    let mean = sum / (n * n.saturating_sub(1) / 2) as f64;
    let twins = nearest.iter().filter(|near| **near <= TWIN * mean).count();
    (n >= 2).then(|| twins as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    fn check(x: &[f32], dims: usize, between: Option<f64>, twins: Option<f64>) {
        let rows = Rows::new(x, dims).unwrap();
        let found = [between_share(rows), twin_share(rows)];
        for (found, expected) in zip(found, [between, twins]) {
            let is_near = found.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-9);
            assert!(is_near && found.is_some() == expected.is_some(), "{found:?} for {expected:?}");
        }
    }

    #[test]
    fn variance_lies_within_items_or_between_them() {
        // Two items that are the same, and two that have nothing within.
        check(&[1.0, -1.0, 1.0, -1.0], 2, Some(0.0), Some(1.0));
        check(&[1.0, 1.0, -1.0, -1.0], 2, Some(1.0), Some(0.0));
        // Means 0 and 2, of all 1: 1 + 1 of 0 + 1 + 4 + 1, doubled for n / (n - 1).
        check(&[1.0, 2.0, -1.0, 2.0], 2, Some(2.0 / 6.0 * 2.0), Some(0.0));
        check(&[3.0, 3.0, 3.0, 3.0], 2, None, Some(1.0));
        check(&[3.0, 1.0], 2, None, None);
    }

    #[test]
    fn items_of_a_few_modes_have_twins() {
        let modes = made(1, 4, 16);
        let noise = made(2, 40, 16);
        let few: Vec<f32> = (0..640).map(|k| modes[k / 16 % 4 * 16 + k % 16] + 0.02 * noise[k]).collect();
        assert_eq!(twin_share(Rows::new(&few, 16).unwrap()), Some(1.0));
        assert_eq!(twin_share(Rows::new(&noise, 16).unwrap()), Some(0.0));
    }
}
