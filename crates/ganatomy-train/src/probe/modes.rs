//! Modes captured, high-quality share and reverse KL, for data whose modes are known.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_record::Direction;
use ganatomy_score::modes::score;
use ganatomy_tensor::Key;

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::Room;
use crate::rules::Rules;

/// Keeps the real points that the data's own share is measured on apart from training batches.
const DRAW: u64 = 5 << 32;
/// Real points that it is measured on, or fewer of many numbers.
const N_REAL: usize = 10_000;
/// Modes up to which the share of each is read.
const MOST_SHARES: usize = 32;

struct ModeProbe {
    n_modes: usize,
    /// The share of real points that are at a mode.
    real_share: f64,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let data = site.data();
    let known = data.modes().map(|modes| modes.centres.len()).zip(real_share(data));
    Ok(known.map(|(n_modes, real_share)| Box::new(ModeProbe { n_modes, real_share }) as Box<dyn Probe>))
}

/// The share of the data's own points that are at a mode; between 0 and 1 even where all or none of those drawn are.
fn real_share(data: &dyn Dataset) -> Option<f64> {
    let modes = data.modes()?;
    let dims: usize = data.item_shape().iter().product();
    let n = ((1 << 20) / dims.max(1)).clamp(500, N_REAL);
    let (mut points, mut labels) = (vec![0.0; n * dims], vec![0; n]);
    data.fill(BatchKey { seed: 0, step: 0, draw: DRAW }, &mut points, &mut labels);
    let good = score(&points, modes).high_quality_share * n as f64;
    Some((good + 0.5) / (n as f64 + 1.0))
}

/// The names of its readings of so many modes, and which way is better.
pub(crate) fn readings(n_modes: usize) -> Vec<(String, Direction)> {
    let mut all = [
        ("samples/n_modes", Direction::Up),
        ("samples/high_quality_share", Direction::Up),
        // Evenly bad samples are even too, so that less is not better by itself.
        ("samples/reverse_kl", Direction::None),
        ("samples/quality_kl", Direction::Down),
    ]
    .map(|(name, direction)| (name.to_owned(), direction))
    .to_vec();
    let shares = if n_modes <= MOST_SHARES { n_modes } else { 0 };
    all.extend((0..shares).map(|mode| (share_name(mode), Direction::None)));
    all
}

fn share_name(mode: usize) -> String {
    format!("samples/mode_share/{mode:02}")
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    Ok(if room.rules.data.modes().is_some() { room.items(n_samples) } else { 0 })
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    rules.data.modes().map_or(Vec::new(), |modes| readings(modes.centres.len()))
}

impl Probe for ModeProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings(self.n_modes)
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let Some(modes) = live.rules().data.modes() else {
            return Ok(Vec::new());
        };
        let samples = live.draw(live.n_samples(), Key { seed: live.seed(), step: live.step() })?;
        let found = score(&samples, modes);
        let mut values: Vec<(String, f64)> = vec![
            ("samples/n_modes".into(), found.n_modes as f64),
            ("samples/high_quality_share".into(), found.high_quality_share),
            ("samples/reverse_kl".into(), found.reverse_kl),
            ("samples/quality_kl".into(), found.quality_kl(self.real_share)),
        ];
        if self.n_modes <= MOST_SHARES {
            let n = found.nearest.iter().sum::<usize>().max(1) as f64;
            let shares = found.nearest.iter().enumerate();
            values.extend(shares.map(|(mode, count)| (share_name(mode), *count as f64 / n)));
        }
        Ok(values)
    }
}
