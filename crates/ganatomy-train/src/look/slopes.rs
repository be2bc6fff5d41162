//! Where G's loss would have its samples go.

use ganatomy_game::step::{Batch, Board, Memory, Play, Who};
use ganatomy_tensor::{Program, Trace, TraceError, grad};

use super::Live;
use super::items::made;
use super::live::Look;
use crate::error::TrainError;

/// Where generated items, and the slopes of G's loss at them, are left in the store.
const SLOPES: [&str; 2] = ["look.samples", "look.slopes"];

/// Generated items, and where G's loss would have them go.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// The items, `[n, ..item]`, row-major.
    pub samples: Vec<f32>,
    /// The derivative of each item's own share of G's loss by the item, `[n, ..item]`: samples move against it.
    pub slopes: Vec<f32>,
}

impl Live<'_> {
    /// `n` items of the generator that plays, and the slope of G's loss at each; None in games that make no batch. Those of a VAE
    /// are decoded from codes of real items.
    ///
    /// # Errors
    /// A game whose objective cannot be traced.
    pub fn slopes_at_samples(&mut self, n: usize, key: u64) -> Result<Option<Slopes>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        let look = made(&mut looks.slopes, || {
            let program = slopes_program(rules.board())?;
            program.map(|program| Look::new(&program, cpu, store)).transpose()
        })?;
        let Some(look) = look else {
            return Ok(None);
        };
        let item = rules.item_len();
        let (mut samples, mut slopes) = (Vec::new(), Vec::new());
        for part in 0..n.div_ceil(rules.batch) as u64 {
            // Parts of one drawing have keys of their own, far from those of others.
            look.run(rules, cpu, store, key.wrapping_add(part << 40))?;
            samples.extend_from_slice(store.get(SLOPES[0])?.values());
            slopes.extend_from_slice(store.get(SLOPES[1])?.values());
        }
        samples.truncate(n * item);
        slopes.truncate(n * item);
        Ok(Some(Slopes { samples, slopes }))
    }
}

fn slopes_program(board: Board<'_>) -> Result<Option<Program>, TraceError> {
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let play = Play::new(&trace, &memory, board);
    let objective = play.objective(&Batch::outside("look"), &play.leaves(), Who::GENERATOR);
    let Some(samples) = &objective.samples else {
        return Ok(None);
    };
    // The loss is a mean over the batch: an item's own share of it is so many times as steep.
    let slopes = grad(&objective.loss, &[samples]).remove(0) * board.batch as f64;
    Program::compile(&trace, &[(SLOPES[0], samples), (SLOPES[1], &slopes)]).map(Some)
}
