//! How often each class stands in the data.

use ganatomy_data::Dataset;

/// The share of each class in a data set; nothing where all are alike, or where it is not known how many each has.
pub(crate) fn shares_of(data: &dyn Dataset) -> Vec<f64> {
    let Some(channels) = data.channels() else {
        return uneven_shares(&data.summary().class_items);
    };
    let one = uneven_shares(&channels.summary().class_items);
    let n_channels = data.item_shape().last().copied().unwrap_or_default();
    match one.is_empty() {
        true => Vec::new(),
        // The channels are drawn one by one, and the first is the highest digit.
        false => (0..n_channels).fold(vec![1.0], |all, _| {
            all.iter().flat_map(|share| one.iter().map(move |own| share * own)).collect()
        }),
    }
}

/// The share of each class; nothing where all have as many items, or where it is not known how many each has.
pub(crate) fn uneven_shares(items: &[u64]) -> Vec<f64> {
    let total: u64 = items.iter().sum();
    if total == 0 || items.iter().all(|n| n == &items[0]) {
        return Vec::new();
    }
    items.iter().map(|&n| n as f64 / total as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(items: &[u64], expected: &[f64]) {
        assert_eq!(uneven_shares(items), expected, "{items:?}");
    }

    #[test]
    fn shares_are_those_of_the_items() {
        check(&[180, 20], &[0.9, 0.1]);
        check(&[3, 0, 1], &[0.75, 0.0, 0.25]);
        check(&[5, 5, 5], &[]);
        check(&[0, 0], &[]);
        check(&[], &[]);
    }
}
