//! A trained generator, from a run folder and without its data.

use std::collections::BTreeMap;
use std::fmt;

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_game::average;
use ganatomy_game::game::Generator;
use ganatomy_record::{Checkpoints, RecordError, RunFolder, RunSpec, SpecError};
use ganatomy_tensor::{Cpu, Key, Store, StoreError};

use crate::checkpoint::{CheckpointError, load};
use crate::error::TrainError;
use crate::plan::parts::{Facts, GameParts};
use crate::programs::KEPT;
use crate::registry::{DuplicateName, Registry};
use crate::snapshot::Snapshot;

/// A generator that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The run has not saved a checkpoint yet.
    #[error("{path} holds no checkpoint yet")]
    NoCheckpoint {
        /// The run folder.
        path: String,
    },
    /// Numbers that do not make whole latent points, or images to be given.
    #[error("{what} must hold {wanted} numbers, found {found}")]
    Length {
        /// What was given.
        what: &'static str,
        /// How many numbers fit.
        wanted: usize,
        /// How many were given.
        found: usize,
    },
    /// The folder's plan.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] DuplicateName),
    /// The folder.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The program.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The tensors.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A trained generator.
pub struct Sampler {
    generator: Generator,
    store: Store<f32>,
    averaged: bool,
    step: u64,
}

impl Sampler {
    /// The generator of a run's latest checkpoint: its moving average where `averaged` is set and the run has one.
    ///
    /// # Errors
    /// A folder without a checkpoint, or one whose checkpoint does not fit its plan.
    pub fn open(folder: &RunFolder, cpu: &Cpu, averaged: bool) -> Result<Sampler, SampleError> {
        Sampler::with_registry(folder, cpu, averaged, &Registry::builtin())
    }

    /// As [`Sampler::open`], with a registry that may hold more than the built-in networks.
    ///
    /// # Errors
    /// As [`Sampler::open`].
    pub fn with_registry(
        folder: &RunFolder,
        cpu: &Cpu,
        averaged: bool,
        registry: &Registry,
    ) -> Result<Sampler, SampleError> {
        registry.check()?;
        let latest = Checkpoints::latest(folder)?;
        let file =
            latest.ok_or_else(|| SampleError::NoCheckpoint { path: folder.path().display().to_string() })?;
        let mut store = Store::new();
        let description = load(&file, &mut store)?;
        let plan = RunSpec::parse(
            &folder.plan()?.to_string(),
            &folder.path().join("plan.toml").display().to_string(),
        )?;
        let mut root = plan.root();
        let batch = root.count("batch", "items a player sees in one move", 128, 2..=1 << 20)? as usize;
        let parts = GameParts::read(&mut root, registry)?;
        let facts = Facts { item: &description.item, n_classes: description.n_classes, batch };
        let generator = parts.build(&plan, &facts)?.generator;
        let averaged = averaged && store.iter().any(|(name, _)| name.starts_with("average."));
        let mut sampler = Sampler { generator, store, averaged, step: description.step };
        // Finds out now whether the checkpoint holds what the plan's generator needs.
        sampler.snapshot(cpu, true)?;
        Ok(sampler)
    }

    /// The shape of an item.
    pub fn item_shape(&self) -> &[usize] {
        &self.generator.item
    }

    /// The length of a latent point.
    pub fn z_dims(&self) -> usize {
        self.generator.noise.z_dims
    }

    /// Steps that the generator was trained for.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// `n` items from latent points drawn by `seed`.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, images in `[-1, 1]`, row-major
    ///
    /// # Errors
    /// Tensors that do not fit the generator.
    pub fn draw(&mut self, cpu: &Cpu, n: usize, seed: u64) -> Result<Vec<f32>, SampleError> {
        let mut snapshot = self.snapshot(cpu, true)?;
        Ok(snapshot.draw(cpu, &mut self.store, n, Key { seed, step: 0 })?)
    }

    /// The images that the run keeps for a generator that is given some channels; none where it is given nothing.
    ///
    /// # Shapes
    /// - output: `[64, h, w, n_given]`, row-major
    pub fn kept(&self) -> &[f32] {
        self.store.get(KEPT).map_or(&[], |kept| kept.values())
    }

    /// `n` latent points drawn by `seed`.
    ///
    /// # Shapes
    /// - output: `[n, z_dims]`, row-major
    pub fn latent(&self, n: usize, seed: u64) -> Vec<f32> {
        let (noise, mut random) = (&self.generator.noise, Keyed::new(&[seed, purpose("latent")]));
        (0..n * noise.z_dims).map(|_| noise.draw_one(&mut random)).collect()
    }

