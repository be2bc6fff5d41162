//! Samples that another program has saved as pictures: cut out, stored by step, and held beside each other and the data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use ganatomy_data::folder;
use ganatomy_import::samples::{Pixels, Tiling, pictures, tiling};
use ganatomy_import::{Imported, Unit};
use ganatomy_record::{SampleContent, SampleFile};
use ganatomy_score::Rows;
use ganatomy_score::alike::{between_share, twin_share};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Beside, Registry, averaged};

use super::beside::data;
use crate::cli::failure::Failure;

/// Steps that are read, of more evenly.
const MOST_STEPS: usize = 200;
/// Pictures whose samples' size is guessed, before most of them decide.
const GUESSED: usize = 9;
/// Samples of a step that are held beside each other, and that are stored.
const MOST_SAMPLES: usize = 512;
const MOST_STORED: usize = 64;
/// Bytes of all samples that are stored.
const MOST_BYTES: usize = 64 << 20;
/// Fewer samples of a step say nothing of variety, and fewer than these nothing of the data's bins.
const FEWEST: usize = 4;
const FEWEST_OF_BINS: usize = 36;

/// Pictures of samples beside a log.
#[derive(Debug, Default, Args)]
pub(crate) struct Given {
    /// Read samples too, from pictures whose names or folders hold a step: fakes_epoch_003.png, 00012.png, step_500/7.png; a picture may
    /// be a sheet of many.
    #[arg(long, value_name = "DIR")]
    samples: Option<PathBuf>,
    /// Say how large one sample on a sheet is, in pixels [default: guessed, and said].
    #[arg(long, value_name = "WxH", requires = "samples")]
    tile: Option<Size>,
    /// Hold samples beside the images that were trained on: a folder of them, or a data set's name.
    #[arg(long, value_name = "DATA", requires = "samples")]
    data: Option<String>,
}

/// A width and a height.
#[derive(Clone, Copy, Debug)]
struct Size(usize, usize);

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Size, Self::Err> {
        let side = |text: &str| text.trim().parse().ok().filter(|n| (1..=4096).contains(n));
        let both = text.split_once(['x', 'X']).and_then(|(w, h)| Some(Size(side(w)?, side(h)?)));
        both.ok_or("must be a width and a height from 1 to 4096 pixels, such as 64x64")
    }
}

/// Pictures that cannot be read as samples.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("cannot read the picture {}: {why}", path.display())]
    Unreadable { path: PathBuf, why: String },
    #[error("samples of {w} x {h} pixels do not fill the picture {}, which is {width} x {height}", path.display())]
    Tile { path: PathBuf, w: usize, h: usize, width: usize, height: usize },
    #[error(
        "the pictures of {} hold {n} samples a step, taken for {w} x {h} pixels each; variety needs at least {FEWEST}: if they are sheets, say with --tile WxH how large one sample is",
        folder.display()
    )]
    Few { folder: PathBuf, n: usize, w: usize, h: usize },
}

/// Samples of one step.
struct Step {
    step: u64,
    /// Red, green and blue.
    rgb: Vec<u8>,
    n: usize,
}

