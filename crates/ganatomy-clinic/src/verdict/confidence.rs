//! How often a verdict is right that is told from a symptom of some strength.

use crate::Lasting;

/// The share of runs in which a verdict of this strength was right, by the tuning half of the ward.
pub(super) fn of(_name: &str, lasting: &Lasting) -> f64 {
    let x = 1.0 + lasting.strength.min(1e6).ln();
    1.0 / (1.0 + (-x).exp())
}
