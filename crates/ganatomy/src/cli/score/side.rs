//! One side of a comparison: where its items come from.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use ganatomy_data::folder::FolderSpec;
use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_data::{BatchKey, DataContext, DataSpec, Dataset, read};
use ganatomy_record::{RecordError, RunFolder, RunSpec, Which, nearest, sum};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Registry, Sampler};
use ganatomy_view::Words;

use super::array::Array;
use super::{Score, Wrong};
use crate::cli::failure::Failure;
use crate::cli::import::own;
use crate::cli::{places, screen};

/// Items that are handed on together.
const CHUNK: usize = 512;
/// The end of the name of a data set's test part.
const HELD_OUT: &str = ":held-out";

/// What a side was asked to be, before images are read.
pub(super) enum Asked {
    /// Known in full.
    Open(Side),
    /// A folder of images, to be read at the size of the other side.
    Images(PathBuf),
}

/// Where items come from.
pub(super) enum Side {
    Run { path: PathBuf, sampler: Box<RefCell<Sampler>>, item: Vec<usize>, step: u64, averaged: bool },
    Set { name: String, split: &'static str, set: Box<dyn Dataset> },
    Array { path: PathBuf, array: Array },
}

/// What opening a side may use.
pub(super) struct Opening<'a> {
    pub score: &'a Score,
    pub registry: &'a Registry,
    pub context: &'a DataContext<'a>,
    pub cpu: &'a Cpu,
}

impl Opening<'_> {
    /// Finds out what is meant, and opens it unless it is a folder of images.
    pub fn ask(&self, text: &str) -> Result<Asked, Failure> {
        let path = Path::new(text);
        if path.is_dir() {
            return match RunFolder::open(path) {
                Ok(_) => Ok(Asked::Open(self.run(path, &own(path)?, Which::Latest)?)),
                Err(RecordError::NotARun { .. }) => Ok(Asked::Images(path.to_owned())),
                Err(error) => Err(Failure::request(error)),
            };
        }
        if let Some((run, which)) = text.rsplit_once('@').filter(|(run, _)| Path::new(run).is_dir()) {
            let which = match which {
                "best" => Which::Best,
                "latest" => Which::Latest,
                step => Which::Step(
                    step.parse().map_err(|_| Failure::request(Wrong::Step { asked: text.to_owned() }))?,
                ),
            };
            let folder = own(Path::new(run))?;
            return Ok(Asked::Open(self.run(Path::new(run), &folder, which)?));
        }
        if let Some((file, name)) = Array::path(text) {
            let array = Array::read(file, name)?;
            return Ok(Asked::Open(Side::Array { path: path.to_owned(), array }));
        }
        self.named(text).map(Asked::Open)
    }

    fn run(&self, path: &Path, folder: &RunFolder, which: Which) -> Result<Side, Failure> {
        let averaged = !self.score.no_ema;
        let sampler =
            Sampler::of(folder, which, self.cpu, averaged, self.registry).map_err(Failure::request)?;
        screen::warn_of_numbers(sampler.not_finite(), sampler.step());
        let (item, step) = (sampler.item_shape().to_vec(), sampler.step());
        Ok(Side::Run {
            path: path.to_owned(),
            sampler: Box::new(RefCell::new(sampler)),
            item,
            step,
            averaged,
        })
    }

    fn named(&self, text: &str) -> Result<Side, Failure> {
        let (name, is_held_out) = match text.strip_suffix(HELD_OUT) {
            Some(name) => (name, true),
            None => (text, false),
        };
        let known: Vec<&str> =
            self.registry.data.iter().map(|row| row.name()).filter(|name| *name != "folder").collect();
        if !known.contains(&name) {
            let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
            let known = known.into_iter().map(str::to_owned).collect();
            return Err(Failure::request(Wrong::Unknown { asked: text.to_owned(), nearest, known }));
        }
        let mut spec = RunSpec::parse("", "--against").map_err(Failure::request)?;
        spec.set(&format!("kind={name}")).map_err(Failure::request)?;
        let context = DataContext {
            data_dir: places::data(self.score.data.as_deref(), None, Some(name)),
            cache_dir: self.context.cache_dir.clone(),
            ..*self.context
        };
        let set = read(&self.registry.data, &mut spec.root()).map_err(Failure::request)?;
        let set = set.build(&context).map_err(Failure::request)?;
        let (set, split) = match is_held_out {
            true => (
                set.held_out().ok_or_else(|| Failure::request(Wrong::NoHeldOut { name: name.to_owned() }))?,
                "held-out",
            ),
            false if set.held_out().is_some() => (set, "training"),
            false => (set, "all"),
        };
        Ok(Side::Set { name: name.to_owned(), split, set })
    }

    /// Reads a folder of images at a size; its sub-folders are classes if they all can be.
    pub fn images(&self, path: &Path, [size, channels]: [usize; 2]) -> Result<Side, Failure> {
        let mut spec = RunSpec::parse("", "the folder").map_err(Failure::request)?;
        let text = toml::Value::String(path.display().to_string());
        let skip = self.score.skip_unreadable;
        for set in [
            format!("path={text}"),
            format!("size={size}"),
            format!("channels={channels}"),
            "labels=true".to_owned(),
            format!("skip_unreadable={skip}"),
        ] {
            spec.set(&set).map_err(Failure::request)?;
        }
        let mut folder = FolderSpec::read(&mut spec.root()).map_err(Failure::request)?;
        folder.labels_if_any = true;
        folder.look.filter = self.score.resize.unwrap_or_default().filter();
        let set = folder.build(self.context).map_err(Failure::request)?;
        Ok(Side::Set { name: path.display().to_string(), split: "all", set })
    }
}

