//! Snapshots of the generator: items drawn in batches from whatever its tensors are now.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Store};

use crate::game::Generator;
use crate::programs::{LATENT, SAMPLES, bind, sampling};
use crate::train::TrainError;

/// Items a sampling program makes at once.
const BATCH: usize = 256;

/// Draws items from the generator in a store.
pub struct Snapshot {
    program: Bound<f32>,
    item: usize,
    batch: usize,
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
        let item: usize = generator.item.iter().product();
        // Large images are made a few at a time, so that memory stays small.
        let batch = ((1 << 20) / item.max(1)).clamp(16, BATCH);
        let program = sampling(generator, batch, averaged, drawn)?;
        Ok(Snapshot { program: bind(&program, cpu, store)?, item, batch })
    }

    /// `n` items from drawn latent points, the same for the same key.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, row-major
    pub fn draw(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        n: usize,
        key: Key,
    ) -> Result<Vec<f32>, TrainError> {
        let mut items = Vec::with_capacity(n.next_multiple_of(self.batch) * self.item);
        for part in 0..n.div_ceil(self.batch) as u64 {
            // Parts of one drawing have keys of their own, far from those of other steps.
            let key = Key { seed: key.seed, step: key.step.wrapping_add(part << 40) };
            self.program.run(cpu, store, key);
            items.extend_from_slice(store.get(SAMPLES)?.values());
        }
        items.truncate(n * self.item);
        Ok(items)
    }

    /// The items of given latent points.
    ///
    /// # Shapes
    /// - latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    pub(crate) fn at(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<f32>,
        latent: &[f32],
    ) -> Result<Vec<f32>, TrainError> {
        let z_dims = store.get(LATENT)?.shape()[1];
        let mut items = Vec::new();
        for part in latent.chunks(self.batch * z_dims) {
            store.get_mut(LATENT)?.values_mut()[..part.len()].copy_from_slice(part);
            self.program.run(cpu, store, Key::default());
            items.extend_from_slice(&store.get(SAMPLES)?.values()[..part.len() / z_dims * self.item]);
        }
        Ok(items)
    }
}