impl Given {
    /// The name of an option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        self.samples.as_ref().map(|_| "--samples")
    }

    pub(super) fn folder(&self) -> Option<&PathBuf> {
        self.samples.as_ref()
    }

    /// The options as they were given.
    pub(super) fn words(&self) -> Vec<String> {
        let samples = self.samples.as_ref().map(|folder| folder.display().to_string());
        let tile = self.tile.map(|Size(w, h)| format!("{w}x{h}"));
        let all = [("--samples", samples), ("--tile", tile), ("--data", self.data.clone())];
        all.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?])).flatten().collect()
    }

    /// Adds the samples to a log.
    pub(super) fn add(&self, log: &mut Imported, registry: &Registry) -> Result<(), Failure> {
        let Some(folder) = &self.samples else { return Ok(()) };
        let found = pictures(folder, log).map_err(Failure::request)?;
        if log.formats.is_empty() && found.are_epochs {
            log.unit = Unit::Epoch;
        }
        log.notes.extend(found.notes);
        let steps = evenly(found.steps, MOST_STEPS);
        let sheets = Sheets::of(folder, &steps, self.tile)?;
        log.notes.push(sheets.said(steps.len()));
        let fewest = steps.iter().map(|(_, files)| sheets.n_samples(files)).min().unwrap_or(0);
        let beside = match &self.data {
            Some(name) => {
                Some(self.beside(name, &sheets, fewest.min(MOST_SAMPLES), registry, &mut log.notes)?)
            }
            None => None,
        };
        let kept_steps = (MOST_BYTES / (sheets.n_bytes() * MOST_STORED).max(1)).max(2);
        let stored = evenly((0..steps.len()).collect(), kept_steps);
        let mut series: BTreeMap<String, Vec<(u64, f64)>> = BTreeMap::new();
        for (i, (step, files)) in steps.iter().enumerate() {
            let samples = sheets.read(*step, files)?;
            for (name, value) in sheets.readings(&samples, beside.as_ref())? {
                series.entry(name).or_default().push((*step, value));
            }
            if stored.binary_search(&i).is_ok() {
                log.samples.push(sheets.stored(samples));
            }
        }
        log.sources.push(folder.clone());
        log.formats.push("pictures");
        series.into_iter().for_each(|(name, points)| log.add(&name, points));
        Ok(())
    }

    fn beside(
        &self,
        name: &str,
        sheets: &Sheets,
        fewest: usize,
        registry: &Registry,
        notes: &mut Vec<String>,
    ) -> Result<Beside, Failure> {
        let item = [sheets.size.1, sheets.size.0, sheets.channels()];
        let set = data(name, item, registry)?;
        if fewest < FEWEST_OF_BINS {
            notes.push(format!(
                "of {fewest} samples a step only their distances are held beside the data: {FEWEST_OF_BINS} tell which parts of it they reach"
            ));
        }
        Beside::few(&*set, fewest, &cpu()).map_err(Failure::request)
    }
}

fn cpu() -> Cpu {
    Cpu::new(std::thread::available_parallelism().map_or(1, usize::from))
}

/// At most so many of them, evenly, the first and the last too.
fn evenly<T>(all: Vec<T>, most: usize) -> Vec<T> {
    let n = all.len();
    if n <= most {
        return all;
    }
    let mut wanted = (0..most).map(|i| i * (n - 1) / (most - 1)).peekable();
    all.into_iter().enumerate().filter(|(i, _)| wanted.next_if_eq(i).is_some()).map(|(_, one)| one).collect()
}

/// How samples lie on the pictures of a folder.
struct Sheets {
    /// Of one sample: width and height.
    size: (usize, usize),
    was_said: bool,
    /// Where they lie on a picture, by its size.
    tilings: BTreeMap<(usize, usize), Tiling>,
    n_of_file: usize,
    is_grey: bool,
}

fn open(path: &Path) -> Result<Pixels, Failure> {
    let unreadable = |why| Failure::request(Wrong::Unreadable { path: path.to_owned(), why });
    let (width, height, rgb) = folder::rgb(path).map_err(unreadable)?;
    Ok(Pixels { width, height, rgb })
}

impl Sheets {
    /// Looks at a few pictures.
    fn of(folder: &Path, steps: &[(u64, Vec<PathBuf>)], tile: Option<Size>) -> Result<Sheets, Failure> {
        let some = evenly(steps.iter().map(|(_, files)| &files[0]).collect(), GUESSED);
        let (mut guesses, mut is_grey) = (Vec::<((usize, usize), Tiling)>::new(), true);
        for path in some {
            let picture = open(path)?;
            is_grey &= picture.rgb.chunks_exact(3).all(|rgb| rgb[0] == rgb[1] && rgb[1] == rgb[2]);
            let size = (picture.width, picture.height);
            let found = tiling(&picture, tile.map(|Size(w, h)| (w, h)));
            let wrong = || {
                let Size(w, h) = tile.unwrap_or(Size(0, 0));
                Wrong::Tile { path: path.clone(), w, h, width: size.0, height: size.1 }
            };
            guesses.push((size, found.ok_or_else(|| Failure::request(wrong()))?));
        }
        let times = |tiling: &Tiling| guesses.iter().filter(|one| one.1 == *tiling).count();
        // Of equals the finer one: a picture that is all of one colour looks like one sample.
        let best =
            guesses.iter().max_by_key(|one| (times(&one.1), one.1.corners.len())).map(|one| one.1.clone());
        let best = best.unwrap_or(Tiling { width: 1, height: 1, corners: Vec::new() });
        let size = (best.width, best.height);
        let tilings = guesses.into_iter().filter(|one| (one.1.width, one.1.height) == size);
        let sheets = Sheets {
            size,
            was_said: tile.is_some(),
            n_of_file: best.corners.len(),
            tilings: tilings.collect(),
            is_grey,
        };
        let n = steps.iter().map(|(_, files)| sheets.n_samples(files)).min().unwrap_or(0);
        if n < FEWEST {
            let (w, h) = size;
            return Err(Failure::request(Wrong::Few { folder: folder.to_owned(), n, w, h }));
        }
        Ok(sheets)
    }

