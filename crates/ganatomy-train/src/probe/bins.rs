//! Samples beside the data, where nothing is known of the data but its items.

mod beside;
#[cfg(test)]
mod tests;

use ganatomy_record::Direction;
use ganatomy_tensor::Key;

pub use self::beside::{Beside, averaged};
use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::{Room, tensor_bytes};
use crate::rules::Rules;

/// Bins, where there are ten items for each.
const N_BINS: usize = 20;
/// Items that a bin takes.
const IN_BIN: usize = 10;
/// The fewest items that say anything of a set.
const FEWEST: usize = 2 * IN_BIN;
/// Items of a set that the bins are made of.
const N_REAL: usize = 2000;
/// Training items of a set up to which copies are looked for: of more, those that were drawn would be too few of all.
const MOST_TRAINED: usize = 20_000;

/// What can be read of a run's samples.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asks {
    n_bins: usize,
    /// Are there other items than those of training, and few enough of these to look for copies?
    nearer: bool,
    /// Are items images, which a generator makes between -1 and 1?
    is_image: bool,
}

struct BinsProbe {
    asks: Asks,
    /// Made when it is first asked for; it is the same whenever that is.
    beside: Option<Beside>,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let asks = Asks::of(site.rules());
    Ok(asks.map(|asks| Box::new(BinsProbe { asks, beside: None }) as Box<dyn Probe>))
}

impl Asks {
    /// Nothing where images are given, or where there are too few items.
    fn of(rules: &Rules) -> Option<Asks> {
        let data = &rules.data;
        let n_items = data.n_items().unwrap_or(usize::MAX);
        let held_out = data.held_out().is_some_and(|items| items.n_items().is_none_or(|n| n >= FEWEST));
        (rules.generator.n_given == 0 && n_items >= FEWEST).then(|| Asks {
            n_bins: (n_items / IN_BIN).min(N_BINS),
            nearer: held_out && n_items <= MOST_TRAINED,
            is_image: data.item_shape().len() == 3,
        })
    }

    /// The names of the readings, and which way is better.
    fn readings(self) -> Vec<(String, Direction)> {
        let named = |name: &str, direction| (format!("samples/{name}"), direction);
        let mut all = vec![
            named("bins_held", Direction::Up),
            named("bins_js", Direction::Down),
            named("diversity", Direction::None),
            named("near_data", Direction::None),
            named("one_number", Direction::Down),
        ];
        all.extend(self.nearer.then(|| named("nearer", Direction::None)));
        all.extend(self.is_image.then(|| named("saturated", Direction::None)));
        all.extend((0..self.n_bins).map(|bin| (share_name(bin), Direction::None)));
        all
    }
}

/// The names of its readings where it reads all that it can, and which way is better.
#[cfg(test)]
pub(crate) fn readings() -> Vec<(String, Direction)> {
    Asks { n_bins: N_BINS, nearer: true, is_image: true }.readings()
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    Asks::of(rules).map(Asks::readings).unwrap_or_default()
}

fn share_name(bin: usize) -> String {
    format!("samples/bin_share/{bin:02}")
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    let Some(asks) = Asks::of(room.rules) else {
        return Ok(0);
    };
    // Samples, real items beside them and their smaller copies; and the distances of samples to the real ones.
    let small = beside::small_len(&room.rules.generator.item);
    let n_small = n_samples + 2 * N_REAL + if asks.nearer { beside::MOST_NEAR } else { 0 };
    let distances = tensor_bytes(&vec![n_samples.max(1024), 2048].into());
    Ok(room.items(n_samples + beside::N_BESIDE) + tensor_bytes(&vec![n_small, small].into()) + distances)
}

impl Probe for BinsProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        self.asks.readings()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let samples = live.draw(live.n_samples(), Key { seed: live.seed(), step: live.step() })?;
        let beside = match &mut self.beside {
            Some(beside) => beside,
            none => none.insert(Beside::new(live.data(), self.asks, live.cpu)?),
        };
        beside.read(&samples, live.cpu)
    }
}
