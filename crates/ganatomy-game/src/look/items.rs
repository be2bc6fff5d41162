//! Items that a run makes, and what its judge says of items.

use ganatomy_tensor::{Cpu, Key, Store};

use super::Looks;
use crate::judge::Judge;
use crate::plan::Plan;
use crate::snapshot::Snapshot;
use crate::train::{TrainError, Training};

impl Training<'_> {
    /// `n` items of the generator that the run shows (its average, where the plan has one), the same for the same seed.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, row-major
    pub fn samples(&mut self, n: usize, seed: u64) -> Result<Vec<f32>, TrainError> {
        self.snapshot.draw(self.session.cpu, &mut self.store, n, Key { seed, step: 0 })
    }

    /// The items of given latent points, of the generator that the run shows.
    ///
    /// # Shapes
    /// - latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    pub fn samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        let z_dims = self.plan.generator.noise.z_dims;
        count("latent points", latent.len(), latent.len().next_multiple_of(z_dims))?;
        let cpu = self.session.cpu;
        match latent_snapshot(&mut self.looks, self.plan, cpu, &mut self.store)? {
            Some(snapshot) => snapshot.at(cpu, &mut self.store, latent),
            None => Ok(Vec::new()),
        }
    }

    /// As [`Training::samples_at`], each latent point beside the channels of an image that the generator is told.
    ///
    /// # Shapes
    /// - told: `[n, h, w, n_told]`, latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    pub fn samples_for(&mut self, told: &[f32], latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        let (z_dims, cpu) = (self.plan.generator.noise.z_dims, self.session.cpu);
        count("latent points", latent.len(), latent.len().next_multiple_of(z_dims))?;
        let image: usize = self.plan.generator.told_shape().map_or(0, |shape| shape.iter().product());
        count("the images that are told", told.len(), latent.len() / z_dims * image)?;
        match latent_snapshot(&mut self.looks, self.plan, cpu, &mut self.store)? {
            Some(snapshot) => snapshot.told(cpu, &mut self.store, told, latent),
            None => Ok(Vec::new()),
        }
    }

    /// The discriminator's logits of items from anywhere; None where it does not judge items by themselves.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`, row-major; output: `[n]`
    pub fn judge(&mut self, items: &[f32]) -> Result<Option<Vec<f32>>, TrainError> {
        let cpu = self.session.cpu;
        if self.looks.judge.is_none() {
            self.looks.judge = Some(Judge::new(self.plan, cpu, &mut self.store)?);
        }
        match self.looks.judge.as_mut().and_then(Option::as_mut) {
            Some(judge) => judge.logits(cpu, &mut self.store, items).map(Some),
            None => Ok(None),
        }
    }

    /// As [`Training::samples`], of the generator that plays.
    pub(super) fn player_samples(&mut self, n: usize, seed: u64) -> Result<Vec<f32>, TrainError> {
        let (plan, cpu) = (self.plan, self.session.cpu);
        if self.looks.player.is_none() {
            self.looks.player = Some(Snapshot::new(&plan.generator, false, true, cpu, &mut self.store)?);
        }
        match &mut self.looks.player {
            Some(snapshot) => snapshot.draw(cpu, &mut self.store, n, Key { seed, step: 0 }),
            None => Ok(Vec::new()),
        }
    }
}

/// Makes items of given latent points; made when it is first asked for.
fn latent_snapshot<'a>(
    looks: &'a mut Looks,
    plan: &Plan,
    cpu: &Cpu,
    store: &mut Store<f32>,
) -> Result<Option<&'a mut Snapshot>, TrainError> {
    if looks.latent.is_none() {
        let averaged = !plan.average.is_none();
        looks.latent = Some(Snapshot::new(&plan.generator, averaged, false, cpu, store)?);
    }
    Ok(looks.latent.as_mut())
}

fn count(what: &'static str, found: usize, wanted: usize) -> Result<(), TrainError> {
    if found == wanted { Ok(()) } else { Err(TrainError::Count { what, found, wanted }) }
}
