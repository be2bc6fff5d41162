//! Modes captured and their reverse KL, for stacks of images whose every channel is classified by itself.

use ganatomy_record::Direction;
use ganatomy_score::channels::{combinations, score};
use ganatomy_score::classifier::Classifier;
use ganatomy_tensor::Key;

use super::classes::{class_shares, judging, prepare};
use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::Room;
use crate::rules::Rules;

/// Samples drawn and classified together, so that many samples take little memory.
const CHUNK: usize = 2560;

struct ChannelProbe {
    classifier: Classifier,
    shares: Vec<f64>,
    n_channels: usize,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let data = site.data();
    let (Some(channels), &[_, _, n_channels]) = (data.channels(), data.item_shape()) else {
        return Ok(None);
    };
    if channels.n_classes() < 2 {
        return Ok(None);
    }
    let classifier = prepare(channels, site)?;
    let shares = class_shares(channels);
    Ok(classifier
        .map(|classifier| Box::new(ChannelProbe { classifier, shares, n_channels }) as Box<dyn Probe>))
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    match room.rules.data.channels().filter(|channels| channels.n_classes() >= 2) {
        Some(channels) => judging(room, channels, CHUNK.min(n_samples)),
        None => Ok(0),
    }
}

/// The names of its readings, and which way is better.
pub(crate) fn readings() -> Vec<(String, Direction)> {
    [
        ("samples/n_modes", Direction::Up),
        ("samples/reverse_kl", Direction::Down),
        ("classifier/held_out_accuracy", Direction::None),
    ]
    .map(|(name, direction)| (name.to_owned(), direction))
    .to_vec()
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    let digits = rules.data.channels().filter(|_| rules.data.item_shape().len() == 3);
    let fits = digits.is_some_and(|digits| digits.n_classes() >= 2 && digits.held_out().is_some());
    if fits { readings() } else { Vec::new() }
}

impl Probe for ChannelProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let mut counts = vec![0; self.shares.len().pow(self.n_channels as u32)];
        for (part, start) in (0..live.n_samples()).step_by(CHUNK).enumerate() {
            // Chunks have keys of their own, far from those of other steps and of the parts of a drawing.
            let step = live.step().wrapping_add((part as u64) << 54);
            let n = CHUNK.min(live.n_samples() - start);
            let samples = live.draw(n, Key { seed: live.seed(), step })?;
            let seen = combinations(&mut self.classifier, live.cpu, &samples, self.n_channels)?;
            seen.into_iter().for_each(|number| counts[number] += 1);
        }
        let found = score(&counts, &self.shares);
        Ok(vec![
            ("samples/n_modes".into(), found.n_modes as f64),
            ("samples/reverse_kl".into(), found.reverse_kl),
            ("classifier/held_out_accuracy".into(), self.classifier.accuracy),
        ])
    }
}
