//! `ganatomy sample`: draws from a trained generator.

use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_record::{NpyData, RecordError, RunFolder, SampleContent, SampleFile, write_npy, write_whole};
use ganatomy_tensor::{ByteCount, Cpu};
use ganatomy_train::{Registry, Sampler, available_bytes};
use ganatomy_view::{Picture, Scatter, Sheet, ViewError, grid, scatter};

use super::failure::Failure;
use super::screen;
use super::text::{at_least_one, counted, whole_number};

/// Draw samples from a run's latest checkpoint: a sheet of images, a scatter plot of points, or a NumPy array.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy sample runs/mnist-0 --n 64 --out digits.png\n\n\
    A .npy file holds [n, height, width, channels] numbers in [-1, 1], or [n, 2] coordinates.")]
pub(super) struct Sample {
    /// The run folder.
    run: PathBuf,
    /// The file to write, .png or .npy.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How many samples.
    #[arg(long, value_name = "N", default_value_t = 64, allow_negative_numbers = true, value_parser = at_least_one)]
    n: u64,
    /// The same seed draws the same samples.
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = whole_number)]
    seed: u64,
    /// Use the latest weights rather than their running average.
    #[arg(long)]
    no_ema: bool,
    /// Walk along each row from one latent point to another; needs a square number of samples.
    #[arg(long)]
    interpolate: bool,
}

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Png,
    Npy,
}

#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("samples are written as .png or .npy, found --out {}", out.display())]
    Format { out: PathBuf },
    #[error("--interpolate fills a square sheet, so --n must be a square number such as 64, found {n}")]
    Square { n: u64 },
    #[error("--n {n} samples need about {} of memory and {} are free; ask for fewer", ByteCount(*needed), ByteCount(*free))]
    Memory { n: u64, needed: u64, free: u64 },
}

impl Sample {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let format = format(&self.out).map_err(Failure::request)?;
        let side = self.n.isqrt();
        if self.interpolate && side * side != self.n {
            return Err(Failure::request(Wrong::Square { n: self.n }));
        }
        let folder = RunFolder::open(&self.run).map_err(Failure::request)?;
        let cpu = Cpu::new(std::thread::available_parallelism().map_or(1, usize::from));
        let sampler = Sampler::with_registry(&folder, &cpu, !self.no_ema, registry);
        let mut sampler = sampler.map_err(Failure::request)?;
        self.afford(&sampler).map_err(Failure::request)?;
        let (n, side) = (self.n as usize, side as usize);
        let drawn = match self.interpolate {
            true => sampler.interpolate(&cpu, side, side, self.seed),
            false => sampler.draw(&cpu, n, self.seed),
        };
        let values = drawn.map_err(Failure::run)?;
        let shape = sampler.item_shape();
        match format {
            Format::Npy => {
                let shape: Vec<usize> = std::iter::once(n).chain(shape.iter().copied()).collect();
                write_npy(&self.out, &shape, NpyData::F32(&values)).map_err(Failure::request)?;
            }
            Format::Png => {
                let png = picture(&folder, shape, &values).and_then(|picture| picture.to_png());
                write_whole(&self.out, &png.map_err(Failure::request)?).map_err(Failure::request)?;
            }
        }
        let samples = counted(self.n, "sample");
        screen::print(&format!("{} holds {samples} of step {}\n", self.out.display(), sampler.step()))
    }
}

impl Sample {
    /// Refuses more samples than there is memory for.
    fn afford(&self, sampler: &Sampler) -> Result<(), Wrong> {
        let item: usize = sampler.item_shape().iter().product();
        // Sheets of images: their numbers, their bytes, and the picture of those twice. Arrays: the numbers and the file.
        let each = (2 * size_of::<f32>() * (item + self.latent_len(sampler))) as u64;
        let needed = self.n.saturating_mul(each);
        match available_bytes() {
            Some(free) if needed > free => Err(Wrong::Memory { n: self.n, needed, free }),
            _ => Ok(()),
        }
    }

    fn latent_len(&self, sampler: &Sampler) -> usize {
        if self.interpolate { sampler.z_dims() } else { 0 }
    }
}

fn format(out: &Path) -> Result<Format, Wrong> {
    match out.extension().map(|end| end.to_ascii_lowercase()) {
        Some(end) if end == "png" => Ok(Format::Png),
        Some(end) if end == "npy" => Ok(Format::Npy),
        _ => Err(Wrong::Format { out: out.to_owned() }),
    }
}

/// A sheet of images; or points, with the real ones the run has stored behind them.
fn picture(folder: &RunFolder, shape: &[usize], values: &[f32]) -> Result<Picture, ViewError> {
    if let [height, width, channels] = *shape {
        let pixels: Vec<u8> = values.iter().map(|value| ((value + 1.0) * 127.5).round() as u8).collect();
        let n = values.len() / (height * width * channels).max(1);
        return grid(&Sheet { n, height, width, channels, pixels: &pixels });
    }
    let generated: Vec<[f32; 2]> = values.as_chunks().0.to_vec();
    let real = real_points(folder)?;
    scatter(&Scatter { title: "samples", real: &real, generated: &generated, surface: None, extent: None })
}

fn real_points(folder: &RunFolder) -> Result<Vec<[f32; 2]>, RecordError> {
    let latest = SampleFile::list(folder)?.pop();
    Ok(match latest.map(|path| SampleFile::read(&path)).transpose()?.map(|file| file.content) {
        Some(SampleContent::Points { real, .. }) => real,
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_is_the_format() {
        let check = |out: &str, expected| assert_eq!(format(Path::new(out)).ok(), expected, "{out}");
        check("a.png", Some(Format::Png));
        check("a/b.NPY", Some(Format::Npy));
        check("a.jpg", None);
        check("png", None);
    }
}
