//! How often a verdict is right that is told from a symptom of some strength.

/// `a` and `b` of `1 / (1 + exp(-(a + b ln strength)))`, fitted to the parts of the ward that bounds were set on: docs/clinic.md says how.
const FITTED: [(&str, f64, f64); 17] = [
    ("complete-collapse", 1.68, 0.99),
    ("converged", 2.80, 0.50),
    ("dead-players", 0.66, 0.54),
    ("discriminator-overfitting", 2.34, 0.90),
    ("discriminator-too-strong", 0.40, 0.95),
    ("diverged", 1.21, 0.66),
    ("exploding-gradient", 1.45, 0.92),
    ("generator-too-strong", 3.37, 0.69),
    ("healthy", 3.46, 0.50),
    ("memorisation", 1.49, 0.48),
    ("never-learned", 3.00, 0.84),
    ("oscillation", 0.70, 0.85),
    ("partial-collapse", 2.65, 0.37),
    ("past-its-best", 0.42, 0.76),
    ("rotating-modes", 0.96, 0.58),
    ("trivial-cue", 1.74, 0.78),
    ("vanishing-gradient", 0.00, 0.51),
];
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