    fn said(&self, n_steps: usize) -> String {
        let (w, h) = self.size;
        let each = match self.n_of_file {
            1 => "each picture is one sample".to_owned(),
            n => format!("each picture is a sheet of {n}"),
        };
        let how = if self.was_said { "as --tile says" } else { "as guessed; --tile WxH says otherwise" };
        format!("samples of {n_steps} steps are read: {each}, {w} x {h} pixels, {how}")
    }

    fn n_samples(&self, files: &[PathBuf]) -> usize {
        files.len() * self.n_of_file
    }

    fn channels(&self) -> usize {
        if self.is_grey { 1 } else { 3 }
    }

    /// Bytes of a sample.
    fn n_bytes(&self) -> usize {
        self.size.0 * self.size.1 * self.channels()
    }

    /// The samples of a step.
    fn read(&self, step: u64, files: &[PathBuf]) -> Result<Step, Failure> {
        let (mut rgb, mut n) = (Vec::new(), 0);
        for path in evenly(files.iter().collect(), MOST_SAMPLES.div_ceil(self.n_of_file.max(1)).max(2)) {
            let picture = open(path)?;
            let known = self.tilings.get(&(picture.width, picture.height)).cloned();
            let found = known.or_else(|| tiling(&picture, Some(self.size)));
            let ((w, h), (width, height)) = (self.size, (picture.width, picture.height));
            let wrong = || Failure::request(Wrong::Tile { path: path.clone(), w, h, width, height });
            let found = found.ok_or_else(wrong)?;
            rgb.extend(picture.cut(&found));
            n += found.corners.len();
        }
        n = n.min(MOST_SAMPLES);
        rgb.truncate(3 * self.size.0 * self.size.1 * n);
        Ok(Step { step, rgb, n })
    }

    fn pixels(&self, samples: &Step) -> Vec<u8> {
        if self.is_grey { samples.rgb.iter().step_by(3).copied().collect() } else { samples.rgb.clone() }
    }

    /// What is worked out of them.
    fn readings(&self, samples: &Step, beside: Option<&Beside>) -> Result<Vec<(String, f64)>, Failure> {
        let items: Vec<f32> =
            self.pixels(samples).into_iter().map(|value| f32::from(value) / 127.5 - 1.0).collect();
        let small = averaged(&items, &[self.size.1, self.size.0, self.channels()]);
        let rows = Rows::new(&small, small.len() / samples.n.max(1)).map_err(Failure::request)?;
        // Samples that are all of one colour are alike.
        let own = [
            ("samples/between_share", Some(between_share(rows).unwrap_or(0.0))),
            ("samples/twin_share", twin_share(rows)),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let is_told = |name: &str| match name {
            "samples/diversity" | "samples/nearer" => true,
            "samples/bins_held" => samples.n >= FEWEST_OF_BINS,
            _ => false,
        };
        let beside = match beside {
            Some(beside) => beside.read(&items, &cpu()).map_err(Failure::request)?,
            None => Vec::new(),
        };
        Ok(own.chain(beside.into_iter().filter(|(name, _)| is_told(name))).collect())
    }

    fn stored(&self, samples: Step) -> SampleFile {
        let n = samples.n.min(MOST_STORED);
        let mut pixels = self.pixels(&samples);
        pixels.truncate(n * self.n_bytes());
        let ((width, height), channels) = (self.size, self.channels());
        let content = SampleContent::Images { n, height, width, channels, pixels, real: Vec::new() };
        SampleFile { step: samples.step, content }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_taken_evenly_with_both_ends() {
        assert_eq!(evenly((0..10).collect(), 4), [0, 3, 6, 9]);
        assert_eq!(evenly(vec![1, 2], 4), [1, 2]);
    }

    #[test]
    fn a_size_is_two_numbers() {
        assert!(matches!("64x32".parse(), Ok(Size(64, 32))));
        assert!(["64", "0x4", "ax4", "9999x9"].iter().all(|text| text.parse::<Size>().is_err()));
    }
}
