//! What D makes of real items that it is never trained on, and so how far it overfits.

use std::collections::BTreeMap;

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_record::Direction;
use ganatomy_tensor::{Bound, Key};

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::programs::{Traced, bind, judgement};
use crate::real::RealBatches;
use crate::room::Room;
use crate::rules::Rules;

/// Keeps the probe's batches apart from those of training.
const DRAW: u64 = 3 << 32;
/// Logits between real and generated items below which D hardly tells them apart.
const TELLS: f64 = 0.1;

struct HeldOut {
    items: Box<dyn Dataset>,
    traced: Traced,
    program: Bound<f32>,
    real: RealBatches,
    batch: usize,
}

/// Means of what D says of one kind of real items, and of generated ones beside them.
#[derive(Default)]
struct Judged(BTreeMap<String, f64>);

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let Some(items) = items(site.rules()) else {
        return Ok(None);
    };
    let traced = judgement(site.rules().board())?;
    let program = bind(&traced.program, site.cpu, site.store)?;
    let (real, batch) = (RealBatches::of(&traced.program), site.rules().batch);
    Ok(Some(Box::new(HeldOut { items, traced, program, real, batch })))
}

/// The held-out items, in a game with a judge.
fn items(rules: &Rules) -> Option<Box<dyn Dataset>> {
    let items = rules.data.held_out().filter(|items| items.n_items() != Some(0));
    items.filter(|_| rules.discriminator.is_some())
}

pub(super) fn needs(room: &mut Room<'_>, _: usize) -> Result<u64, TrainError> {
    match items(room.rules) {
        Some(_) => Ok(room.program(&judgement(room.rules.board())?.program)),
        None => Ok(0),
    }
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    if items(rules).is_some() { readings() } else { Vec::new() }
}

impl Probe for HeldOut {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let n_batches = live.n_samples().div_ceil(self.batch).max(1) as u64;
        let (mut seen, mut unseen) = (Judged::default(), Judged::default());
        for i in 0..n_batches {
            let step = live.step().wrapping_mul(n_batches).wrapping_add(i);
            let batch = BatchKey { seed: live.seed(), step, draw: DRAW };
            // Both kinds stand beside the same generated items.
            let noise = Key { seed: live.seed(), step: live.step().wrapping_add(i << 40) };
            for (items, judged) in [(&*live.rules.data, &mut seen), (&*self.items, &mut unseen)] {
                self.real.fill(items, batch, live.store)?;
                self.program.run(live.cpu, live.store, noise)?;
                for (name, value) in self.traced.read(live.store) {
                    *judged.0.entry(name.to_owned()).or_default() += value / n_batches as f64;
                }
            }
        }
        let mut values = vec![
            ("discriminator/loss_held_out".to_owned(), unseen.of("loss")),
            ("discriminator/logit_held_out".to_owned(), unseen.of("logit_real")),
            ("discriminator/accuracy_held_out".to_owned(), unseen.of("accuracy_real")),
        ];
        let told = seen.of("logit_real") - seen.of("logit_fake");
        if told > TELLS {
            let overfitting = (seen.of("logit_real") - unseen.of("logit_real")) / told;
            values.push(("discriminator/overfitting".to_owned(), overfitting));
        }
        Ok(values)
    }
}

/// The names of its readings, and which way is better.
pub(crate) fn readings() -> Vec<(String, Direction)> {
    [
        ("discriminator/loss_held_out", Direction::None),
        ("discriminator/logit_held_out", Direction::None),
        ("discriminator/accuracy_held_out", Direction::None),
        ("discriminator/overfitting", Direction::Down),
    ]
    .map(|(name, direction)| (name.to_owned(), direction))
    .to_vec()
}

impl Judged {
    fn of(&self, name: &str) -> f64 {
        self.0.get(&format!("held_out/{name}")).copied().unwrap_or(f64::NAN)
    }
}
