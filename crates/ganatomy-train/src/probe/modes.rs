//! Modes captured, high-quality share and reverse KL, for data whose modes are known.

use ganatomy_record::Direction;
use ganatomy_score::modes::score;
use ganatomy_tensor::Key;

use super::{Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::Room;

struct ModeProbe;

pub(super) fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    Ok(site.data().modes().map(|_| Box::new(ModeProbe) as Box<dyn Probe>))
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    Ok(if room.rules.data.modes().is_some() { room.items(n_samples) } else { 0 })
}

impl Probe for ModeProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        [
            ("samples/n_modes", Direction::Up),
            ("samples/high_quality_share", Direction::Up),
            ("samples/reverse_kl", Direction::Down),
        ]
        .map(|(name, direction)| (name.to_owned(), direction))
        .to_vec()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let Some(modes) = live.rules().data.modes() else {
            return Ok(Vec::new());
        };
        let samples = live.draw(live.n_samples(), Key { seed: live.seed(), step: live.step() })?;
        let found = score(&samples, modes);
        Ok(vec![
            ("samples/n_modes".into(), found.n_modes as f64),
            ("samples/high_quality_share".into(), found.high_quality_share),
            ("samples/reverse_kl".into(), found.reverse_kl),
        ])
    }
}
