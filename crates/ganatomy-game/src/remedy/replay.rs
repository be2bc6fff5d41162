//! Experience replay.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Parts, Remedy};
use crate::step::Turn;

/// A share of the generated items that D sees comes from a buffer of earlier ones (Shrivastava et al. 2017, section 2.3).
/// Each of D's turns writes its fresh batch into the buffer: one batch after another until it is full, the last of them on
/// from the end to the beginning, and then over a stretch that begins at a random place. (In the paper a batch's random half
/// replaces random items.)
///
/// # Shapes
/// - fake: `[batch, ..item]`; buffer: `[capacity, ..item]`
///
/// Declared property: D does not forget where G has been, so that G gains nothing by moving in circles.
#[derive(Clone, Copy, Debug)]
pub struct Replay {
    capacity: usize,
    share: f64,
}

const BUFFER: &str = "remedy.replay.items";
const FILLED: &str = "remedy.replay.filled";

impl Replay {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<Replay, SpecError> {
        let capacity = fields.count("capacity", "items in the buffer", 2048, 1..=1 << 20)? as usize;
        let share =
            fields.number("share", "of each batch that is replayed", 0.5, Range::between(0.0, 1.0))?;
        Ok(Replay { capacity, share })
    }
}

impl Remedy for Replay {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        match parts.beside.contains(&"class-conditioning") {
            true => Err("does not go with class-conditioning: earlier items are kept without their classes"
                .to_owned()),
            false => Ok(()),
        }
    }

    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn generated(&self, turn: &Turn<'_>, fake: Tensor) -> Tensor {
        let (batch, trace, purpose) = (fake.shape()[0], turn.trace, &turn.purpose);
        let n_old = (batch as f64 * self.share).round() as usize;
        if n_old == 0 {
            return fake;
        }
        let mut shape = fake.shape().to_vec();
        shape[0] = self.capacity;
        let (buffer, filled) = (turn.memory.get(BUFFER, shape.clone()), turn.memory.get(FILLED, []));
        let pick = |name: &str, n: usize, among: &Tensor| {
            (trace.uniform(&format!("{purpose}.replay.{name}"), [n]) * among).floor()
        };
        let part = |from: usize, n: usize| {
            let (mut start, mut shape) = (vec![0; shape.len()], fake.shape().to_vec());
            (start[0], shape[0]) = (from, n);
            fake.slice(&start, shape)
        };
        let old = buffer.gather(&pick("read", n_old, &filled));
        // There is nothing to replay in the first step.
        let any = filled.gt(0.5).broadcast(old.shape());
        let old = any.select(&old, part(0, n_old)).stop_gradient();
        let capacity = trace.full([], self.capacity as f64);
        let fresh = part(0, batch.min(self.capacity)).stop_gradient();
        let n_new = fresh.shape()[0];
        let counted: Vec<f64> = (0..n_new).map(|i| i as f64).collect();
        let has_room = 1.0 - filled.ge(&capacity);
        let from = has_room.select(&filled, pick("write", 1, &capacity).reshape([]));
        let place = from + trace.literal([n_new], &counted);
        // Places past the end wrap round to the beginning.
        let place = &place - place.ge(&capacity) * &capacity;
        let mut each = vec![1; shape.len()];
        each[0] = self.capacity;
        let hit = trace.full([n_new], 1.0).scatter_add(&place, self.capacity).reshape(each);
        let written = fresh.scatter_add(&place, self.capacity);
        let hit = hit.gt(0.5).broadcast(buffer.shape());
        turn.memory.set(BUFFER, hit.select(&written, &buffer));
        turn.memory.set(FILLED, (filled + n_new as f64).minimum(&capacity));
        if n_old == batch { old } else { old.concat(&[&part(n_old, batch - n_old)], 0) }
    }
}
