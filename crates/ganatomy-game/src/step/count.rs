//! Counts of steps as tensors.

use ganatomy_tensor::Tensor;

/// 1 where a count of steps is a whole multiple of `n`, else 0: exact for all counts that single precision holds.
pub fn whole_multiple(count: &Tensor, n: f64) -> Tensor {
    // The quotient may be rounded across a whole number; then the rest is n or -n instead of 0.
    let left = count - (count * (1.0 / n)).floor() * n;
    let is = |value: f64| 1.0 - (&left - value).abs().gt(0.5);
    is(0.0).maximum(&is(n)).maximum(&is(-n))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_tensor::{Trace, cpu::Key, interpret};

    use super::*;

    #[test]
    fn multiples_are_found_at_any_count() {
        for n in [1u32, 3, 7, 8, 1000] {
            let trace = Trace::new();
            let counts: Vec<u32> = (0..40).chain((1 << 24) - 40..1 << 24).collect();
            let found = whole_multiple(&trace.input("count", [counts.len()]), f64::from(n));
            let inputs = BTreeMap::from([("count".to_owned(), counts.iter().map(|c| *c as f32).collect())]);
            let found = interpret(&[&found], &inputs, Key::default()).unwrap().remove(0);
            for (count, due) in counts.iter().zip(found) {
                assert_eq!(due == 1.0, count % n == 0, "{count} by {n}");
            }
        }
    }
}
