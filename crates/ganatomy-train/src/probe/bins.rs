//! Samples beside the data, where nothing is known of the data but its items.

mod beside;
mod followed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_game::game::Model;
use ganatomy_record::Direction;
use ganatomy_score::memorised::nearer_share;
use ganatomy_tensor::Key;

pub use self::beside::{Beside, averaged};
use self::followed::{N_FOLLOWED, latent};
use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::judge::Judge;
use crate::look::Live;
use crate::programs::has_judge;
use crate::room::{Room, tensor_bytes};
use crate::rules::Rules;
use crate::snapshot::Snapshot;

/// Bins, where there are ten items for each.
const N_BINS: usize = 20;
/// Items that a bin takes.
const IN_BIN: usize = 10;
/// The fewest items that say anything of a set.
const FEWEST: usize = 8;
/// Items of a set that the bins are made of.
const N_REAL: usize = 2000;
/// Training items of a set up to which copies are looked for: of more, those that were drawn would be too few of all.
const MOST_TRAINED: usize = 20_000;
/// Classes of which samples are told: of more, hundreds of samples say too little.
const MOST_CLASSES: usize = 32;
/// Samples that D is asked about at most, and as many real items.
const N_JUDGED: usize = 256;
/// Keeps those real items apart from training batches.
const DRAW: u64 = 8 << 32;

/// How often D is right on pairs.
const AUC: &str = "discriminator/auc";

/// What can be read of a run's samples.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asks {
    /// None where there are too few items for two.
    n_bins: usize,
    /// Are there other items than those of training, and few enough of these to look for copies?
    nearer: bool,
    /// Are items images, which a generator makes between -1 and 1?
    is_image: bool,
    /// Are items of several classes?
    has_classes: bool,
}

/// What can be read besides.
#[derive(Clone, Copy, Debug)]
struct More {
    /// Is there a D that judges single items?
    is_judged: bool,
    /// Does G make the same sample of the same latent point, whatever its class?
    is_followed: bool,
}

impl More {
    fn of(rules: &Rules) -> More {
        let seen = |d: &Arc<Model>| d.remedies().seen_shape(&rules.generator.item, rules.batch, 0);
        // A D that judges packs was never trained on packs of one item, nor one that normalises batches on single items.
        let is_whole = |d: &Arc<Model>| seen(d).iter().product::<usize>() == rules.item_len();
        let is_single = |d: &Arc<Model>| is_whole(d) && !d.mixes_batch();
        let is_judged = has_judge(rules) && rules.discriminator.as_ref().is_some_and(is_single);
        More { is_judged, is_followed: rules.generator.n_classes == 0 }
    }
}

struct BinsProbe {
    asks: Asks,
    more: More,
    /// Made when it is first asked for; it is the same whenever that is.
    beside: Option<Beside>,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let (asks, more) = (Asks::of(site.rules()), More::of(site.rules()));
    Ok(asks.map(|asks| Box::new(BinsProbe { asks, more, beside: None }) as Box<dyn Probe>))
}

impl Asks {
    /// Nothing where images are given, or where there are too few items.
    fn of(rules: &Rules) -> Option<Asks> {
        let data = &rules.data;
        let n_items = data.n_items().unwrap_or(usize::MAX);
        let held_out = data.held_out().is_some_and(|items| items.n_items().is_none_or(|n| n >= FEWEST));
        (rules.generator.n_given == 0 && n_items >= FEWEST).then(|| Asks {
            n_bins: several(n_items / IN_BIN),
            nearer: held_out && n_items <= MOST_TRAINED,
            is_image: data.item_shape().len() == 3,
            has_classes: (2..=MOST_CLASSES).contains(&data.n_classes()) && data.modes().is_none(),
        })
    }

