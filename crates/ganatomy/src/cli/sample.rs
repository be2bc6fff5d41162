//! `ganatomy sample`: draws from a trained generator.

mod draw;
mod labels;

use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_record::{NpyData, write_npy, write_whole};
use ganatomy_tensor::{ByteCount, Cpu};
use ganatomy_train::{Registry, Sampler, Samples, available_bytes};

use super::chosen::Chosen;
use super::failure::Failure;
use super::import::own;
use super::text::{at_least_one, counted, whole_number};
use super::{places, screen};

/// Draw samples from one of a run's checkpoints: a sheet of images, a scatter plot of points, or a NumPy array.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy sample runs/mnist-0 --n 64 --out digits.png\n\n\
    A .npy file holds [n, height, width, channels] numbers in [-1, 1], or [n, 2] coordinates. Beside the samples of a \
    class-conditional run, FILE.labels.npy holds the number of each sample's class.")]
pub(super) struct Sample {
    /// The run folder.
    run: PathBuf,
    #[command(flatten)]
    chosen: Chosen,
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
    /// Only this class, by its name or its number; for runs with remedies.class-conditioning.
    #[arg(long, value_name = "NAME")]
    class: Option<String>,
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
        places::check_output(&self.out)?;
        let side = self.n.isqrt();
        if self.interpolate && side * side != self.n {
            return Err(Failure::request(Wrong::Square { n: self.n }));
        }
        let folder = own(&self.run)?;
        let cpu = Cpu::new(std::thread::available_parallelism().map_or(1, usize::from));
        let sampler = Sampler::of(&folder, self.chosen.which(), &cpu, !self.no_ema, registry);
        let mut sampler = sampler.map_err(Failure::request)?;
        self.afford(&sampler).map_err(Failure::request)?;
        let class = self.class.as_ref().map(|class| sampler.class(class)).transpose();
        let class = class.map_err(Failure::request)?;
        screen::warn_of_numbers(sampler.not_finite(), sampler.step());
        let (n, side) = (self.n as usize, side as usize);
        let drawn = match self.interpolate {
            true => sampler.interpolate_of(&cpu, side, side, self.seed, class),
            false => sampler.draw_of(&cpu, n, self.seed, class),
        };
        let Samples { items: values, classes } = drawn.map_err(Failure::run)?;
        let shape = sampler.item_shape();
        match format {
            Format::Npy => {
                let shape: Vec<usize> = std::iter::once(n).chain(shape.iter().copied()).collect();
                write_npy(&self.out, &shape, NpyData::F32(&values)).map_err(Failure::request)?;
                labels::write(&self.out, &classes).map_err(Failure::request)?;
            }
            Format::Png => {
                let row = self.interpolate.then_some(side);
                let png = draw::picture(&folder, shape, &values, row).and_then(|picture| picture.to_png());
                write_whole(&self.out, &png.map_err(Failure::request)?).map_err(Failure::request)?;
            }
        }
        let samples = counted(self.n, "sample");
        let said = labels::said(&self.out, format == Format::Npy, class, sampler.class_names());
        screen::print(&format!("{} holds {samples} of step {}{said}\n", self.out.display(), sampler.step()))
    }
}

impl Sample {
    /// Refuses more samples than there is memory for.
    fn afford(&self, sampler: &Sampler) -> Result<(), Wrong> {
        let item: usize = sampler.item_shape().iter().product();
        let latent = if self.interpolate { sampler.z_dims() } else { 0 };
        // The numbers, and what is made of them: the file's bytes, or a sheet of pixels.
        let each = (2 * size_of::<f32>()) as u64 * (item + latent) as u64;
        let needed = self.n.saturating_mul(each);
        match available_bytes() {
            Some(free) if needed > free => Err(Wrong::Memory { n: self.n, needed, free }),
            _ => Ok(()),
        }
    }
}

fn format(out: &Path) -> Result<Format, Wrong> {
    match out.extension().map(|end| end.to_ascii_lowercase()) {
        Some(end) if end == "png" => Ok(Format::Png),
        Some(end) if end == "npy" => Ok(Format::Npy),
        _ => Err(Wrong::Format { out: out.to_owned() }),
    }
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
