//! A trained generator, from a run folder and without its data.

use std::fmt;

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_game::average;
use ganatomy_game::game::Generator;
use ganatomy_record::{RecordError, RunFolder, RunSpec, SpecError, Which};
use ganatomy_tensor::{Cpu, Key, Store, StoreError};

use crate::checkpoint::{CheckpointError, Description, about, checksum, load};
use crate::error::TrainError;
use crate::plan::parts::{Facts, GameParts};
use crate::programs::KEPT;
use crate::registry::{DuplicateName, Registry};
use crate::snapshot::{Samples, Snapshot};

/// A generator that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
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
    /// A class that is asked of a generator which is given none.
    #[error(
        "this generator is given no class, so none can be asked for; remedies.class-conditioning gives it one"
    )]
    NoClasses,
    /// A class that the run does not know.
    #[error("there is no class {asked:?}; the classes are {}", listed(known))]
    Class {
        /// What was asked for.
        asked: String,
        /// The names of the classes, in the order of their numbers.
        known: Vec<String>,
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
    class_names: Vec<String>,
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
        Sampler::of(folder, Which::Latest, cpu, averaged, registry)
    }

    /// The generator of any of a run's checkpoints.
    ///
    /// # Errors
    /// As [`Sampler::open`], and a checkpoint that the run does not have.
    pub fn of(
        folder: &RunFolder,
        which: Which,
        cpu: &Cpu,
        averaged: bool,
        registry: &Registry,
    ) -> Result<Sampler, SampleError> {
        registry.check()?;
        let file = which.of(folder)?;
        let mut store = Store::new();
        let description = load(&file, &mut store)?;
        let plan = RunSpec::parse(
            &folder.plan()?.to_string(),
            &folder.path().join("plan.toml").display().to_string(),
        )?;
        let mut root = plan.root();
        let batch = root.count("batch", "items a player sees in one move", 128, 2..=1 << 20)? as usize;
        let parts = GameParts::read(&mut root, registry)?;
        let Description { item, n_classes, class_names, class_shares, step, .. } = description;
        let facts = Facts { item: &item, n_classes, class_shares: &class_shares, batch };
        let generator = parts.build(&plan, &facts)?.generator;
        let averaged = averaged && store.iter().any(|(name, _)| name.starts_with("average."));
        // Checkpoints of before there were names have numbers alone.
        let named = |class: usize| class_names.get(class).cloned().unwrap_or_else(|| class.to_string());
        let class_names = (0..generator.n_classes).map(named).collect();
        let mut sampler = Sampler { generator, store, averaged, step, class_names };
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

    /// The names of the classes that the generator may be asked for, in the order of their numbers; none where it is given none.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// The number of a class that is asked for by its name or number; a name counts first.
    ///
    /// # Errors
    /// [`SampleError::NoClasses`] and [`SampleError::Class`].
    pub fn class(&self, asked: &str) -> Result<u32, SampleError> {
        let known = &self.class_names;
        if known.is_empty() {
            return Err(SampleError::NoClasses);
        }
        let number = || asked.parse().ok().filter(|number| *number < known.len());
        let found = known.iter().position(|name| name == asked).or_else(number);
        let unknown = || SampleError::Class { asked: asked.to_owned(), known: known.clone() };
        found.map(|class| class as u32).ok_or_else(unknown)
    }

    fn check_class(&self, class: Option<u32>) -> Result<(), SampleError> {
        let known = &self.class_names;
        match class {
            Some(_) if known.is_empty() => Err(SampleError::NoClasses),
            Some(class) if class as usize >= known.len() => {
                Err(SampleError::Class { asked: class.to_string(), known: known.clone() })
            }
            _ => Ok(()),
        }
    }

    /// `n` items from latent points drawn by `seed`.
    ///
    /// # Shapes
    /// - output: `[n, ..item]`, images in `[-1, 1]`, row-major
    ///
    /// # Errors
    /// Tensors that do not fit the generator.
    pub fn draw(&mut self, cpu: &Cpu, n: usize, seed: u64) -> Result<Vec<f32>, SampleError> {
        Ok(self.draw_of(cpu, n, seed, None)?.items)
    }

    /// As [`Sampler::draw`], with the classes of the items, which are all one where one is asked for.
    ///
    /// # Errors
    /// As [`Sampler::draw`], and a class that the generator cannot be asked for.
    pub fn draw_of(
        &mut self,
        cpu: &Cpu,
        n: usize,
        seed: u64,
        class: Option<u32>,
    ) -> Result<Samples, SampleError> {
        self.check_class(class)?;
        let mut snapshot = self.snapshot(cpu, true)?;
        Ok(snapshot.draw_of(cpu, &mut self.store, n, Key { seed, step: 0 }, class)?)
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
        Ok(self.made_of(cpu, images, latent, &[])?.items)
    }

    fn made_of(
        &mut self,
        cpu: &Cpu,
        images: &[f32],
        latent: &[f32],
        classes: &[u32],
    ) -> Result<Samples, SampleError> {
        let check = |what, found: usize, wanted: usize| match found == wanted {
            true => Ok(()),
            false => Err(SampleError::Length { what, wanted, found }),
        };
        let (z_dims, width) = (self.generator.noise.z_dims, self.given_len());
        let n = latent.len() / z_dims;
        check("latent points", latent.len(), n * z_dims)?;
        check("the images that are given", images.len(), n * width)?;
        let mut snapshot = self.snapshot(cpu, false)?;
        Ok(snapshot.given(cpu, &mut self.store, images, latent, classes)?)
    }

    fn given_len(&self) -> usize {
        self.generator.given_shape().map_or(0, |shape| shape.iter().product())
    }

    /// Rows of items, each of which walks from one latent point to another: on a great circle where points are normal, straight
    /// where they are uniform. A generator that is given images or classes is given one a row.
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
        Ok(self.interpolate_of(cpu, rows, columns, seed, None)?.items)
    }

    /// As [`Sampler::interpolate`], with the classes of the items: where none is asked for, each row has the class that follows
    /// the one of the row before.
    ///
    /// # Errors
    /// As [`Sampler::draw_of`].
    pub fn interpolate_of(
        &mut self,
        cpu: &Cpu,
        rows: usize,
        columns: usize,
        seed: u64,
        class: Option<u32>,
    ) -> Result<Samples, SampleError> {
        self.check_class(class)?;
        let z_dims = self.generator.noise.z_dims;
        let mut random = Keyed::new(&[seed, purpose("interpolate")]);
        let mut latent = Vec::with_capacity(rows * columns * z_dims);
        for _ in 0..rows {
            let mut point =
                || (0..z_dims).map(|_| self.generator.noise.draw_one(&mut random)).collect::<Vec<f32>>();
            let (from, to) = (point(), point());
            for column in 0..columns {
                let share = column as f32 / (columns.max(2) - 1) as f32;
                latent.extend(self.generator.noise.between(&from, &to, share));
            }
        }
        let kept = self.kept().chunks(self.given_len().max(1)).cycle().take(rows);
        let images: Vec<f32> = kept.flat_map(|image| image.repeat(columns)).collect();
        let n_classes = self.class_names.len();
        let of_row = |row: usize| class.unwrap_or((row % n_classes.max(1)) as u32);
        let classes: Vec<u32> = (0..rows).flat_map(|row| vec![of_row(row); columns]).collect();
        self.made_of(cpu, &images, &latent, &classes)
    }

    /// The first of the generator's tensors that holds numbers which are not finite, if one does.
    pub fn not_finite(&self) -> Option<String> {
        let names = self.generator.model.player.declared.iter().map(|d| self.source(&d.name));
        let broken = |name: &String| {
            self.store.get(name).is_ok_and(|array| array.values().iter().any(|x| !x.is_finite()))
        };
        names.into_iter().find(broken)
    }

    /// Where the store has one of the generator's tensors.
    fn source(&self, name: &str) -> String {
        if self.averaged { average::name(name) } else { name.to_owned() }
    }

    /// The generator's tensors as the bytes of a safetensors file, under its own names. Its description ends with the SHA-256
    /// of the description before it and of every tensor in the order of names: name, shape and little-endian numbers.
    ///
    /// # Errors
    /// A tensor that the checkpoint lacks.
    pub fn export(&self) -> Result<Vec<u8>, SampleError> {
        let mut out = Store::<f32>::new();
        for d in &self.generator.model.player.declared {
            out.insert(&d.name, d.shape.clone(), self.store.get(&self.source(&d.name))?.values().to_vec())?;
        }
        let text = format!("step = {}\nitem = {:?}\n", self.step, self.generator.item);
        Ok(out.to_safetensors(|_| true, &about(&text, &checksum(&text, &out, |_| true)))?)
    }

    fn snapshot(&mut self, cpu: &Cpu, drawn: bool) -> Result<Snapshot, TrainError> {
        Snapshot::new(&self.generator, self.averaged, drawn, cpu, &mut self.store)
    }
}

/// Names in one line, the first of many.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).enumerate().map(|(i, name)| format!("{i} {name:?}"));
    let more = if names.len() > MOST_NAMES { ", ..." } else { "" };
    format!("{}{more}", shown.collect::<Vec<_>>().join(", "))
}

/// Names of classes that a message shows.
const MOST_NAMES: usize = 20;

impl fmt::Debug for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampler")
            .field("item", &self.generator.item)
            .field("step", &self.step)
            .field("averaged", &self.averaged)
            .finish_non_exhaustive()
    }
}