    /// The names of the readings, and which way is better.
    fn readings(self) -> Vec<(String, Direction)> {
        let named = |name: &str, direction| (format!("samples/{name}"), direction);
        let mut all = vec![
            named("diversity", Direction::None),
            named("near_data", Direction::None),
            named("one_number", Direction::Down),
        ];
        let mut add = |asked: bool, names: &[(&str, Direction)]| {
            all.extend(names.iter().filter(|_| asked).map(|&(name, direction)| named(name, direction)));
        };
        let bins = [("bins_held", Direction::Up), ("bins_js", Direction::Down), ("bins_kl", Direction::Down)];
        add(self.n_bins > 0, &bins);
        add(self.nearer, &[("nearer", Direction::None), ("copies", Direction::Down)]);
        add(self.is_image, &[("saturated", Direction::None), ("out_of_reach", Direction::None)]);
        add(self.has_classes, &[("nearest_classes_kl", Direction::Down)]);
        all.extend((0..self.n_bins).map(|bin| (share_name(bin), Direction::None)));
        all
    }
}

/// The names of its readings where it reads all that it can, and which way is better.
#[cfg(test)]
pub(crate) fn readings() -> Vec<(String, Direction)> {
    named(
        Asks { n_bins: N_BINS, nearer: true, is_image: true, has_classes: true },
        More { is_judged: true, is_followed: true },
    )
}

/// What it reads of samples, of those that it follows, and of D.
fn named(asks: Asks, more: More) -> Vec<(String, Direction)> {
    let mut all = asks.readings();
    let places = followed::NAMES.map(|name| (format!("samples/{name}"), Direction::None));
    all.extend(places.into_iter().filter(|_| more.is_followed));
    all.extend(more.is_judged.then(|| (AUC.to_owned(), Direction::None)));
    all
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    Asks::of(rules).map_or(Vec::new(), |asks| named(asks, More::of(rules)))
}

/// So many bins at most; one bin is none.
fn several(n: usize) -> usize {
    if n > 1 { n.min(N_BINS) } else { 0 }
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
    let more = More::of(room.rules);
    let judge = if more.is_judged { Judge::needs(room)? } else { 0 };
    let following = if more.is_followed { Snapshot::needs_at(room)? } else { 0 };
    let items = room.items(n_samples + beside::N_BESIDE + N_FOLLOWED + N_JUDGED.min(n_samples));
    Ok(items + tensor_bytes(&vec![n_small, small].into()) + distances + judge + following)
}

impl Probe for BinsProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        named(self.asks, self.more)
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let samples = live.draw(live.n_samples(), Key { seed: live.seed(), step: live.step() })?;
        let beside = match &mut self.beside {
            Some(beside) => beside,
            none => none.insert(Beside::new(live.data(), self.asks, live.cpu)?),
        };
        let mut values = beside.read(&samples, live.cpu)?;
        if values.is_empty() {
            return Ok(values);
        }
        if self.more.is_followed {
            values.extend(beside.place(&live.samples_at(&latent(&live.rules().generator.noise))?));
        }
        if self.more.is_judged {
            values.extend(told(live, &samples)?.map(|share| (AUC.to_owned(), share)));
        }
        Ok(values)
    }
}

/// The share of pairs of a real item and a sample of which D holds the real one for more real: of items that it is never trained on where
/// there are any. Nothing where an output is no finite number.
fn told(live: &mut Live<'_>, samples: &[f32]) -> Result<Option<f64>, TrainError> {
    let size = live.rules().item_len();
    let held_out = live.data().held_out().filter(|items| items.n_items().is_none_or(|n| n >= FEWEST));
    let data: &dyn Dataset = held_out.as_deref().unwrap_or(live.data());
    let most = N_JUDGED.min(samples.len() / size);
    let n = data.n_items().map_or(most, |items| items.min(most));
    let (mut real, mut labels) = (vec![0.0; n * size], vec![0; n]);
    data.fill(BatchKey { seed: live.seed(), step: live.step(), draw: DRAW }, &mut real, &mut labels);
    let fake = live.judge(&samples[..most * size])?;
    let is_finite = |logits: &Vec<f32>| logits.iter().all(|logit| logit.is_finite());
    let both = fake.filter(is_finite).zip(live.judge(&real)?.filter(is_finite));
    Ok(both.map(|(fake, real)| nearer_share(&fake, &real)))
}
