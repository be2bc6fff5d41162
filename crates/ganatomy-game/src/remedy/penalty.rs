//! What the penalties on the discriminator's slope share.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::{Tensor, grad};

use super::{Parts, Remedy};
use crate::step::{Scene, Turn, Who, whole_multiple};

/// A penalty on the discriminator's slope, which is added to its objective.
pub(super) trait SlopePenalty: Send + Sync {
    /// The penalty of a turn of the discriminator, a scalar.
    fn penalty(&self, scene: &Scene<'_>) -> Tensor;

    /// Steps from one in which it counts to the next.
    fn period(&self) -> u64 {
        1
    }

    /// Does it depend on the generated batch?
    fn sees_generated(&self) -> bool {
        false
    }

    /// Is it taken between items, which may be of different classes?
    fn mixes_items(&self) -> bool {
        false
    }
}

/// A penalty as a remedy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalised<P>(pub P);

impl<P: SlopePenalty> Remedy for Penalised<P> {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        let why = match (parts.beside.contains(&"class-conditioning"), self.0.mixes_items(), parts.projects) {
            (false, _, _) | (true, false, true) => return Ok(()),
            (true, true, _) => "it asks D between items of unlike classes",
            (true, false, false) => "slopes along the columns that tell the class would count",
        };
        Err(format!("does not go with this class-conditioning: {why}"))
    }

    fn wants_slopes(&self) -> bool {
        true
    }

    fn keeps_zero_sum(&self) -> bool {
        !self.0.sees_generated()
    }

    fn period(&self) -> u64 {
        self.0.period()
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        let n = self.0.period();
        let rests = n > 1 && scene.turn.due.is_some_and(|due| !due.contains(&n));
        if scene.who == Who::DISCRIMINATOR && !rests { loss + self.0.penalty(scene) } else { loss }
    }
}

/// `gamma / 2 mean |slope|^2`, counted every `every_steps` steps: R1 takes it at real items, R2 at generated ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZeroCentred {
    gamma: f64,
    lazy: Laziness,
}

impl ZeroCentred {
    pub fn read(fields: &mut Fields<'_>) -> Result<ZeroCentred, SpecError> {
        let gamma = fields.number("gamma", "weight of the penalty", 10.0, Range::at_least(0.0))?;
        Ok(ZeroCentred { gamma, lazy: Laziness::read(fields)? })
    }

    pub fn period(&self) -> u64 {
        self.lazy.0
    }

    pub fn at(&self, scene: &Scene<'_>, part: &str, x: &Tensor) -> Tensor {
        let squares = squared_slopes(scene, part, x).mean_all();
        self.lazy.apply(scene.turn, squares * (0.5 * self.gamma))
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
    // The root's slope at zero is infinite. This addition keeps it finite, and is too small to matter elsewhere.
    let off = (squared_slopes + 1e-12).sqrt() - target;
    let off = if one_sided { off.relu() } else { off };
    off.square().mean_all()
}

/// How often a penalty counts: every `n` steps with `n` times its weight, after Karras et al. (2020).
#[derive(Clone, Copy, Debug)]
struct Laziness(u64);

impl Laziness {
    fn read(fields: &mut Fields<'_>) -> Result<Laziness, SpecError> {
        let doc = "steps from one penalty to the next, which weighs as many times as much";
        Ok(Laziness(fields.count("every_steps", doc, 1, 1..=1_000_000)?))
    }

    /// The penalty as it counts in this step; a program of any step makes it zero where it is not due.
    fn apply(self, turn: &Turn<'_>, penalty: Tensor) -> Tensor {
        if self.0 == 1 {
            return penalty;
        }
        let n = self.0 as f64;
        match turn.due {
            Some(_) => penalty * n,
            None => penalty * (whole_multiple(&turn.step, n) * n),
        }
    }
}