impl Asked {
    /// The shape of an item, where it is known.
    pub fn item(&self) -> Option<&[usize]> {
        match self {
            Asked::Open(side) => Some(side.item()),
            Asked::Images(_) => None,
        }
    }
}

impl Side {
    /// The shape of an item.
    pub fn item(&self) -> &[usize] {
        match self {
            Side::Run { item, .. } => item,
            Side::Set { set, .. } => set.item_shape(),
            Side::Array { array, .. } => &array.item,
        }
    }

    /// How many items there are; nothing where there is no end of them.
    pub fn n_items(&self) -> Option<usize> {
        match self {
            Side::Run { .. } => None,
            Side::Set { set, .. } => set.n_items(),
            Side::Array { array, .. } => Some(array.n),
        }
    }

    /// The data set that it is, if it is a whole one.
    pub fn set(&self) -> Option<&dyn Dataset> {
        match self {
            Side::Set { set, .. } => Some(&**set),
            _ => None,
        }
    }

    /// What it is, in words.
    pub fn said(&self) -> Words {
        match self {
            Side::Run { path, step, averaged, .. } => {
                let weights = match averaged {
                    true => Words::new("averaged where the run has an average", "평균이 있으면 평균 가중치"),
                    false => Words::new("latest weights", "마지막 가중치"),
                };
                let path = path.display();
                Words::of(
                    format!("run {path} at step {step}, {}", weights.en),
                    format!("실행 {path}의 {step}단계, {}", weights.ko),
                )
            }
            Side::Set { name, split, .. } => match *split {
                "all" => Words::both(name.clone()),
                "training" => Words::of(format!("{name}, training part"), format!("{name} 학습 부분")),
                "held-out" => Words::of(format!("{name}, held-out part"), format!("{name} 시험 부분")),
                split => Words::both(format!("{name}, {split} part")),
            },
            Side::Array { path, .. } => Words::both(path.display().to_string()),
        }
    }

