//! Items that a run makes, and what its judge says of items.

use ganatomy_tensor::{Cpu, Key, Store};

use super::{Live, Looks};
use crate::error::TrainError;
use crate::judge::Judge;
use crate::rules::Rules;
use crate::snapshot::Snapshot;

impl Live<'_> {
    /// `n` items of the generator that the run shows (its average, where the plan has one), the same for the same seed.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, row-major
    ///
    /// # Errors
    /// Tensors that do not fit the generator.
    pub fn samples(&mut self, n: usize, seed: u64) -> Result<Vec<f32>, TrainError> {
        self.draw(n, Key { seed, step: 0 })
    }

    /// As [`Live::samples`], by the whole key: a probe draws its own items at each step.
    ///
    /// # Errors
    /// As [`Live::samples`].
    pub fn draw(&mut self, n: usize, key: Key) -> Result<Vec<f32>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        let snapshot =
            made(&mut looks.shown, || Snapshot::new(&rules.generator, rules.averages(), true, cpu, store))?;
        snapshot.draw(cpu, store, n, key)
    }

    /// The items of given latent points, of the generator that the run shows.
    ///
    /// # Shapes
    /// - latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    ///
    /// # Errors
    /// [`TrainError::Count`] where the numbers do not make whole latent points.
    pub fn samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        let z_dims = self.rules.generator.noise.z_dims;
        count("latent points", latent.len(), latent.len().next_multiple_of(z_dims))?;
        let Live { rules, cpu, store, looks, .. } = self;
        shown_at(rules, cpu, store, looks)?.at(cpu, store, latent)
    }

    /// As [`Live::samples_at`], each latent point beside the channels of an image that the generator is given.
    ///
    /// # Shapes
    /// - images: `[n, h, w, n_given]`, latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    ///
    /// # Errors
    /// [`TrainError::Count`] where the numbers do not make whole images and latent points.
    pub fn samples_for(&mut self, images: &[f32], latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        let generator = &self.rules.generator;
        let z_dims = generator.noise.z_dims;
        count("latent points", latent.len(), latent.len().next_multiple_of(z_dims))?;
        let image: usize = generator.given_shape().map_or(0, |shape| shape.iter().product());
        count("the images that are given", images.len(), latent.len() / z_dims * image)?;
        let Live { rules, cpu, store, looks, .. } = self;
        Ok(shown_at(rules, cpu, store, looks)?.given(cpu, store, images, latent, &[])?.items)
    }

    /// The discriminator's logits of items from anywhere; None where it does not judge items by themselves.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`, row-major; output: `[n]`
    ///
    /// # Errors
    /// [`TrainError::Count`] where the numbers do not make whole items.
    pub fn judge(&mut self, items: &[f32]) -> Result<Option<Vec<f32>>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        match made(&mut looks.judge, || Judge::new(rules, cpu, store))? {
            Some(judge) => judge.logits(cpu, store, items).map(Some),
            None => Ok(None),
        }
    }

    /// As [`Live::samples`], of the generator that plays.
    pub(super) fn player_samples(&mut self, n: usize, seed: u64) -> Result<Vec<f32>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        let snapshot = made(&mut looks.player, || Snapshot::new(&rules.generator, false, true, cpu, store))?;
        snapshot.draw(cpu, store, n, Key { seed, step: 0 })
    }

    /// As [`Live::samples_at`], of the generator that plays.
    pub(crate) fn player_samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        self.player_samples_of(latent, &[])
    }

    /// As [`Live::player_samples_at`], of these classes where the generator is given any.
    pub(crate) fn player_samples_of(
        &mut self,
        latent: &[f32],
        classes: &[u32],
    ) -> Result<Vec<f32>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        let snapshot =
            made(&mut looks.player_at, || Snapshot::new(&rules.generator, false, false, cpu, store))?;
        match classes.is_empty() {
            true => snapshot.at(cpu, store, latent),
            false => Ok(snapshot.given(cpu, store, &[], latent, classes)?.items),
        }
    }
}

/// Makes items of given latent points, of the generator that the run shows.
fn shown_at<'a>(
    rules: &Rules,
    cpu: &Cpu,
    store: &mut Store<f32>,
    looks: &'a mut Looks,
) -> Result<&'a mut Snapshot, TrainError> {
    made(&mut looks.shown_at, || Snapshot::new(&rules.generator, rules.averages(), false, cpu, store))
}

/// Makes what is not there yet.
pub(super) fn made<T>(
    place: &mut Option<T>,
    make: impl FnOnce() -> Result<T, TrainError>,
) -> Result<&mut T, TrainError> {
    match place {
        Some(made) => Ok(made),
        None => Ok(place.insert(make()?)),
    }
}

fn count(what: &'static str, found: usize, wanted: usize) -> Result<(), TrainError> {
    if found == wanted { Ok(()) } else { Err(TrainError::Count { what, found, wanted }) }
}
