//! Snapshots of the generator: items drawn in batches from its tensors as they are now.

use ganatomy_data::BatchKey;
use ganatomy_game::game::Generator;
use ganatomy_tensor::{Bound, Cpu, Key, Store};

use crate::error::TrainError;
use crate::programs::{ASKED, CLASSES, GIVEN, KEPT, LATENT, SAMPLES, bind, sampling};
use crate::room::Room;
use crate::rules::Rules;

/// Items a sampling program makes at once.
const BATCH: usize = 256;
/// Images whose channels a run keeps for sampling, and so the items made at once then.
const N_KEPT: usize = 64;
/// Keeps them apart from training batches.
const DRAW: u64 = 4 << 32;

/// Generated items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// `[n, ..item]`, images in `[-1, 1]`, row-major.
    pub items: Vec<f32>,
    /// The class that each was asked for; empty where the generator is given none.
    pub classes: Vec<u32>,
}

/// Draws items from the generator in a store.
pub(crate) struct Snapshot {
    program: Bound<f32>,
    item: usize,
    batch: usize,
    is_given_classes: bool,
}

impl Snapshot {
    /// Of the moving average where `averaged`; latent points are drawn, or given to [`Snapshot::at`].
    pub(crate) fn new(
        generator: &Generator,
        averaged: bool,
        drawn: bool,
        cpu: &Cpu,
        store: &mut Store<f32>,
    ) -> Result<Self, TrainError> {
        let (item, batch) = (generator.item.iter().product(), batch(generator));
        let program = sampling(generator, batch, averaged, drawn)?;
        let is_given_classes = generator.n_classes > 0;
        Ok(Snapshot { program: bind(&program, cpu, store)?, item, batch, is_given_classes })
    }

    /// The bytes that a snapshot of drawn latent points takes.
    pub(crate) fn needs(room: &mut Room<'_>) -> Result<u64, TrainError> {
        let Rules { generator, .. } = room.rules;
        Ok(room.program(&sampling(generator, batch(generator), room.rules.averages(), true)?))
    }

    /// The bytes that samples of given latent points take.
    pub(crate) fn needs_at(room: &mut Room<'_>) -> Result<u64, TrainError> {
        let generator = &room.rules.generator;
        Ok(room.program(&sampling(generator, batch(generator), room.rules.averages(), false)?))
    }

    /// `n` items from drawn latent points, the same for the same key.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, row-major
    pub(crate) fn draw(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        n: usize,
        key: Key,
    ) -> Result<Vec<f32>, TrainError> {
        Ok(self.draw_of(cpu, store, n, key, None)?.items)
    }

    /// As [`Snapshot::draw`], all of one class where one is asked for.
    pub(crate) fn draw_of(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        n: usize,
        key: Key,
        class: Option<u32>,
    ) -> Result<Samples, TrainError> {
        let mut made = Samples::default();
        made.items.reserve(n * self.item);
        self.ask(store, |_| class)?;
        for start in (0..n).step_by(self.batch) {
            // Parts of one drawing have keys of their own, far from those of other steps.
            let part = (start / self.batch) as u64;
            let key = Key { seed: key.seed, step: key.step.wrapping_add(part << 40) };
            self.program.run(cpu, store, key)?;
            self.take(store, self.batch.min(n - start), &mut made)?;
        }
        Ok(made)
    }

    /// Asks for the class of each item of the next batch.
    fn ask(&self, store: &mut Store<f32>, class: impl Fn(usize) -> Option<u32>) -> Result<(), TrainError> {
        if self.is_given_classes {
            let asked = store.get_mut(ASKED)?.values_mut().iter_mut().enumerate();
            asked.for_each(|(i, asked)| *asked = class(i).map_or(0.0, |class| class as f32 + 1.0));
        }
        Ok(())
    }

    /// Takes the first items of the batch that was made.
    fn take(&self, store: &Store<f32>, n: usize, made: &mut Samples) -> Result<(), TrainError> {
        made.items.extend_from_slice(&store.get(SAMPLES)?.values()[..n * self.item]);
        if self.is_given_classes {
            made.classes.extend(store.get(CLASSES)?.values()[..n].iter().map(|&class| class as u32));
        }
        Ok(())
    }

    /// The items of given latent points; a generator that is given channels is given the kept ones, one after another.
    ///
    /// # Shapes
    /// - latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    pub(crate) fn at(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        latent: &[f32],
    ) -> Result<Vec<f32>, TrainError> {
        let kept = store.get(KEPT).map(|kept| kept.values().to_vec()).unwrap_or_default();
        let n = latent.len() / store.get(LATENT)?.shape()[1].max(1);
        let images: Vec<f32> = kept.iter().copied().cycle().take(n * kept.len() / N_KEPT).collect();
        Ok(self.given(cpu, store, &images, latent, &[])?.items)
    }

    /// The items of given channels and latent points; of given classes too, or each follows the other.
    ///
    /// # Shapes
    /// - images: `[n, h, w, n_given]`, latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    pub(crate) fn given(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        images: &[f32],
        latent: &[f32],
        classes: &[u32],
    ) -> Result<Samples, TrainError> {
        let z_dims = store.get(LATENT)?.shape()[1];
        let mut given = images.chunks(store.get(GIVEN).map_or(1, |given| given.values().len()));
        let mut made = Samples::default();
        for (number, part) in latent.chunks(self.batch * z_dims).enumerate() {
            self.ask(store, |i| classes.get(number * self.batch + i).copied())?;
            store.get_mut(LATENT)?.values_mut()[..part.len()].copy_from_slice(part);
            if let Some(given) = given.next() {
                store.get_mut(GIVEN)?.values_mut()[..given.len()].copy_from_slice(given);
            }
            self.program.run(cpu, store, Key::default())?;
            self.take(store, part.len() / z_dims, &mut made)?;
        }
        Ok(made)
    }
}

/// Items made at once: large images a few at a time, so that memory stays small.
pub(crate) fn batch(generator: &Generator) -> usize {
    let item: usize = generator.item.iter().product();
    let few = ((1 << 20) / item.max(1)).clamp(16, BATCH);
    if generator.n_given > 0 { N_KEPT } else { few }
}

/// Puts channels of some items of the data into the state, for a generator that is given channels.
pub(crate) fn keep(rules: &Rules, store: &mut Store<f32>) -> Result<(), TrainError> {
    let Some([h, w, n_given]) = rules.generator.given_shape() else {
        return Ok(());
    };
    let n_channels = rules.generator.item[2];
    let (mut items, mut labels) = (vec![0.0; N_KEPT * h * w * n_channels], vec![0; N_KEPT]);
    rules.data.fill(BatchKey { seed: rules.seed, step: 0, draw: DRAW }, &mut items, &mut labels);
    let given = items.chunks_exact(n_channels).flat_map(|pixel| &pixel[..n_given]).copied().collect();
    Ok(store.insert(KEPT, [N_KEPT, h, w, n_given], given)?)
}
