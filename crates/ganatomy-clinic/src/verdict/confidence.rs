//! How often a verdict is right that is told from a symptom of some strength.

/// `a` and `b` of `1 / (1 + exp(-(a + b ln strength)))`, fitted to the tuning half of the ward: docs/clinic.md says how.
const FITTED: [(&str, f64, f64); 17] = [
    ("complete-collapse", 2.03, 0.67),
    ("converged", 3.44, 0.50),
    ("dead-players", -1.02, 0.66),
    ("discriminator-overfitting", 2.62, 0.75),
    ("discriminator-too-strong", -0.20, 0.87),
    ("diverged", 1.13, 0.60),
    ("exploding-gradient", 2.16, 0.34),
    ("generator-too-strong", 1.89, 0.58),
    ("healthy", 4.47, 0.50),
    ("memorisation", 0.75, 0.51),
    ("never-learned", 1.80, 0.90),
    ("oscillation", 0.49, 0.63),
    ("partial-collapse", 1.80, 0.95),
    ("past-its-best", 0.40, 0.76),
    ("rotating-modes", -0.02, 0.65),
    ("trivial-cue", 1.53, 0.70),
    ("vanishing-gradient", 0.80, 0.56),
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
