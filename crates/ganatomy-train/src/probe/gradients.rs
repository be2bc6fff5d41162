//! Norms of gradients: of each player's loss by its parameters, and of G's loss by its output.

use ganatomy_data::BatchKey;
use ganatomy_record::Direction;
use ganatomy_tensor::{Bound, Key};

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::programs::{Traced, bind, gradient_norms, gradient_norms_names};
use crate::real::RealBatches;
use crate::room::Room;
use crate::rules::Rules;

/// Keeps the probe's batches apart from those of training.
const DRAW: u64 = 1 << 32;

struct Gradients {
    traced: Traced,
    program: Bound<f32>,
    real: RealBatches,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    let traced = gradient_norms(site.rules().board())?;
    let program = bind(&traced.program, site.cpu, site.store)?;
    let real = RealBatches::of(&traced.program);
    Ok(Some(Box::new(Gradients { traced, program, real })))
}

pub(super) fn needs(room: &mut Room<'_>, _: usize) -> Result<u64, TrainError> {
    Ok(room.program(&gradient_norms(room.rules.board())?.program))
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    gradient_norms_names(rules.board()).into_iter().map(|name| (name, Direction::None)).collect()
}

impl Probe for Gradients {
    fn readings(&self) -> Vec<(String, Direction)> {
        self.traced.names().map(|name| (name.to_owned(), Direction::None)).collect()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let key = BatchKey { seed: live.seed(), step: live.step, draw: DRAW };
        self.real.fill(&*live.rules.data, key, live.store)?;
        self.program.run(live.cpu, live.store, Key { seed: live.seed(), step: live.step() })?;
        Ok(self.traced.read(live.store).map(|(name, value)| (name.to_owned(), value)).collect())
    }
}
