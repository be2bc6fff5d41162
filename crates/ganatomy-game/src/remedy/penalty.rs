//! What the penalties on the discriminator's slope share.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Tensor, grad};

use super::Parts;
use crate::game::{Scene, Turn};

/// Why a penalty cannot be had, if it cannot: a slope along the columns that tell the class would count too. With `mixes`, the penalty is
/// taken between items of unlike classes.
pub(super) fn fits(parts: &Parts<'_>, mixes: bool) -> Result<(), String> {
    match parts.beside.contains(&"class-conditioning") && (mixes || !parts.projects) {
        true if mixes => {
            Err("does not go with class-conditioning: it asks D between items of unlike classes".to_owned())
        }
        true => {
            Err("does not go with class-conditioning by concatenation: slopes along the classes would count"
                .to_owned())
        }
        false => Ok(()),
    }
}

/// The squared length of the discriminator's slope at each item.
///
/// # Shapes
/// - x: as the discriminator sees items; output: `[batch]`
pub(super) fn squared_slopes(scene: &Scene<'_>, part: &str, x: &Tensor) -> Tensor {
    let slope = grad(&scene.opinion(part, x, part == "fake").sum_all(), &[x]).remove(0);
    let within: Vec<usize> = (1..x.shape().len()).collect();
    slope.square().sum(&within)
}

/// `mean (|slope| - target)^2`, where `one_sided` slopes below the target cost nothing.
pub(super) fn distance_from(squared_slopes: &Tensor, target: f64, one_sided: bool) -> Tensor {
    // The root's slope at zero is infinite; this much keeps it finite and is lost beside any slope that matters.
    let off = (squared_slopes + 1e-12).sqrt() - target;
    let off = if one_sided { off.relu() } else { off };
    off.square().mean_all()
}

/// How often a penalty counts: every `n` steps with `n` times its weight, after Karras et al. (2020).
#[derive(Clone, Copy, Debug)]
pub(super) struct Laziness(u64);

impl Laziness {
    pub fn read(fields: &mut Fields<'_>) -> Result<Laziness, SpecError> {
        let doc = "steps from one penalty to the next, which weighs as many times as much";
        Ok(Laziness(fields.count("every_steps", doc, 1, 1..=1_000_000)?))
    }

    /// The penalty as it counts in this step.
    pub fn apply(self, turn: &Turn<'_>, penalty: Tensor) -> Tensor {
        if self.0 == 1 {
            return penalty;
        }
        let n = self.0 as f64;
        penalty * (whole_multiple(&turn.step, n) * n)
    }
}

/// 1 where a count of steps is a whole multiple of `n`, else 0: exact for all counts that single precision holds.
pub(crate) fn whole_multiple(count: &Tensor, n: f64) -> Tensor {
    // The quotient may be rounded across a whole number, and then what is left is n and not 0, or -n.
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
    fn multiples_are_told_at_any_count() {
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
