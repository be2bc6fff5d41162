//! A balance between the players that adapts to their losses.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::Remedy;
use crate::step::{Turn, Who};

/// D waits in a step in which its loss is below `d_waits_below`: it is ahead already. G waits while D's last loss is above
/// `g_waits_above`: a D that is still so bad has nothing to teach.
///
/// For the losses with cross-entropy, D's loss lies between 0 (D is sure) and `2 log 2 = 1.386` (D answers 1/2 to all items).
///
/// Declared property: the ratio of updates follows from the game, and neither player runs away.
#[derive(Clone, Copy, Debug)]
pub struct AdaptiveBalance {
    d_waits_below: f64,
    g_waits_above: f64,
}

const LAST: &str = "remedy.adaptive-balance.d_loss";

impl AdaptiveBalance {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<AdaptiveBalance, SpecError> {
        let d = "loss of the discriminator below which it waits";
        let g = "loss of the discriminator above which the generator waits";
        let d_waits_below = fields.number("d_waits_below", d, 0.7, Range::any())?;
        let g_waits_above = fields.number("g_waits_above", g, 1.6, Range::any())?;
        // With a loss between the two limits, both players would wait for ever.
        if d_waits_below > g_waits_above {
            let why = format!("must be at most g_waits_above, {g_waits_above}, found {d_waits_below}");
            return Err(fields.refuse("d_waits_below", why));
        }
        Ok(AdaptiveBalance { d_waits_below, g_waits_above })
    }
}

impl Remedy for AdaptiveBalance {
    fn gate(&self, turn: &Turn<'_>, who: Who, loss: &Tensor) -> Option<Tensor> {
        let loss = loss.stop_gradient();
        if who == Who::DISCRIMINATOR {
            turn.memory.set(LAST, loss.clone());
            let moves = loss.ge(self.d_waits_below);
            turn.memory.report("balance/discriminator_moves", moves.clone());
            return Some(moves);
        }
        let moves = 1.0 - turn.memory.get(LAST, []).gt(self.g_waits_above);
        turn.memory.report("balance/generator_moves", moves.clone());
        Some(moves)
    }
}
