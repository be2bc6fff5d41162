//! The numbers of scipy and rliable that the tests compare with (`xtask/reference/study.py`).

use toml::{Table, Value};

/// One table of them.
pub(super) fn table(name: &str) -> Table {
    let all: Table = include_str!("../../reference/stats.toml").parse().unwrap();
    all[name].as_table().unwrap().clone()
}

/// A number.
pub(super) fn number(of: &str, name: &str) -> f64 {
    table(of)[name].as_float().unwrap()
}

/// Numbers in their order.
pub(super) fn list(of: &str, name: &str) -> Vec<f64> {
    floats(&table(of)[name])
}

/// Lists of numbers.
pub(super) fn lists(of: &str, name: &str) -> Vec<Vec<f64>> {
    table(of)[name].as_array().unwrap().iter().map(floats).collect()
}

/// Numbers, ascending.
pub(super) fn sorted(of: &str, name: &str) -> Vec<f64> {
    let mut values = list(of, name);
    values.sort_by(f64::total_cmp);
    values
}

/// Fails with the error if two numbers differ by more than the tolerance.
pub(super) fn check(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: found {found}, expected {expected} ± {tolerance}"
    );
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_float().unwrap()).collect()
}
