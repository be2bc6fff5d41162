//! How a path of a small game ends.

use std::fmt;

use ganatomy_train::small::Path;

/// Where theory holds the measured factor is exact up to rounding.
const EXACT: f64 = 1e-9;
/// Elsewhere distances of the first and the last third of a play differ by no more than this share if it cycles.
const NEARLY: f64 = 0.01;

/// How a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Converges,
    Cycles,
    Diverges,
    /// A number was no longer finite at this step.
    Diverged(usize),
}

impl Outcome {
    /// One word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Outcome::Converges => "converges",
            Outcome::Cycles => "cycles",
            Outcome::Diverges => "diverges",
            Outcome::Diverged(_) => "diverged",
        }
    }

    fn of(factor: f64, tolerance: f64) -> Outcome {
        match factor {
            _ if (factor - 1.0).abs() <= tolerance => Outcome::Cycles,
            _ if factor < 1.0 => Outcome::Converges,
            _ => Outcome::Diverges,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Outcome::Diverged(step) => write!(f, " at step {step}"),
            _ => Ok(()),
        }
    }
}

/// Judges a path by its factor where theory knows one; elsewhere by the largest distances of its first and last third,
/// since on a curved orbit the factor of any one step is not that of a round.
pub(super) fn outcome(path: &Path, theory: Option<f64>) -> Outcome {
    if let Some(step) = path.diverged_at() {
        return Outcome::Diverged(step);
    }
    match (theory, path.rate()) {
        (Some(_), Some(rate)) => Outcome::of(rate, EXACT),
        _ => by_thirds(&path.radii()),
    }
}

fn by_thirds(radii: &[f64]) -> Outcome {
    let third = radii.len().div_ceil(3);
    let largest = |part: &[f64]| part.iter().copied().fold(0.0, f64::max);
    let (early, late) = (largest(&radii[..third]), largest(&radii[radii.len() - third..]));
    // A path that starts at the equilibrium and stays there has converged.
    if late == 0.0 { Outcome::Converges } else { Outcome::of(late / early, NEARLY) }
}

/// The distances to the equilibrium at the start and at the end.
pub(super) fn radii(path: &Path) -> (f64, f64) {
    let radii = path.radii();
    let at = |radius: Option<&f64>| radius.copied().unwrap_or(f64::NAN);
    (at(radii.first()), at(radii.last()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_separate_cycles_from_the_rest() {
        let check = |radius: fn(f64) -> f64, expected| {
            let radii: Vec<f64> = (0..300).map(|t| radius(f64::from(t))).collect();
            assert_eq!(by_thirds(&radii), expected);
        };
        check(|t| 1.0 + 0.5 * (t / 7.0).sin(), Outcome::Cycles);
        check(|t| 0.999f64.powf(t) * (2.0 + (t / 7.0).sin()), Outcome::Converges);
        check(|t| 1.001f64.powf(t) * (2.0 + (t / 7.0).sin()), Outcome::Diverges);
        check(|_| 0.0, Outcome::Converges);
        check(|t| t, Outcome::Diverges);
        assert_eq!(Outcome::of(1.0 + 1e-8, EXACT), Outcome::Diverges);
        assert_eq!(Outcome::Diverged(7).to_string(), "diverged at step 7");
    }
}
