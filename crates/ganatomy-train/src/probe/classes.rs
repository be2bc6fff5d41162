//! Classes captured, reverse KL of the class histogram, and classifier score, for labelled images.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_record::Direction;
use ganatomy_score::classes::score;
use ganatomy_score::classifier::{Classifier, ClassifierError};
use ganatomy_tensor::Key;

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::Room;
use crate::rules::Rules;

/// Labels that the data's own class shares are counted from.
const N_LABELS: usize = 10_000;
/// Items looked at together, so that large images take little memory.
const BATCH: usize = 100;

struct ClassProbe {
    classifier: Classifier,
    truth: Vec<f64>,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let data = site.data();
    if !applies(site.rules()) {
        return Ok(None);
    }
    let classifier = prepare(data, site)?;
    let truth = class_shares(data);
    Ok(classifier.map(|classifier| Box::new(ClassProbe { classifier, truth }) as Box<dyn Probe>))
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    match applies(room.rules) {
        true => judging(room, &*room.rules.data, n_samples),
        false => Ok(0),
    }
}

/// The bytes of a classifier, trained first if it has to be, and of so many samples.
pub(super) fn judging(room: &Room<'_>, data: &dyn Dataset, n_samples: usize) -> Result<u64, TrainError> {
    Ok(Classifier::memory_bytes(data, room.cpu, room.cache_dir)? + room.items(n_samples))
}

/// Can samples be told by their class?
fn applies(rules: &Rules) -> bool {
    let data = &rules.data;
    // A given image has a class already: it says nothing of the generator. Stacks have as many classes as
    // combinations; the probe `channels` is theirs.
    rules.generator.n_given == 0
        && data.n_classes() >= 2
        && data.item_shape().len() == 3
        && data.channels().is_none()
}

/// The data's classifier, or a note on why there is none.
pub(super) fn prepare(data: &dyn Dataset, site: &Site<'_>) -> Result<Option<Classifier>, TrainError> {
    match Classifier::prepare(data, site.cpu, site.cache_dir, site.progress) {
        Ok(classifier) => Ok(Some(classifier)),
        Err(ClassifierError::NoHeldOut) => {
            let why =
                "class readings are off: the data has labels, but no held-out part to test a classifier on";
            site.progress.note(why);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The share of each class in the data.
pub(super) fn class_shares(data: &dyn Dataset) -> Vec<f64> {
    let n = data.n_items().unwrap_or(N_LABELS).min(N_LABELS);
    let size: usize = data.item_shape().iter().product();
    let batch = BATCH.min(n);
    let (mut items, mut labels) = (vec![0.0; batch * size], vec![0u32; batch]);
    let (n_batches, mut shares) = (n / batch, vec![0.0; data.n_classes()]);
    for step in 0..n_batches as u64 {
        data.fill(BatchKey { seed: 0, step, draw: 0 }, &mut items, &mut labels);
        labels.iter().for_each(|&label| shares[label as usize] += 1.0 / (n_batches * batch) as f64);
    }
    shares
}

/// The names of its readings, and which way is better.
pub(crate) fn readings(n_classes: usize) -> Vec<(String, Direction)> {
    let mut all: Vec<(String, Direction)> = [
        ("samples/n_classes", Direction::Up),
        ("samples/reverse_kl", Direction::Down),
        ("samples/classifier_score", Direction::Up),
        ("classifier/held_out_accuracy", Direction::None),
    ]
    .map(|(name, direction)| (name.to_owned(), direction))
    .to_vec();
    all.extend((0..n_classes).map(|class| (share_name(class), Direction::None)));
    all
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    match applies(rules) && rules.data.held_out().is_some() {
        true => readings(rules.data.n_classes()),
        false => Vec::new(),
    }
}

impl Probe for ClassProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings(self.truth.len())
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let samples = live.draw(live.n_samples(), Key { seed: live.seed(), step: live.step() })?;
        let probabilities = self.classifier.probabilities(live.cpu, &samples)?;
        let found = score(&probabilities, &self.truth);
        let mut values = vec![
            ("samples/n_classes".into(), found.n_classes as f64),
            ("samples/reverse_kl".into(), found.reverse_kl),
            ("samples/classifier_score".into(), found.classifier_score),
            ("classifier/held_out_accuracy".into(), self.classifier.accuracy),
        ];
        values.extend(found.shares.iter().enumerate().map(|(class, &share)| (share_name(class), share)));
        Ok(values)
    }
}

fn share_name(class: usize) -> String {
    format!("samples/class_share/{class}")
}
