//! `ganatomy export`: a generator's weights, for use elsewhere.

use std::path::PathBuf;

use clap::Args;
use ganatomy_record::write_whole;
use ganatomy_tensor::Cpu;
use ganatomy_train::{Registry, Sampler};

use super::chosen::Chosen;
use super::failure::Failure;
use super::import::own;
use super::{places, screen};

/// Write a run's generator to a safetensors file: the weights that `sample` uses.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy export runs/mnist-0 --out generator.safetensors")]
pub(super) struct Export {
    /// The run folder.
    run: PathBuf,
    #[command(flatten)]
    chosen: Chosen,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Take the latest weights rather than their running average.
    #[arg(long)]
    no_ema: bool,
}

impl Export {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        places::check_output(&self.out)?;
        let folder = own(&self.run)?;
        let sampler = Sampler::of(&folder, self.chosen.which(), &Cpu::new(1), !self.no_ema, registry);
        let sampler = sampler.map_err(Failure::request)?;
        screen::warn_of_numbers(sampler.not_finite(), sampler.step());
        let bytes = sampler.export().map_err(Failure::run)?;
        write_whole(&self.out, &bytes).map_err(Failure::request)?;
        screen::print(&format!("{} holds the generator of step {}\n", self.out.display(), sampler.step()))
    }
}
