//! The judge of a game: the discriminator's logits of any items.

use ganatomy_tensor::{Bound, Cpu, Key, Store};

use crate::error::TrainError;
use crate::programs::{JUDGED, bind, opinion};
use crate::room::Room;
use crate::rules::Rules;

/// Items judged at once.
const BATCH: usize = 1024;

/// Judges items with the discriminator's tensors as they are now.
pub(crate) struct Judge {
    program: Bound<f32>,
    item: usize,
    batch: usize,
}

impl Judge {
    /// None where the game has no judge of single items.
    pub fn new(rules: &Rules, cpu: &Cpu, store: &mut Store<f32>) -> Result<Option<Judge>, TrainError> {
        let (item, batch) = (rules.item_len(), batch(rules));
        let Some(program) = opinion(rules, batch)? else {
            return Ok(None);
        };
        Ok(Some(Judge { program: bind(&program, cpu, store)?, item, batch }))
    }

    /// The bytes that a judge takes.
    pub fn needs(room: &mut Room<'_>) -> Result<u64, TrainError> {
        let program = opinion(room.rules, batch(room.rules))?;
        Ok(program.map_or(0, |program| room.program(&program)))
    }

    /// The logit of every item.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`, row-major; output: `[n]`
    pub fn logits(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        items: &[f32],
    ) -> Result<Vec<f32>, TrainError> {
        if !items.len().is_multiple_of(self.item) {
            let wanted = items.len().next_multiple_of(self.item);
            return Err(TrainError::Count { what: "items to be judged", found: items.len(), wanted });
        }
        let mut logits = Vec::with_capacity(items.len() / self.item);
        for part in items.chunks(self.batch * self.item) {
            store.get_mut(JUDGED[0])?.values_mut()[..part.len()].copy_from_slice(part);
            self.program.run(cpu, store, Key::default())?;
            logits.extend_from_slice(&store.get(JUDGED[1])?.values()[..part.len() / self.item]);
        }
        Ok(logits)
    }
}

/// Items judged at once: large images a few at a time, so that memory stays small.
pub(crate) fn batch(rules: &Rules) -> usize {
    ((1 << 20) / rules.item_len().max(1)).clamp(16, BATCH)
}