    /// The same in a few words: of a path its end.
    pub fn brief(&self) -> Words {
        let end = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        match self {
            Side::Run { path, step, .. } => {
                Words::of(format!("{} at step {step}", end(path)), format!("{} {step}단계", end(path)))
            }
            Side::Set { name, .. } if self.is_folder() => Words::both(end(Path::new(name))),
            Side::Set { .. } => self.said(),
            Side::Array { path, .. } => Words::both(end(path)),
        }
    }

    /// Is it a folder of images?
    pub fn is_folder(&self) -> bool {
        self.set().is_some_and(|set| set.fingerprint().starts_with("folder-"))
    }

    /// Does a generator draw its items?
    pub fn is_run(&self) -> bool {
        matches!(self, Side::Run { .. })
    }

    /// Which part of a data set it is.
    pub fn split(&self) -> &'static str {
        match self {
            Side::Set { split, .. } => split,
            _ => "all",
        }
    }

    /// What its content is known by.
    pub fn hash(&self) -> String {
        match self {
            Side::Run { path, step, .. } => sum(format!("{}@{step}", path.display()).as_bytes()),
            Side::Set { set, .. } => set.fingerprint(),
            Side::Array { array, .. } => array.hash.clone(),
        }
    }

    /// Hands on `n` items, the same for the same seed, a few at a time, with their labels where they have any; no more than
    /// there are.
    pub fn each(
        &self,
        n: usize,
        seed: u64,
        cpu: &Cpu,
        mut take: impl FnMut((&[f32], &[u32])) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self {
            Side::Run { sampler, .. } => {
                for start in (0..n).step_by(CHUNK) {
                    // Chunks have seeds of their own.
                    let seed = Keyed::new(&[seed, purpose("score"), start as u64]).bits() >> 1;
                    let drawn =
                        sampler.borrow_mut().draw(cpu, CHUNK.min(n - start), seed).map_err(Failure::run)?;
                    take((&drawn, &[]))?;
                }
                Ok(())
            }
            Side::Set { set, .. } => each_of_set(&**set, n, seed, take),
            Side::Array { array, .. } => {
                let mut order: Vec<usize> = (0..array.n).collect();
                let mut random = Keyed::new(&[seed, purpose("score")]);
                for i in 0..n {
                    let other = i + random.below((order.len() - i) as u64) as usize;
                    order.swap(i, other);
                }
                for some in order[..n].chunks(CHUNK) {
                    take((&array.items(some)?, &[]))?;
                }
                Ok(())
            }
        }
    }
}

impl Side {
    /// Some of the `n` items of a seed, by their places in their order.
    pub fn pick(&self, n: usize, seed: u64, cpu: &Cpu, wanted: &[usize]) -> Result<Vec<Vec<f32>>, Failure> {
        let size: usize = self.item().iter().product();
        let mut found = vec![Vec::new(); wanted.len()];
        let mut start = 0;
        self.each(n, seed, cpu, |(items, _)| {
            let end = start + items.len() / size.max(1);
            for (place, to) in
                wanted.iter().zip(&mut found).filter(|(place, _)| (start..end).contains(*place))
            {
                to.extend_from_slice(&items[(place - start) * size..][..size]);
            }
            start = end;
            Ok(())
        })?;
        Ok(found)
    }
}

/// Hands on items of a data set: of a finite one each at most once.
fn each_of_set(
    set: &dyn Dataset,
    n: usize,
    seed: u64,
    mut take: impl FnMut((&[f32], &[u32])) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let size: usize = set.item_shape().iter().product();
    let batch = CHUNK.min(n).min(set.n_items().unwrap_or(CHUNK)).max(1);
    let (mut items, mut labels) = (vec![0.0; batch * size], vec![0; batch]);
    for step in 0..n.div_ceil(batch) {
        set.fill(BatchKey { seed, step: step as u64, draw: 0 }, &mut items, &mut labels);
        let some = batch.min(n - step * batch);
        let known = if set.n_classes() > 0 { some } else { 0 };
        take((&items[..some * size], &labels[..known]))?;
    }
    Ok(())
}