    /// The items of given images and latent points: several points beside one image show what it leaves open.
    ///
    /// # Shapes
    /// - images: `[n, h, w, n_given]`, latent: `[n, z_dims]`; output: `[n, ..item]`, row-major
    ///
    /// # Errors
    /// [`SampleError::Length`] where the numbers do not make whole images and latent points.
    pub fn samples_for(
        &mut self,
        cpu: &Cpu,
        images: &[f32],
        latent: &[f32],
    ) -> Result<Vec<f32>, SampleError> {
        let check = |what, found: usize, wanted: usize| match found == wanted {
            true => Ok(()),
            false => Err(SampleError::Length { what, wanted, found }),
        };
        let (z_dims, width) = (self.generator.noise.z_dims, self.given_len());
        let n = latent.len() / z_dims;
        check("latent points", latent.len(), n * z_dims)?;
        check("the images that are given", images.len(), n * width)?;
        let mut snapshot = self.snapshot(cpu, false)?;
        Ok(snapshot.given(cpu, &mut self.store, images, latent)?)
    }

    fn given_len(&self) -> usize {
        self.generator.given_shape().map_or(0, |shape| shape.iter().product())
    }

    /// Rows of items, each of which walks from one latent point to another along a great circle; a generator that is given
    /// images is given one a row.
    ///
    /// # Shapes
    /// - output: `[rows columns, ..item]`, row-major
    ///
    /// # Errors
    /// As [`Sampler::samples_for`].
    pub fn interpolate(
        &mut self,
        cpu: &Cpu,
        rows: usize,
        columns: usize,
        seed: u64,
    ) -> Result<Vec<f32>, SampleError> {
        let z_dims = self.generator.noise.z_dims;
        let mut random = Keyed::new(&[seed, purpose("interpolate")]);
        let mut latent = Vec::with_capacity(rows * columns * z_dims);
        for _ in 0..rows {
            let mut point =
                || (0..z_dims).map(|_| self.generator.noise.draw_one(&mut random)).collect::<Vec<f32>>();
            let (from, to) = (point(), point());
            for column in 0..columns {
                let share = column as f32 / (columns.max(2) - 1) as f32;
                latent.extend(great_circle(&from, &to, share));
            }
        }
        let kept = self.kept().chunks(self.given_len().max(1)).cycle().take(rows);
        let images: Vec<f32> = kept.flat_map(|image| image.repeat(columns)).collect();
        self.samples_for(cpu, &images, &latent)
    }

    /// The generator's tensors as the bytes of a safetensors file, under its own names.
    ///
    /// # Errors
    /// A tensor that the checkpoint lacks.
    pub fn export(&self) -> Result<Vec<u8>, SampleError> {
        let mut out = Store::<f32>::new();
        for d in &self.generator.model.player.declared {
            let source = if self.averaged { average::name(&d.name) } else { d.name.clone() };
            out.insert(&d.name, d.shape.clone(), self.store.get(&source)?.values().to_vec())?;
        }
        let about = format!("step = {}\nitem = {:?}\n", self.step, self.generator.item);
        Ok(out.to_safetensors(|_| true, &BTreeMap::from([("ganatomy".to_owned(), about)]))?)
    }

    fn snapshot(&mut self, cpu: &Cpu, drawn: bool) -> Result<Snapshot, TrainError> {
        Snapshot::new(&self.generator, self.averaged, drawn, cpu, &mut self.store)
    }
}

/// Between two points at a share of their angle (Shoemake 1985): keeps the length that Gaussian points have.
fn great_circle(from: &[f32], to: &[f32], share: f32) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let cosine = dot(from, to) / (dot(from, from) * dot(to, to)).sqrt().max(f32::MIN_POSITIVE);
    let angle = cosine.clamp(-1.0, 1.0).acos();
    let (a, b) = if angle < 1e-3 {
        (1.0 - share, share)
    } else {
        (((1.0 - share) * angle).sin() / angle.sin(), (share * angle).sin() / angle.sin())
    };
    from.iter().zip(to).map(|(x, y)| a * x + b * y).collect()
}

impl fmt::Debug for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampler")
            .field("item", &self.generator.item)
            .field("step", &self.step)
            .field("averaged", &self.averaged)
            .finish_non_exhaustive()
    }
}
