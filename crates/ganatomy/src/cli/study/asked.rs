//! A study as the command line asks for it: its file, its size, its data and its place.

use std::path::PathBuf;

use clap::Args;
use ganatomy_study::{Expanded, Ground, Study, file};
use ganatomy_train::{Registry, recipe};

use super::failed;
use crate::cli::failure::Failure;
use crate::cli::places;
use crate::cli::screen::Screen;
use crate::cli::sink::Waiting;

/// The study.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The study's file; `ganatomy study init` writes one.
    file: PathBuf,
    /// The size of the study: a table [size.NAME] of its file, laid over the rest.
    #[arg(long, value_name = "NAME")]
    size: Option<String>,
    /// The folder of the data.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Asked {
    /// Reads the study and plans every configuration.
    pub(super) fn expand(&self, registry: &Registry, screen: &Screen) -> Result<Expanded, Failure> {
        let study =
            Study::new(file::read(&self.file, self.size.as_deref()).map_err(failed)?).map_err(failed)?;
        let ground = Ground { registry, data: self.data_of(&study), cache: places::cache() };
        let _shown = Waiting::new(screen, "planning every configuration");
        Expanded::new(study, &ground).map_err(failed)
    }

    /// The folder of the data that the study's arms read.
    pub(super) fn data_of(&self, study: &Study) -> Option<PathBuf> {
        let kind = study.arms.first().and_then(|arm| recipe::text_at(&arm.spec, &["data", "kind"]));
        places::data(self.data.as_deref(), None, kind.as_deref())
    }
}
