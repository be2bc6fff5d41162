//! Modes captured, high-quality share and reverse KL, for data whose modes are known.

use ganatomy_record::Direction;
use ganatomy_tensor::cpu::Key;

use super::{Live, Probe, Site};
use crate::metric::modes::score;
use crate::train::TrainError;

struct ModeProbe;

pub(super) fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    Ok(site.plan.data.modes().map(|_| Box::new(ModeProbe) as Box<dyn Probe>))
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
        let Some(modes) = live.plan.data.modes() else {
            return Ok(Vec::new());
        };
        let key = Key { seed: live.plan.seed, step: live.step };
        let samples = live.snapshot.draw(live.cpu, live.store, live.n_samples, key)?;
        let found = score(&samples, modes);
        Ok(vec![
            ("samples/n_modes".into(), found.n_modes as f64),
            ("samples/high_quality_share".into(), found.high_quality_share),
            ("samples/reverse_kl".into(), found.reverse_kl),
        ])
    }
}
