//! Where G's loss would have its samples go.

use ganatomy_tensor::{Program, Trace, TraceError, grad};

use super::Look;
use crate::game::{Memory, Who};
use crate::scheme::{Batch, Board, Play};
use crate::train::{TrainError, Training};

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

impl Training<'_> {
    /// `n` items of the generator that plays, and the slope of G's loss at each; None in games that make no batch.
    pub fn slopes_at_samples(&mut self, n: usize, key: u64) -> Result<Option<Slopes>, TrainError> {
        let (plan, cpu) = (self.plan, self.session.cpu);
        if self.looks.slopes.is_none() {
            let program = slopes_program(plan.board())?;
            let look = program.map(|program| Look::new(&program, cpu, &mut self.store)).transpose()?;
            self.looks.slopes = Some(look);
        }
        let Some(look) = self.looks.slopes.as_mut().and_then(Option::as_mut) else {
            return Ok(None);
        };
        let item: usize = plan.generator.item.iter().product();
        let (mut samples, mut slopes) = (Vec::new(), Vec::new());
        for part in 0..n.div_ceil(plan.batch) as u64 {
            // Parts of one drawing have keys of their own, far from those of others.
            look.run(plan, cpu, &mut self.store, key.wrapping_add(part << 40))?;
            samples.extend_from_slice(self.store.get(SLOPES[0])?.values());
            slopes.extend_from_slice(self.store.get(SLOPES[1])?.values());
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
