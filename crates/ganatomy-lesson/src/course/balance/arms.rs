//! The arms: who moves how often, how fast, and how large each network is.

use crate::stats::{Interval, interval, mean};
use crate::{Bench, Followed, LessonError};

const BASE: &str = include_str!("../../../../../docs/results/toy.toml");
/// The norms of gradients, which the common base leaves out, are read at every look.
const PROBED: &str = "probes = { gradients = { every_steps = 1000 } }\n";
/// Looks at each run.
const N_LOOKS: u64 = 30;
/// Samples of the clouds.
pub(super) const N_SAMPLES: usize = 512;

/// One way to share the moves.
pub(super) struct Arm {
    /// The same in every language.
    pub name: &'static str,
    d_steps: u64,
    g_steps: u64,
    over: &'static str,
}

const fn arm(name: &'static str, [d_steps, g_steps]: [u64; 2], over: &'static str) -> Arm {
    Arm { name, d_steps, g_steps, over }
}

pub(super) const FEW: usize = 0;
pub(super) const FIFTH: usize = 1;
pub(super) const EVEN: usize = 2;
pub(super) const FIVE: usize = 3;
pub(super) const MANY: usize = 4;
pub(super) const MINIMAX_EVEN: usize = 5;
pub(super) const MINIMAX_MANY: usize = 6;
pub(super) const SLOW: usize = 7;
pub(super) const FIFTH_FAST: usize = 8;
pub(super) const FEW_FAST: usize = 9;
pub(super) const TINY_D: usize = 10;
pub(super) const LARGE_D: usize = 11;
pub(super) const TINY_G: usize = 12;

/// Every arm; the loss is non-saturating where nothing else is said.
#[rustfmt::skip]
pub(super) const ARMS: [Arm; 13] = [
    arm("1 : 10", [1, 10], ""),
    arm("1 : 5", [1, 5], ""),
    arm("1 : 1", [1, 1], ""),
    arm("5 : 1", [5, 1], ""),
    arm("10 : 1", [10, 1], ""),
    arm("1 : 1, minimax", [1, 1], "loss = { kind = \"minimax\" }\n"),
    arm("10 : 1, minimax", [10, 1], "loss = { kind = \"minimax\" }\n"),
    arm("1 : 1, D × 0.1", [1, 1], "discriminator = { update = { lr = 1e-4 } }\n"),
    arm("1 : 5, D × 5", [1, 5], "discriminator = { update = { lr = 5e-3 } }\n"),
    arm("1 : 10, D × 10", [1, 10], "discriminator = { update = { lr = 1e-2 } }\n"),
    arm("D: 8", [1, 1], "discriminator = { hidden = [8] }\n"),
    arm("D: 128 + 128", [1, 1], "discriminator = { hidden = [128, 128] }\n"),
    arm("G: 8", [1, 1], "generator = { hidden = [8] }\n"),
];

/// The runs of every arm, seed by seed.
pub(super) struct Runs {
    arms: Vec<Vec<Followed>>,
}

impl Runs {
    /// Plays every arm with the same number of moves, of D and of G together.
    pub(super) fn play(bench: &Bench<'_>, n_moves: u64, n_seeds: usize) -> Result<Runs, LessonError> {
        let mut arms = Vec::new();
        for arm in &ARMS {
            let steps = n_moves / (arm.d_steps + arm.g_steps);
            let own = format!(
                "steps = {steps}\nscheme = {{ kind = \"alternating\", d_steps = {}, g_steps = {} }}\n",
                arm.d_steps, arm.g_steps
            );
            let specs = bench
                .seeds(n_seeds)
                .into_iter()
                .map(|seed| bench.spec(&[BASE, PROBED, &own, arm.over], seed))
                .collect::<Result<Vec<_>, _>>()?;
            arms.push(bench.follow(arm.name, &specs, (steps / N_LOOKS).max(1), N_SAMPLES)?);
        }
        Ok(Runs { arms })
    }

    /// A reading's mean over the second half of each run of an arm, one number a seed.
    fn late(&self, arm: usize, reading: &str) -> Vec<f64> {
        let of = |run: &Followed| {
            let late = &run.moments[run.moments.len() / 2..];
            mean(&late.iter().filter_map(|m| m.readings.get(reading).copied()).collect::<Vec<_>>())
        };
        self.arms[arm].iter().map(of).collect()
    }

    /// What an arm shows, one number a seed.
    pub(super) fn of(&self, arm: usize, sign: Sign) -> Vec<f64> {
        let pair = |a: &str, b: &str, f: fn(f64, f64) -> f64| -> Vec<f64> {
            self.late(arm, a).iter().zip(self.late(arm, b)).map(|(a, b)| f(*a, b)).collect()
        };
        match sign {
            Sign::Accuracy => {
                pair("discriminator/accuracy_real", "discriminator/accuracy_fake", |a, b| (a + b) / 2.0)
            }
            Sign::Apart => pair("discriminator/logit_real", "discriminator/logit_fake", |a, b| a - b),
            Sign::DLoss => self.late(arm, "discriminator/loss"),
            Sign::Gradient => self.late(arm, "generator/gradient_norm"),
            Sign::Modes => self.late(arm, "samples/n_modes"),
        }
    }

    pub(super) fn mean(&self, arm: usize, sign: Sign) -> f64 {
        mean(&self.of(arm, sign))
    }

    pub(super) fn interval(&self, arm: usize, sign: Sign) -> Interval {
        interval(&self.of(arm, sign))
    }

    /// The last samples of an arm's first seed.
    pub(super) fn samples(&self, arm: usize) -> &[f32] {
        let last = self.arms[arm].first().and_then(|run| run.moments.last());
        last.map_or(&[], |moment| &moment.samples)
    }
}

/// What can be read off a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The share of items that D judges rightly.
    Accuracy,
    /// How far D's mean logits of real and generated items are apart.
    Apart,
    /// D's loss.
    DLoss,
    /// The norm of G's gradient by its parameters.
    Gradient,
    /// Modes captured.
    Modes,
}
