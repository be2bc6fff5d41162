//! Lookahead for games.

use ganatomy_record::{Fields, Range, SpecError};

use super::{Alternating, Play, Scheme, Simultaneous};

/// Every `k` steps of another scheme, all players go back part of the way to where they were `k` steps before:
/// `z <- s + alpha (z - s)`, `s <- z` (Chavdarova et al. 2021, algorithm 1).
///
/// Declared property: over simultaneous gradient descent on `xy`, the factor over k steps is exactly
/// `|1 - alpha + alpha (1 + i lr)^k|`.
#[derive(Clone, Copy, Debug)]
pub struct LookaheadMinimax {
    k: u64,
    alpha: f64,
    simultaneous: bool,
}

impl LookaheadMinimax {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<LookaheadMinimax, SpecError> {
        let inner = fields.choice(
            "inner",
            "the scheme of every step",
            "alternating",
            &["alternating", "simultaneous"],
        )?;
        Ok(LookaheadMinimax {
            k: fields.count("k", "steps between backtracks", 5, 1..=1_000_000)?,
            alpha: fields.number("alpha", "share of the way that is kept", 0.5, Range::above_to(0.0, 1.0))?,
            simultaneous: inner == "simultaneous",
        })
    }
}

/// Steps since the last backtrack.
const SINCE: &str = "scheme.since_backtrack";

impl Scheme for LookaheadMinimax {
    fn step(&self, play: &mut Play<'_>) {
        let before = play.players().clone();
        if self.simultaneous {
            Simultaneous.step(play)
        } else {
            Alternating::once().step(play)
        }
        // Counted by itself: single precision cannot tell the steps of a very long run apart.
        let since = play.memory().get(SINCE, []) + 1.0;
        let due = since.gt(self.k as f64 - 0.5);
        play.memory().set(SINCE, since * (1.0 - &due));
        let first = play.step().gt(0.5);
        for who in play.order() {
            for (name, p) in play.players().of(who).clone() {
                let slot = format!("scheme.slow.{name}");
                let kept = play.memory().get(&slot, p.shape());
                let slow = first.broadcast(p.shape()).select(&kept, &before.of(who)[&name]);
                let back = &slow + (&p - &slow) * self.alpha;
                let due = due.broadcast(p.shape());
                play.memory().set(&slot, due.select(&back, &slow));
                play.players_mut().of_mut(who).insert(name, due.select(&back, &p));
            }
        }
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        if beta != 0.0 || !self.simultaneous {
            return None;
        }
        let power = (0..self.k).fold([1.0, 0.0], |[re, im]: [f64; 2], _| [re - lr * im, im + lr * re]);
        let cycle = (1.0 - self.alpha + self.alpha * power[0]).hypot(self.alpha * power[1]);
        Some(cycle.powf(1.0 / self.k as f64))
    }
}
